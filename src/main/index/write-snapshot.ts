import { crc32 } from 'node:zlib';
import type Database from 'better-sqlite3';
import type { Snapshot } from '../../contract/index-views.ts';
import type { BilledClass } from '../../core/cube/cube.ts';
import type { TreeColumns } from '../../core/cube/tree.ts';
import { I32, U8, U16, U32 } from '../kernel/kernel.ts';
import type { ColumnPacker } from './column-packer.ts';
import type { SnapshotMeta, SourceOutcome } from './snapshot-meta.ts';
import { SNAPSHOTS, snapshotOf } from './snapshot-rows.ts';

/**
 * The number of the snapshot that is written next, which no other has had: what was planned from one that was dropped must
 * not seem to be of another.
 */
export function nextSnapshotId(database: Database): number {
  const row = database
    .prepare(
      `SELECT max(coalesce(max(id), 0),
         coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'lastDroppedSnapshot'), 0)) + 1 AS id FROM snapshots`,
    )
    .get();
  return Number(row?.id);
}

/** Writes the record of a snapshot; the snapshot. */
export function insertSnapshot(
  database: Database,
  id: number,
  meta: SnapshotMeta,
  totals: { readonly versions: number; readonly deleteMarkers: number; readonly bytes: number },
  extra: SourceOutcome,
): Snapshot {
  database
    .prepare(
      `INSERT INTO snapshots (id, bucket, source, source_kind, as_of_ms, scanned_at_ms, manifest_md5, all_versions, region,
         row_count, versions, delete_markers, bytes, coverage, warnings, is_sample, fields, prefix,
         refused_prefixes, upload_count)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      id,
      meta.bucket,
      meta.source,
      meta.sourceKind,
      meta.asOfMs,
      meta.scannedAtMs,
      meta.manifestMd5,
      meta.allVersions ? 1 : 0,
      meta.region,
      totals.versions + totals.deleteMarkers,
      totals.versions,
      totals.deleteMarkers,
      totals.bytes,
      extra.coverage,
      JSON.stringify(extra.warnings),
      meta.isSample ? 1 : 0,
      JSON.stringify(meta.fields),
      meta.prefix,
      JSON.stringify(extra.refusedPrefixes ?? []),
      extra.uploads?.length ?? null,
    );
  const row = database.prepare(`${SNAPSHOTS} WHERE s.id = ?`).get(id);
  if (!row) throw new Error('the snapshot just written is not there');
  return snapshotOf(row);
}

/** Names of the columns of a tree, as stored. Names are one after the other. */
export const STORED_TREE_COLUMNS = ['parent', 'depth', 'subtreeEnd', 'isUnitRoot', 'nameLength', 'name'] as const;
export type StoredTreeColumn = (typeof STORED_TREE_COLUMNS)[number];

export function writeTree(database: Database, snapshotId: number, tree: TreeColumns, packer: ColumnPacker): void {
  const directories = tree.parent.length;
  database.prepare('INSERT INTO trees (snapshot_id, directories) VALUES (?, ?)').run(snapshotId, directories);
  const insert = database.prepare('INSERT INTO tree_columns (snapshot_id, column_name, crc32, data) VALUES (?, ?, ?, ?)');
  const store = (name: StoredTreeColumn, data: Uint8Array): void => void insert.run(snapshotId, name, crc32(data), data);
  const nameLength = new Uint16Array(directories);
  for (let d = 0; d < directories; d++) nameLength[d] = (tree.nameStart[d + 1] as number) - (tree.nameStart[d] as number);
  store('parent', packer.packArray(tree.parent, I32));
  store('depth', packer.packArray(tree.depth, U16));
  store('subtreeEnd', packer.packArray(tree.subtreeEnd, U32));
  store('isUnitRoot', packer.packArray(tree.isUnitRoot, U8));
  store('nameLength', packer.packArray(nameLength, U16));
  store('name', tree.nameBytes);
}

/** Writes what the numbers in rows and cells stand for. */
export function writeNames(
  database: Database,
  snapshotId: number,
  names: {
    readonly classes: readonly BilledClass[];
    readonly rules: readonly { readonly id: string }[];
    readonly details: readonly string[];
  },
): void {
  const addClass = database.prepare('INSERT INTO classes (snapshot_id, class_id, storage_class, access_tier) VALUES (?, ?, ?, ?)');
  const classes = names.classes.length > 0 ? names.classes : [{ storageClass: 'STANDARD', accessTier: '' }];
  for (const [classId, { storageClass, accessTier }] of classes.entries()) addClass.run(snapshotId, classId, storageClass, accessTier);
  const addRule = database.prepare('INSERT INTO rules (snapshot_id, rule, rule_id) VALUES (?, ?, ?)');
  for (const [rule, { id }] of names.rules.entries()) addRule.run(snapshotId, rule + 1, id);
  const addDetail = database.prepare('INSERT INTO detail_names (snapshot_id, position, name) VALUES (?, ?, ?)');
  for (const [position, name] of names.details.entries()) addDetail.run(snapshotId, position, name);
}
