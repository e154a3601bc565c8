import type Database from 'better-sqlite3';
import type { Snapshot } from '../../contract/index-views.ts';

/** The snapshot record on the wire from a row of `snapshots`. */
export function snapshotOf(row: Record<string, unknown>): Snapshot {
  return {
    snapshotId: String(row.id),
    bucket: String(row.bucket),
    source: String(row.source),
    sourceKind: row.source_kind === 'listing' ? 'listing' : 'inventory',
    asOf: new Date(Number(row.as_of_ms)).toISOString(),
    scannedAt: new Date(Number(row.scanned_at_ms)).toISOString(),
    manifestMd5: textOrNull(row.manifest_md5),
    allVersions: row.all_versions === 1,
    region: textOrNull(row.region),
    rows: Number(row.row_count),
    versions: Number(row.versions),
    deleteMarkers: Number(row.delete_markers),
    bytes: Number(row.bytes),
    coverage: Number(row.coverage),
    warnings: JSON.parse(String(row.warnings)) as string[],
    isSample: row.is_sample === 1,
    fields: JSON.parse(String(row.fields)) as string[],
    prefix: String(row.prefix),
    refusedPrefixes: JSON.parse(String(row.refused_prefixes)) as string[],
    incompleteUploads: typeof row.upload_count === 'number' ? row.upload_count : null,
  };
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Newest first: the snapshot added last is the newest, whatever its report's time. */
export function readSnapshots(database: Database): Snapshot[] {
  return database.prepare('SELECT * FROM snapshots ORDER BY id DESC').all().map(snapshotOf);
}
