import type Database from 'better-sqlite3';
import { appError } from '../../contract/errors.ts';
import type { Snapshot } from '../../contract/index-views.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { claimsOf } from '../../core/classify/claims.ts';
import type { Classifier } from '../../core/classify/classifier.ts';
import { DirectoryClassifier } from '../../core/classify/directory-classifier.ts';
import { CellBuilder, type CellColumns, joinCells } from '../../core/cube/cell-builder.ts';
import { IS_DELETE_MARKER, IS_LATEST, type RowBatch } from '../../core/inventory/row-batch.ts';
import { UnitBuilder } from '../../core/units/unit-builder.ts';
import { storageFailure } from './database.ts';
import { cellFlags } from './row-flags.ts';
import { RowIntake } from './row-intake.ts';
import { ScratchRows } from './scratch-rows.ts';
import { segmentWriter } from './segment-writer.ts';
import type { SnapshotBuilder, SnapshotMeta, SourceOutcome } from './snapshot-meta.ts';
import { sortChunks, sortedSegments } from './sorted-segments.ts';
import { writeUnits } from './unit-rows.ts';
import { writeUploads } from './uploads.ts';
import { insertSnapshot, snapshotWritten, writeColumns } from './write-snapshot.ts';

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

  finish(extra: SourceOutcome, signal: AbortSignal): Result<Snapshot> {
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

  private write(extra: SourceOutcome, signal: AbortSignal): Snapshot {
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
    const units = new UnitBuilder(pass, columns);
    const warnings = [...extra.warnings];
    if (missing > 0) {
      warnings.push(
        `${missing} noncurrent version${missing === 1 ? '' : 's'} came without a successor in the report; counted as noncurrent only since the snapshot's own time.`,
      );
    }
    this.database.exec('BEGIN');
    const id = insertSnapshot(this.database, this.meta, intake, { ...extra, warnings });
    writeUploads(this.database, id, extra.uploads ?? []);
    const cells = this.writeSegments(id, scratch, { rank, pass, units, clockMs, isMulti }, check);
    const made = units.finish();
    for (const directory of units.roots()) columns.isUnitRoot[directory] = 1;
    writeColumns(this.database, id, columns, cells, { classes: intake.classes, rules: this.classifier.rules });
    writeUnits(this.database, id, made);
    this.database.exec('COMMIT');
    return snapshotWritten(this.database, id);
  }

  private writeSegments(
    snapshotId: number,
    scratch: ScratchRows,
    known: {
      readonly rank: Uint32Array;
      readonly pass: DirectoryClassifier;
      readonly units: UnitBuilder;
      readonly clockMs: Float64Array;
      readonly isMulti: Uint8Array;
    },
    check: () => void,
  ): CellColumns {
    const store = segmentWriter(this.database, snapshotId);
    const { pass, units } = known;
    const rowsIn = sortChunks(scratch, known.rank, known, check);
    const pieces: CellColumns[] = [];
    let cells = new CellBuilder();
    let segment = 0;
    for (const { chunk, endsDirectory } of sortedSegments(scratch, rowsIn)) {
      check();
      const { columns, rows } = chunk;
      const kinds = new Uint8Array(rows);
      const unitOf = new Int32Array(rows);
      for (let i = 0; i < rows; i++) {
        const directory = columns.directory[i] as number;
        pass.enter(directory);
        units.enter(directory);
        const nameStart = columns.nameStart[i] as number;
        const nameEnd = columns.nameStart[i + 1] as number;
        const rule = pass.ruleOf(chunk.nameBytes, nameStart, nameEnd);
        columns.rule[i] = rule + 1;
        const kind = pass.kindOf(rule);
        const flags = columns.flags[i] as number;
        kinds[i] = kind;
        const isMarker = (flags & IS_DELETE_MARKER) !== 0;
        const [sizeBytes, lastModifiedMs] = [columns.sizeBytes[i] as number, columns.lastModifiedMs[i] as number];
        const isLatest = (flags & IS_LATEST) !== 0;
        const unit = units.see(rule, chunk.nameBytes, nameStart, nameEnd, { isLatest, isMarker, sizeBytes, lastModifiedMs });
        unitOf[i] = unit;
        cells.add({
          directory,
          kind,
          unit,
          classId: columns.classId[i] as number,
          state: (flags & IS_DELETE_MARKER) !== 0 ? MARKER : (flags & IS_LATEST) !== 0 ? CURRENT : NONCURRENT,
          flags: cellFlags(flags),
          lockedUntilDay: columns.lockedUntilDay[i] as number,
          sizeBytes: columns.sizeBytes[i] as number,
          lastModifiedMs: columns.lastModifiedMs[i] as number,
          clockMs: columns.clockMs[i] as number,
        });
      }
      store(segment, chunk, kinds, unitOf);
      segment += 1;
      if (!endsDirectory) continue;
      pieces.push(cells.finish());
      cells = new CellBuilder();
    }
    return joinCells(pieces);
  }
}
