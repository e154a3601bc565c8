import type { AppError } from '../../../contract/errors.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import { BatchBuilder } from '../../../core/inventory/batch-builder.ts';
import { createCallLimit } from '../../../core/listing/call-limit.ts';
import { LISTED_DETAILS } from '../../../core/listing/list-page.ts';
import { openIndex } from '../../index/reader.ts';
import type { SourceOutcome } from '../../index/snapshot-meta.ts';
import type { S3Connection } from '../../s3/client.ts';
import { attempt, isRightMissing } from '../../s3/errors.ts';
import { USUAL_TUNING } from '../../s3/guard.ts';
import type { OpenSource, ReadOptions } from '../source.ts';
import { coveredBy, crawl, type DoneBy } from './crawl.ts';
import { type Journal, openJournal } from './journal.ts';
import { Patience } from './patience.ts';
import { listUploads } from './uploads.ts';

/** Beyond this one bucket gains nothing, and this machine's memory is taken up by answers that wait. */
const MOST_CALLS = 128;

/** Failed calls are repeated by the crawl, which sees every refusal and slows down for all. */
export const LISTING_TUNING = { ...USUAL_TUNING, maxAttempts: 1, connections: MOST_CALLS };

/** What every listing tells, by S3 Inventory's names. */
const LISTED = ['Bucket', 'Key', 'Size', 'LastModifiedDate', 'ETag', 'StorageClass', 'ChecksumAlgorithm'];

export interface ListingWanted {
  readonly bucket: string;
  readonly prefix: string;
  readonly currentOnly: boolean;
}

/**
 * Opens a live listing: asks whether the bucket keeps versions, then lists versions and delete markers (ListObjectVersions)
 * or, in a bucket that never kept any, its objects (ListObjectsV2), and its incomplete multipart uploads. Where the question
 * itself is denied, a listing of versions serves either kind. `connection` was made with LISTING_TUNING.
 */
export async function openListing(
  connection: S3Connection,
  wanted: ListingWanted,
  asOfMs: number,
  signal: AbortSignal,
): Promise<Result<OpenSource>> {
  const { client, sdk, endpoint } = connection;
  const { bucket, prefix, currentOnly } = wanted;
  const patience = new Patience(createCallLimit(MOST_CALLS, Math.random), signal);
  let denied: AppError | undefined;
  let byVersion = false;
  if (!currentOnly) {
    const versioning = await patience.insist(() =>
      attempt({ name: 'GetBucketVersioning', bucket, endpoint }, () =>
        client.send(new sdk.GetBucketVersioningCommand({ Bucket: bucket }), { abortSignal: signal }),
      ),
    );
    if (!versioning.ok && !isRightMissing(versioning.error)) return versioning;
    if (!versioning.ok) denied = versioning.error;
    // "Suspended" still holds the versions of before.
    byVersion = !versioning.ok || versioning.value.Status !== undefined;
  }

  let journal: Journal | null = null;
  let done: DoneBy = new Map();
  let hints: readonly Uint8Array[] = [];
  return ok({
    bucket,
    source: `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}`,
    sourceKind: 'listing',
    get asOfMs() {
      return journal?.beganMs ?? asOfMs;
    },
    manifestMd5: null,
    // A bucket that never kept versions has nothing a listing of its objects would leave out.
    allVersions: !currentOnly,
    region: endpoint === null ? connection.region : null,
    isSample: false,
    fields: byVersion ? [...LISTED, 'VersionId', 'IsLatest', 'IsDeleteMarker', 'ObjectOwner'] : LISTED,
    prefix,
    prepare(indexPath) {
      const identity = { kind: byVersion ? 'versions' : currentOnly ? 'current' : 'objects', endpoint, bucket, prefix };
      const opened = openJournal(indexPath, identity, asOfMs);
      if (!opened.ok) return opened;
      journal = opened.value;
      hints = hintsOf(indexPath, bucket);
      const covered = coveredBy(journal);
      done = covered ?? new Map();
      return covered === null ? journal.restart(asOfMs) : ok(undefined);
    },
    async read(options) {
      const read = await readAll({ connection, wanted, byVersion, journal, done, hints }, options);
      if (read.ok) return read;
      if (denied !== undefined && isRightMissing(read.error)) return err(denied);
      return journal === null ? read : err(resumable(read.error));
    },
    settled: () => journal?.remove(),
    close() {
      journal?.close();
      connection.close();
    },
  });
}

