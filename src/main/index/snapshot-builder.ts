import type Database from 'better-sqlite3';
import { appError } from '../../contract/errors.ts';
import type { Snapshot } from '../../contract/index-views.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { claimsOf } from '../../core/classify/claims.ts';
import type { Classifier } from '../../core/classify/classifier.ts';
import { DirectoryClassifier } from '../../core/classify/directory-classifier.ts';
import { CELL_COLUMNS, CellBuilder, type CellColumns, joinCells } from '../../core/cube/cell-builder.ts';
import type { TreeColumns } from '../../core/cube/tree.ts';
import { decodeUtf8 } from '../../core/cube/utf8.ts';
import { IS_DELETE_MARKER, IS_LATEST, type RowBatch } from '../../core/inventory/row-batch.ts';
import { storageFailure } from './database.ts';
import { packNumbers } from './packed-numbers.ts';
import { cellFlags } from './row-flags.ts';
import { RowIntake } from './row-intake.ts';
import { ScratchRows } from './scratch-rows.ts';
import { segmentWriter } from './segment-writer.ts';
import type { SnapshotBuilder, SnapshotMeta } from './snapshot-meta.ts';
import { snapshotOf } from './snapshot-rows.ts';
import { sortChunks, sortedSegments } from './sorted-segments.ts';

const CURRENT = 0;
const NONCURRENT = 1;
const MARKER = 2;

/** Raised inside `finish` when the signal says so; never leaves this file. */
class Stopped extends Error {}

export class PackedSnapshotBuilder implements SnapshotBuilder {
  private readonly database: Database;
  private readonly classifier: Classifier;
  private readonly meta: SnapshotMeta;
  private readonly indexPath: string;
  private readonly scratchPath: string;
  private scratch: ScratchRows | undefined;
  private intake: RowIntake | undefined;

  constructor(database: Database, classifier: Classifier, meta: SnapshotMeta, paths: { readonly index: string; readonly scratch: string }) {
    this.database = database;
    this.classifier = classifier;
    this.meta = meta;
    this.indexPath = paths.index;
    this.scratchPath = paths.scratch;
  }

  add(batch: RowBatch): Result<void> {
    try {
      this.rows().add(batch);
      return ok(undefined);
    } catch (cause) {
      return err(storageFailure(cause, this.indexPath));
    }
  }

  finish(extra: { readonly coverage: number; readonly warnings: readonly string[] }, signal: AbortSignal): Result<Snapshot> {
    try {
      return ok(this.write(extra, signal));
    } catch (cause) {
      if (cause instanceof Stopped) return err(appError('Cancelled', 'The scan was cancelled.'));
      return err(storageFailure(cause, this.indexPath));
    } finally {
      this.discard();
    }
  }

  /** Deletes what was laid aside. */
  discard(): void {
    this.scratch?.remove();
    this.scratch = undefined;
  }

  private rows(): RowIntake {
    if (this.intake) return this.intake;
    this.scratch = new ScratchRows(this.scratchPath);
    this.intake = new RowIntake(this.classifier, this.scratch, this.meta.asOfMs);
    return this.intake;
  }

  private write(extra: { readonly coverage: number; readonly warnings: readonly string[] }, signal: AbortSignal): Snapshot {
    const intake = this.rows();
    const scratch = this.scratch;
    if (!scratch) throw new Error('finish was called twice');
    const check = (): void => {
      if (signal.aborted) throw new Stopped();
    };
    intake.flush();
    const { clockMs, missing, isMulti } = intake.clocks.resolve(scratch, this.meta.asOfMs, check);
    const { columns, rank } = intake.tree.build();
    const claims = claimsOf(intake.markers, columns, rank);
    const pass = new DirectoryClassifier(this.classifier, [], columns, claims);
    const warnings = [...extra.warnings];
    if (missing > 0) {
      warnings.push(
        `${missing} noncurrent version${missing === 1 ? '' : 's'} came without a successor in the report; counted as noncurrent only since the snapshot's own time.`,
      );
    }
    this.database.exec('BEGIN');
    const id = this.insertSnapshot(intake, extra.coverage, warnings);
    const cells = this.writeSegments(id, scratch, { rank, pass, tree: columns, clockMs, isMulti }, check);
    this.writeColumns(id, columns, cells, intake);
    this.database.exec('COMMIT');
    const row = this.database.prepare('SELECT * FROM snapshots WHERE id = ?').get(id);
    if (!row) throw new Error('the snapshot just written is not there');
    return snapshotOf(row);
  }

