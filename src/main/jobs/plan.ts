import type { JobOperation, JobPlan, JobSelection, Place } from '../../contract/batch-job.ts';
import { appError } from '../../contract/errors.ts';
import type { Snapshot } from '../../contract/index-views.ts';
import type { Limits } from '../../contract/plan.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { jobCost } from '../../core/jobs/cost.ts';
import { jobPhrase } from '../../core/jobs/words.ts';
import type { OperationPrices } from '../../core/price/operation-prices.ts';
import type { PriceList } from '../../core/price/price-book.ts';
import { formatMoney } from '../../core/report/format.ts';
import { seal } from '../apply/seal.ts';
import type { IndexReader } from '../index/reader.ts';
import { MANIFEST_SUFFIX } from '../s3/control.ts';
import { writeManifest } from './manifest.ts';

const HOUR_MS = 3_600_000;

export interface JobOrder {
  readonly reader: IndexReader;
  readonly snapshot: Snapshot;
  readonly bucket: string;
  readonly account: string;
  readonly region: string;
  readonly endpoint: string | null;
  /** Whose the buckets of list and report are expected to be. */
  readonly owner: string;
  readonly operation: JobOperation;
  readonly selection: JobSelection;
  readonly roleArn: string;
  readonly manifestPlace: Place;
  readonly reportPlace: Place;
  readonly scope: 'AllTasks' | 'FailedTasksOnly';
  readonly priority: number;
  readonly expiresInHours: number;
  readonly manifestFile: string;
  readonly author: JobPlan['author'];
  readonly limits: Limits;
  readonly engineVersion: string;
  readonly now: Date;
  readonly operations: OperationPrices;
  readonly list: PriceList;
  readonly signal: AbortSignal;
}

function warningsOf({ snapshot, bucket, operation, selection, now }: JobOrder, withVersion: boolean): string[] {
  const warnings: string[] = [];
  if (operation.kind === 'tag') {
    warnings.push('Tagging replaces every tag an object has: what is not named here is gone, and a rule that asks for it matches no more.');
  }
  if (operation.kind === 'untag') warnings.push('Rules that ask for a tag match these objects no more.');
  if (operation.kind === 'retain' && operation.mode === 'COMPLIANCE') {
    warnings.push('Under COMPLIANCE nobody can shorten or lift the retention, and every day of it is paid for.');
  }
  if (operation.kind === 'retain' && Date.parse(operation.until) <= now.getTime())
    warnings.push('The retention would end before it begins.');
  if (!withVersion) {
    warnings.push('The list has no version ids: the job acts on whatever is latest when it runs, also on what was written since.');
  } else if (selection.versions === 'current') {
    warnings.push('The list names versions: what was overwritten since is acted on as the version it was.');
  }
  if (snapshot.isSample) warnings.push('The snapshot is the built-in sample: its keys are in no bucket.');
  if (snapshot.bucket !== bucket) warnings.push(`The snapshot is of bucket "${snapshot.bucket}", not of "${bucket}".`);
  const ageHours = Math.floor((now.getTime() - Date.parse(snapshot.asOf)) / HOUR_MS);
  if (ageHours > 48) warnings.push(`The snapshot is ${Math.floor(ageHours / 24)} days old: what was deleted since fails as a task.`);
  return warnings;
}

/** Writes the list and says what the job would do and cost. Sends nothing. */
export function planJob(order: JobOrder): Result<JobPlan> {
  const { snapshot, selection, operation, bucket, manifestPlace, now } = order;
  if (selection.versions !== 'current' && !snapshot.allVersions) {
    return err(
      appError('ColumnMissing', 'The snapshot lists current versions only, so noncurrent ones cannot be chosen.', { field: 'versions' }),
    );
  }
  if (!manifestPlace.key.endsWith(MANIFEST_SUFFIX)) {
    return err(appError('Usage', `The name of the list has to end in "${MANIFEST_SUFFIX}".`, { field: 'manifestPlace' }));
  }
  // A list has version ids in every line or in none (s3-domain 5.4): with versions known, naming them keeps the job to what was reviewed.
  const withVersion = snapshot.allVersions;
  const written = writeManifest({
    reader: order.reader,
    snapshotId: snapshot.snapshotId,
    bucket,
    selection,
    operation,
    withVersion,
    file: order.manifestFile,
    signal: order.signal,
  });
  if (!written.ok) return written;
  const { rows, sizeBytes, md5, sha256, versions, bytes, byClass } = written.value;
  if (rows === 0) {
    return err(
      appError('NothingChosen', `Nothing under "${selection.prefix}" is such that the job could act on it.`, { field: 'selection' }),
    );
  }
  const money = jobCost(operation, byClass, order.operations, order.list);
  const limit = order.limits.approveAboveNanoUsd;
  const isAbove = limit !== null && (money.totalNanoUsd === null || BigInt(money.totalNanoUsd) > BigInt(limit));
  const reasons = !isAbove
    ? []
    : [
        money.totalNanoUsd === null
          ? `what it costs is not known; above ${formatMoney(limit)} a second person approves`
          : `it would cost ${formatMoney(money.totalNanoUsd)} once; above ${formatMoney(limit)} a second person approves`,
      ];
  return ok(
    seal({
      format: 'isotherm-job/1' as const,
      createdAt: now.toISOString(),
      expiresAt: new Date(now.getTime() + order.expiresInHours * HOUR_MS).toISOString(),
      engineVersion: order.engineVersion,
      author: order.author,
      target: { bucket, account: order.account, region: order.region, endpoint: order.endpoint, owner: order.owner },
      operation,
      selection,
      inputs: {
        snapshotId: snapshot.snapshotId,
        snapshotBucket: snapshot.bucket,
        snapshotAsOf: snapshot.asOf,
        manifestMd5: snapshot.manifestMd5,
        priceRegion: order.list.region,
        priceAsOf: order.list.asOf,
        isSample: snapshot.isSample,
      },
      manifest: {
        fields: ['Bucket' as const, 'Key' as const, ...(withVersion ? ['VersionId' as const] : [])],
        rows,
        sizeBytes,
        md5,
        sha256,
        place: manifestPlace,
      },
      report: { place: order.reportPlace, scope: order.scope },
      roleArn: order.roleArn,
      priority: order.priority,
      versions,
      bytes,
      byClass,
      ...money,
      confirmation: jobPhrase(operation, bucket, { versions, bytes }),
      limits: order.limits,
      approval: { required: reasons.length > 0, reasons },
      warnings: warningsOf(order, withVersion),
    }),
  );
}
