import type Database from 'better-sqlite3';
import type { RowsAt, Snapshot } from '../../contract/index-views.ts';

/** The snapshot record on the wire from a row of `snapshots`. */
export function snapshotOf(row: Record<string, unknown>): Snapshot {
  return {
    snapshotId: String(row.id),
    bucket: String(row.bucket),
    source: String(row.source),
    sourceKind: row.source_kind === 'listing' || row.source_kind === 'table' ? row.source_kind : 'inventory',
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
    rowsAt: typeof row.rows_at === 'string' ? (JSON.parse(row.rows_at) as RowsAt) : null,
  };
}

/** Snapshots with where their rows lie. */
export const SNAPSHOTS = 'SELECT s.*, e.rows_at FROM snapshots s LEFT JOIN rows_elsewhere e ON e.snapshot_id = s.id';

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Throws SQLITE_CORRUPT for a record that cannot be read. Newest first: the snapshot added last is the newest, whatever its report's time. */
export function readSnapshots(database: Database): Snapshot[] {
  const rows = database.prepare(`${SNAPSHOTS} ORDER BY id DESC`).all();
  try {
    return rows.map(snapshotOf);
  } catch (cause) {
    // Only damage makes a record that is not what was written.
    throw Object.assign(new Error('the record of a snapshot cannot be read', { cause }), { code: 'SQLITE_CORRUPT' });
  }
}
