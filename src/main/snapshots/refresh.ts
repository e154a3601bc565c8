import { appError } from '../../contract/errors.ts';
import type { ScanResult, Snapshot } from '../../contract/index-views.ts';
import type { Source } from '../../contract/methods/sources.ts';
import type { Remote } from '../../contract/remote.ts';
import { err, type Result } from '../../contract/result.ts';
import { openIndex } from '../index/reader.ts';
import { isS3Location } from '../sources/s3-location.ts';
import { type ScanOptions, scan } from '../sources/scan.ts';

export interface RefreshOptions extends Omit<ScanOptions, 'source' | 'region'> {
  readonly snapshotId: string | undefined;
  readonly remote: Remote | undefined;
}

/**
 * Scans again what a snapshot came from. S3 does not tell what changed in a bucket since, so a listing lists it all, but knows from
 * the snapshot where to split the keys. A report that is known already is left alone without being read.
 */
export async function refresh({ snapshotId, remote, ...options }: RefreshOptions): Promise<Result<ScanResult>> {
  const reader = openIndex(options.index);
  if (!reader.ok) return reader;
  const snapshot = reader.value.snapshot(snapshotId);
  if (!snapshot.ok) return snapshot;
  if (snapshot.value.sourceKind === 'table') {
    const words = `Snapshot ${snapshot.value.snapshotId} was added up from a table; which queries made it, it does not say.`;
    return err(appError('Usage', words, { next: 'Scan the table again.' }));
  }
  const source = sourceOf(snapshot.value, remote);
  return scan({ ...options, source, region: snapshot.value.region ?? undefined, trustsKnown: true });
}

/** Where a newer report of the same configuration lies, or the same listing. */
function sourceOf({ sourceKind, source, bucket, prefix, allVersions }: Snapshot, remote: Remote | undefined): Source {
  const through = remote === undefined ? {} : { remote };
  if (sourceKind === 'listing') {
    return { kind: 'listing', bucket, ...(prefix === '' ? {} : { prefix }), ...(allVersions ? {} : { currentOnly: true }), ...through };
  }
  return { kind: 'inventory', location: configurationOf(source), ...through };
}

/** The folder of the inventory configuration: above the report's own, which bears the time of its scan (s3-domain 1.1). */
function configurationOf(source: string): string {
  const above = source.replace(/[\\/]?\d{4}-\d{2}-\d{2}T\d{2}-\d{2}Z(?:[\\/](?:manifest\.json)?)?$/, '');
  return isS3Location(above) && !above.endsWith('/') ? `${above}/` : above;
}
