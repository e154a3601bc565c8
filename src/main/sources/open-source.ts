import type { Source } from '../../contract/methods/sources.ts';
import { ok, type Result } from '../../contract/result.ts';
import { connect, type S3Connection } from '../s3/client.ts';
import type { Tuning } from '../s3/guard.ts';
import { findLocalReport } from './find-local.ts';
import { findS3Report } from './find-s3.ts';
import { LISTING_TUNING, openListing } from './listing/open-listing.ts';
import { localStore } from './local-store.ts';
import { openReport } from './read-report.ts';
import { isS3Location, parseS3Location } from './s3-location.ts';
import { s3Store } from './s3-store.ts';
import type { OpenSource } from './source.ts';

/** Finds what a source stands for and reads its manifest, but none of its rows. The caller closes it. */
export async function openSource(source: Exclude<Source, { kind: 'table' }>, now: Date, signal: AbortSignal): Promise<Result<OpenSource>> {
  if (source.kind === 'listing') {
    const { bucket, prefix = '', currentOnly = false } = source;
    const open = (connection: S3Connection) => openListing(connection, { bucket, prefix, currentOnly }, now.getTime(), signal);
    return connected(source.remote ?? {}, bucket, signal, open, LISTING_TUNING);
  }
  if (!isS3Location(source.location)) {
    const found = await findLocalReport(source.location, source.report, signal);
    return found.ok ? openReport(localStore(found.value, source.location), signal) : found;
  }
  const location = parseS3Location(source.location);
  if (!location.ok) return location;
  const { bucket, key } = location.value;
  return connected(source.remote ?? {}, bucket, signal, async (connection) => {
    const manifest = key.endsWith('manifest.json') ? ok(key) : await findS3Report(connection, location.value, source.report, signal);
    if (!manifest.ok) return manifest;
    const store = s3Store({ connection, remote: source.remote ?? {}, bucket, manifestKey: manifest.value });
    const opened = await openReport(store, signal);
    // A report lies in the region of the bucket it is about.
    return opened.ok ? ok({ ...opened.value, region: connection.endpoint === null ? connection.region : null }) : opened;
  });
}

/** Hands the connection over to what was opened; closes it when nothing was. */
async function connected(
  remote: NonNullable<Source['remote']>,
  bucket: string,
  signal: AbortSignal,
  open: (connection: S3Connection) => Promise<Result<OpenSource>>,
  tuning?: Tuning,
): Promise<Result<OpenSource>> {
  const connection = await connect(remote, bucket, signal, tuning);
  if (!connection.ok) return connection;
  const opened = await open(connection.value);
  if (!opened.ok) connection.value.close();
  return opened;
}