/** Where keys lay when the bucket was last indexed here; nothing where that cannot be told. */
function hintsOf(indexPath: string, bucket: string): readonly Uint8Array[] {
  const reader = openIndex(indexPath);
  const last = reader.ok ? reader.value.snapshots().find((snapshot) => snapshot.bucket === bucket) : undefined;
  if (!reader.ok || last === undefined) return [];
  const keys = reader.value.sampleKeys(last.snapshotId, Math.min(MOST_HINTS, Math.floor(last.rows / ROWS_OF_A_HINT)));
  return keys.ok ? keys.value : [];
}
const MOST_HINTS = 96;
/** Fewer rows than this between two cuts cost more calls than they save time. */
const ROWS_OF_A_HINT = 4_000;

const resumable = (error: AppError): AppError =>
  error.code === 'Cancelled' || error.retryable
    ? { ...error, next: 'Run the same scan again: it goes on where this one stopped.' }
    : { ...error, next: `${error.next} The same scan then goes on where this one stopped.` };

/** Failures of the moment: the scan fails too, and goes on when it is run again. */
const COMES_BACK: ReadonlySet<string> = new Set(['Cancelled', 'Throttled', 'RemoteTimeout', 'EndpointUnreachable']);

interface Listing {
  readonly connection: S3Connection;
  readonly wanted: ListingWanted;
  readonly byVersion: boolean;
  readonly journal: Journal | null;
  readonly done: DoneBy;
  readonly hints: readonly Uint8Array[];
}

async function readAll(
  { connection, wanted, byVersion, journal, done, hints }: Listing,
  options: ReadOptions,
): Promise<Result<SourceOutcome>> {
  const { bucket, prefix, currentOnly } = wanted;
  const { signal, onBatch, progress } = options;
  const patience = new Patience(createCallLimit(MOST_CALLS, Math.random), signal);
  const phase = byVersion ? 'Listing versions' : 'Listing objects';
  const crawled = await crawl(
    {
      connection,
      bucket,
      byVersion,
      builder: new BatchBuilder(LISTED_DETAILS),
      journal,
      hints,
      patience,
      signal,
      onBatch,
      onProgress: (rows, inFlight) => progress({ phase, done: rows, current: `${inFlight} calls at once` }),
    },
    prefix,
    done,
  );
  if (!crawled.ok) return crawled;
  const onProgress = (uploads: number) => progress({ phase: 'Listing incomplete uploads', done: uploads });
  const uploads = await listUploads({ connection, bucket, prefix, patience, signal, onProgress });
  // Not every right goes so far, and not every server: then nobody knows, which is said.
  if (!uploads.ok && COMES_BACK.has(uploads.error.code)) return uploads;
  const { refused, coverage } = crawled.value;
  const warnings = [
    ...(journal?.isResumed ? [`The listing was broken off and taken up again: it began ${new Date(journal.beganMs).toISOString()}.`] : []),
    ...refused.map((one) => `Access was denied below "${one}": what lies there is not in the snapshot.`),
    ...(currentOnly ? ['Only current objects were listed: noncurrent versions and delete markers are not known.'] : []),
    ...(uploads.ok ? [] : [`Incomplete multipart uploads are not known: ${uploads.error.message}`]),
  ];
  return ok({ coverage, warnings, refusedPrefixes: refused, ...(uploads.ok ? { uploads: uploads.value } : {}) });
}
