import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';

/** What is stored of a snapshot once and never changed, by table: its columns and their order. Packed data stands by its checksum. */
const STORED: readonly (readonly [table: string, columns: string, order: string])[] = [
  ['classes', 'class_id, storage_class, access_tier', 'class_id'],
  ['rules', 'rule, rule_id', 'rule'],
  ['detail_names', 'position, name', 'position'],
  ['segment_ranges', 'segment, row_count, first_directory, last_directory, directory_count, before_ms', 'segment'],
  ['segments', 'segment, column_name, crc32, length(data)', 'segment, column_name'],
  ['trees', 'directories', 'directories'],
  ['tree_columns', 'column_name, crc32, length(data)', 'column_name'],
  ['cell_pieces', 'piece, cell_count', 'piece'],
  ['cell_columns', 'piece, column_name, crc32, length(data)', 'piece, column_name'],
  ['unit_pieces', 'list, piece, entries', 'list, piece'],
  ['unit_columns', 'list, piece, column_name, crc32, length(data)', 'list, piece, column_name'],
  ['unit_rules', 'place, rule_id', 'place'],
  ['claims_elsewhere', 'column_name, crc32, length(data)', 'column_name'],
  ['rows_elsewhere', 'rows_at', 'rows_at'],
  ['pointer_files', 'directory, name, size_bytes, last_modified_ms', 'directory, name'],
  ['uploads', 'upload, key, upload_id, initiated_ms, storage_class, part_count, bytes, hex(part_bytes)', 'upload'],
];
const RECORD = `bucket, source, source_kind, as_of_ms, scanned_at_ms, manifest_md5, all_versions, region, row_count, versions, delete_markers,
  bytes, coverage, warnings, is_sample, fields, prefix, refused_prefixes, upload_count`;

export function digestOf(database: Database, snapshotId: number): string {
  const hash = createHash('sha256');
  const add = (sql: string): void => {
    for (const row of database.prepare(sql).raw().iterate(snapshotId)) hash.update(`${JSON.stringify(row)}\n`);
  };
  add(`SELECT ${RECORD} FROM snapshots WHERE id = ?`);
  for (const [table, columns, order] of STORED) {
    hash.update(`${table}\n`);
    add(`SELECT ${columns} FROM ${table} WHERE snapshot_id = ? ORDER BY ${order}`);
  }
  return hash.digest('hex');
}

/** The last thing that is written of a snapshot. */
export function writeDigest(database: Database, snapshotId: number): void {
  database.prepare('INSERT INTO snapshot_digests (snapshot_id, digest) VALUES (?, ?)').run(snapshotId, digestOf(database, snapshotId));
}
