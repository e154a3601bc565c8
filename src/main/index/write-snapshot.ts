import type Database from 'better-sqlite3';
import type { Snapshot } from '../../contract/index-views.ts';
import type { RuleSet } from '../../core/classify/rule-set.ts';
import { CELL_COLUMNS, type CellColumns } from '../../core/cube/cell-builder.ts';
import type { BilledClass } from '../../core/cube/cube.ts';
import type { TreeColumns } from '../../core/cube/tree.ts';
import { packNumbers } from './packed-numbers.ts';
import type { SnapshotMeta, SourceOutcome } from './snapshot-meta.ts';
import { snapshotOf } from './snapshot-rows.ts';

/** Writes the record of a snapshot; its number. */
export function insertSnapshot(
  database: Database,
  meta: SnapshotMeta,
  totals: { readonly versions: number; readonly deleteMarkers: number; readonly bytes: number },
  extra: SourceOutcome,
): number {
  const { lastInsertRowid } = database
    .prepare(
      `INSERT INTO snapshots (bucket, source, source_kind, as_of_ms, scanned_at_ms, manifest_md5, all_versions, region,
         row_count, versions, delete_markers, bytes, coverage, warnings, is_sample, fields, prefix,
         refused_prefixes, upload_count)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
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
  return Number(lastInsertRowid);
}

export function snapshotWritten(database: Database, id: number): Snapshot {
  const row = database.prepare('SELECT * FROM snapshots WHERE id = ?').get(id);
  if (!row) throw new Error('the snapshot just written is not there');
  return snapshotOf(row);
}

/** Writes tree and cells, and what their numbers stand for. */
export function writeColumns(
  database: Database,
  snapshotId: number,
  tree: TreeColumns,
  cells: CellColumns,
  names: { readonly classes: readonly BilledClass[]; readonly rules: RuleSet },
): void {
  const treeColumn = database.prepare('INSERT INTO tree_columns (snapshot_id, column_name, data) VALUES (?, ?, ?)');
  const count = new Float64Array([tree.parent.length]);
  treeColumn.run(snapshotId, 'count', new Uint8Array(count.buffer));
  treeColumn.run(snapshotId, 'parent', packNumbers(tree.parent));
  treeColumn.run(snapshotId, 'depth', packNumbers(tree.depth));
  treeColumn.run(snapshotId, 'subtreeEnd', packNumbers(tree.subtreeEnd));
  treeColumn.run(snapshotId, 'isUnitRoot', packNumbers(tree.isUnitRoot));
  treeColumn.run(snapshotId, 'name', tree.nameBytes);
  treeColumn.run(snapshotId, 'nameStart', packNumbers(tree.nameStart));
  const cellColumn = database.prepare('INSERT INTO cell_columns (snapshot_id, column_name, data) VALUES (?, ?, ?)');
  cellColumn.run(snapshotId, 'cellCount', new Uint8Array(new Float64Array([cells.cellCount]).buffer));
  for (const name of CELL_COLUMNS) cellColumn.run(snapshotId, name, packNumbers(cells[name]));
  const addClass = database.prepare('INSERT INTO classes (snapshot_id, class_id, storage_class, access_tier) VALUES (?, ?, ?, ?)');
  const classes = names.classes.length > 0 ? names.classes : [{ storageClass: 'STANDARD', accessTier: '' }];
  for (const [classId, { storageClass, accessTier }] of classes.entries()) addClass.run(snapshotId, classId, storageClass, accessTier);
  const addRule = database.prepare('INSERT INTO rules (snapshot_id, rule, rule_id) VALUES (?, ?, ?)');
  for (const [rule, { id }] of names.rules.entries()) addRule.run(snapshotId, rule + 1, id);
}
