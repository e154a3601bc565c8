import type Database from 'better-sqlite3';

/** Tables whose rows are of a snapshot and go with it. */
const OF_SNAPSHOT = [
  'classes',
  'rules',
  'segments',
  'segment_ranges',
  'trees',
  'tree_columns',
  'cell_pieces',
  'cell_columns',
  'detail_names',
  'unit_pieces',
  'unit_columns',
  'unit_rules',
  'pointer_files',
  'uploads',
  'rows_elsewhere',
  'claims_elsewhere',
  'snapshot_digests',
  'tag_sets',
  'tag_reads',
  'tag_scopes',
] as const;

/** Tables that name a snapshot and outlive it: what was decided on its ground stays on record. */
const NAMING_SNAPSHOT = ['plans'] as const;

/** Takes snapshots out of a database and gives their room back. Throws for a table that nobody said what becomes of. */
export function dropSnapshots(database: Database, snapshotIds: readonly number[]): void {
  const known = new Set<string>([...OF_SNAPSHOT, ...NAMING_SNAPSHOT]);
  const strange = tablesOfSnapshots(database).filter((table) => !known.has(table));
  if (strange.length > 0) throw new Error(`nobody said what becomes of ${strange.join(', ')} when a snapshot goes`);
  database.exec('BEGIN');
  try {
    // Numbers are not given twice: see nextSnapshotId.
    database
      .prepare(
        `INSERT INTO meta (name, value) SELECT 'lastDroppedSnapshot', max(id) FROM snapshots WHERE true
         ON CONFLICT (name) DO UPDATE SET value = max(CAST(meta.value AS INTEGER), CAST(excluded.value AS INTEGER))`,
      )
      .run();
    for (const id of snapshotIds) {
      for (const table of OF_SNAPSHOT) database.prepare(`DELETE FROM ${table} WHERE snapshot_id = ?`).run(id);
      database.prepare('DELETE FROM snapshots WHERE id = ?').run(id);
    }
    database.exec('COMMIT');
  } catch (cause) {
    database.exec('ROLLBACK');
    throw cause;
  }
  database.exec('VACUUM');
}

function tablesOfSnapshots(database: Database): string[] {
  return database
    .prepare(
      `SELECT t.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c ON c.name = 'snapshot_id' WHERE t.type = 'table' ORDER BY t.name`,
    )
    .all()
    .map((row) => String(row.name));
}