  private insertSnapshot(intake: RowIntake, coverage: number, warnings: readonly string[]): number {
    const { meta } = this;
    const { lastInsertRowid } = this.database
      .prepare(
        `INSERT INTO snapshots (bucket, source, source_kind, as_of_ms, scanned_at_ms, manifest_md5, all_versions, region,
           row_count, versions, delete_markers, bytes, coverage, warnings, is_sample, fields, prefix)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
        intake.versions + intake.deleteMarkers,
        intake.versions,
        intake.deleteMarkers,
        intake.bytes,
        coverage,
        JSON.stringify(warnings),
        meta.isSample ? 1 : 0,
        JSON.stringify(meta.fields),
        meta.prefix,
      );
    return Number(lastInsertRowid);
  }

  private writeSegments(
    snapshotId: number,
    scratch: ScratchRows,
    known: {
      readonly rank: Uint32Array;
      readonly pass: DirectoryClassifier;
      readonly tree: TreeColumns;
      readonly clockMs: Float64Array;
      readonly isMulti: Uint8Array;
    },
    check: () => void,
  ): CellColumns {
    const store = segmentWriter(this.database, snapshotId);
    const { pass } = known;
    const roots = new UnitRoots(pass, known.tree);
    const rowsIn = sortChunks(scratch, known.rank, known, check);
    const pieces: CellColumns[] = [];
    let cells = new CellBuilder();
    let segment = 0;
    for (const { chunk, endsDirectory } of sortedSegments(scratch, rowsIn)) {
      check();
      const { columns, rows } = chunk;
      const kinds = new Uint8Array(rows);
      for (let i = 0; i < rows; i++) {
        const directory = columns.directory[i] as number;
        pass.enter(directory);
        const nameStart = columns.nameStart[i] as number;
        const nameEnd = columns.nameStart[i + 1] as number;
        const rule = pass.ruleOf(chunk.nameBytes, nameStart, nameEnd);
        roots.see(directory, rule, chunk.nameBytes, nameStart, nameEnd);
        columns.rule[i] = rule + 1;
        const kind = pass.kindOf(rule);
        const flags = columns.flags[i] as number;
        kinds[i] = kind;
        cells.add({
          directory,
          kind,
          classId: columns.classId[i] as number,
          state: (flags & IS_DELETE_MARKER) !== 0 ? MARKER : (flags & IS_LATEST) !== 0 ? CURRENT : NONCURRENT,
          flags: cellFlags(flags),
          lockedUntilDay: columns.lockedUntilDay[i] as number,
          sizeBytes: columns.sizeBytes[i] as number,
          lastModifiedMs: columns.lastModifiedMs[i] as number,
          clockMs: columns.clockMs[i] as number,
        });
      }
      store(segment, chunk, kinds);
      segment += 1;
      if (!endsDirectory) continue;
      pieces.push(cells.finish());
      cells = new CellBuilder();
    }
    return joinCells(pieces);
  }

  private writeColumns(snapshotId: number, tree: TreeColumns, cells: CellColumns, intake: RowIntake): void {
    const treeColumn = this.database.prepare('INSERT INTO tree_columns (snapshot_id, column_name, data) VALUES (?, ?, ?)');
    const count = new Float64Array([tree.parent.length]);
    treeColumn.run(snapshotId, 'count', new Uint8Array(count.buffer));
    treeColumn.run(snapshotId, 'parent', packNumbers(tree.parent));
    treeColumn.run(snapshotId, 'depth', packNumbers(tree.depth));
    treeColumn.run(snapshotId, 'subtreeEnd', packNumbers(tree.subtreeEnd));
    treeColumn.run(snapshotId, 'isUnitRoot', packNumbers(tree.isUnitRoot));
    treeColumn.run(snapshotId, 'name', tree.nameBytes);
    treeColumn.run(snapshotId, 'nameStart', packNumbers(tree.nameStart));
    const cellColumn = this.database.prepare('INSERT INTO cell_columns (snapshot_id, column_name, data) VALUES (?, ?, ?)');
    cellColumn.run(snapshotId, 'cellCount', new Uint8Array(new Float64Array([cells.cellCount]).buffer));
    for (const name of CELL_COLUMNS) cellColumn.run(snapshotId, name, packNumbers(cells[name]));
    const addClass = this.database.prepare('INSERT INTO classes (snapshot_id, class_id, storage_class, access_tier) VALUES (?, ?, ?, ?)');
    const classes = intake.classes.length > 0 ? intake.classes : [{ storageClass: 'STANDARD', accessTier: '' }];
    for (const [classId, { storageClass, accessTier }] of classes.entries()) addClass.run(snapshotId, classId, storageClass, accessTier);
    const addRule = this.database.prepare('INSERT INTO rules (snapshot_id, rule, rule_id) VALUES (?, ?, ?)');
    for (const [rule, { id }] of this.classifier.rules.entries()) addRule.run(snapshotId, rule + 1, id);
  }
}

/** Marks the directories that rules call a whole unit; one key of a directory speaks for all under one rule. */
class UnitRoots {
  private readonly pass: DirectoryClassifier;
  private readonly tree: TreeColumns;
  private directory = -1;
  private seen = new Set<number>();

  constructor(pass: DirectoryClassifier, tree: TreeColumns) {
    this.pass = pass;
    this.tree = tree;
  }

  see(directory: number, rule: number, names: Uint8Array, start: number, end: number): void {
    if (directory !== this.directory) {
      this.directory = directory;
      this.seen.clear();
    }
    if (rule < 0 || this.seen.has(rule)) return;
    this.seen.add(rule);
    const path = this.pass.classifier.match(rule, this.pass.path + decodeUtf8(names, start, end))?.unit;
    if (!path?.endsWith('/')) return;
    let root = directory;
    for (let depth = this.tree.depth[directory] as number; depth > path.split('/').length - 1; depth--)
      root = this.tree.parent[root] as number;
    // Units inside a table are not units: the table is kept or deleted whole (s3-domain 6).
    if (root === 0) return;
    this.tree.isUnitRoot[root] = 1;
  }
}
