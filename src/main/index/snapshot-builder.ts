import type Database from 'better-sqlite3';
import { appError } from '../../contract/errors.ts';
import type { Snapshot } from '../../contract/index-views.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { KINDS } from '../../contract/vocabulary.ts';
import { claimsOf } from '../../core/classify/claims.ts';
import type { Classifier } from '../../core/classify/classifier.ts';
import { DirectoryClassifier } from '../../core/classify/directory-classifier.ts';
import { overrideRuleId } from '../../core/classify/overrides.ts';
import { IS_DELETE_MARKER, IS_LATEST, type RowBatch } from '../../core/inventory/row-batch.ts';
import { UnitBuilder } from '../../core/units/unit-builder.ts';
import { NO_UNIT } from '../../core/units/unit-table.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { CellWriter } from './cell-writer.ts';
import { ColumnPacker } from './column-packer.ts';
import { storageFailure } from './database.ts';
import { writeDigest } from './digest.ts';
import { readKernelTree } from './kernel-tree.ts';
import { RowIntake } from './row-intake.ts';
import { ScratchBlocks } from './scratch-blocks.ts';
import { SegmentWriter, segmentLayout } from './segment-writer.ts';
import type { SnapshotBuilder, SnapshotMeta, SourceOutcome } from './snapshot-meta.ts';
import { writePointerFiles, writeUnits } from './unit-rows.ts';
import { overridesIn } from './unit-settings.ts';
import { writeUploads } from './uploads.ts';
import { insertSnapshot, nextSnapshotId, writeNames, writeTree } from './write-snapshot.ts';

const OTHER = KINDS.indexOf('other');
const SEGMENT_FULL = -2;

/** Raised inside `finish` when the signal says so; never leaves this file. */
class Stopped extends Error {}

export class PackedSnapshotBuilder implements SnapshotBuilder {
  readonly kernel: Kernel;
  private readonly database: Database;
  private readonly classifier: Classifier;
  private readonly meta: SnapshotMeta;
  private readonly paths: { readonly index: string; readonly scratch: string };
  private scratch: ScratchBlocks | undefined;
  private intake: RowIntake | undefined;

  constructor(
    database: Database,
    kernel: Kernel,
    classifier: Classifier,
    meta: SnapshotMeta,
    paths: { readonly index: string; readonly scratch: string },
  ) {
    this.database = database;
    this.kernel = kernel;
    this.classifier = classifier;
    this.meta = meta;
    this.paths = paths;
  }

  add(batch: RowBatch): Result<void> {
    try {
      this.rows().add(batch);
      return ok(undefined);
    } catch (cause) {
      return err(storageFailure(cause, this.paths.index));
    }
  }

  finish(extra: SourceOutcome, signal: AbortSignal): Result<Snapshot> {
    try {
      return ok(this.write(extra, signal));
    } catch (cause) {
      if (cause instanceof Stopped) return err(appError('Cancelled', 'The scan was cancelled.'));
      return err(storageFailure(cause, this.paths.index));
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
    this.scratch = new ScratchBlocks(this.paths.scratch);
    this.intake = new RowIntake(this.kernel, this.meta.isClassified ? this.classifier : null, this.scratch);
    return this.intake;
  }

  private write(extra: SourceOutcome, signal: AbortSignal): Snapshot {
    const { kernel, database, meta } = this;
    const intake = this.rows();
    const scratch = this.scratch;
    if (!scratch) throw new Error('finish was called twice');
    intake.flush();
    const { tree, rank } = readKernelTree(kernel);
    kernel.calls.initSegments(meta.asOfMs);
    const packer = new ColumnPacker(kernel);
    database.exec('BEGIN');
    const id = nextSnapshotId(database);
    const segments = new SegmentWriter(database, id, kernel, packer, intake.details);
    const cells = new CellWriter(database, id, kernel, packer);
    const overrides = overridesIn(database);
    const pass = intake.markers && new DirectoryClassifier(this.classifier, overrides, tree, claimsOf(intake.markers, tree, rank));
    const units = pass && new UnitBuilder(pass, tree);
    const store = (): void => {
      if (signal.aborted) throw new Stopped();
      if (pass && units) judge(kernel, pass, units);
      else leaveUnjudged(kernel);
      kernel.calls.derive();
      segments.write();
      kernel.calls.clearSegment();
      cells.write(false);
    };
    scratch.beginMerge(kernel);
    for (let stopped = kernel.calls.merge(); ; stopped = kernel.calls.merge()) {
      if (stopped >= 0) scratch.feed(kernel, stopped);
      else if (stopped === SEGMENT_FULL) store();
      else break;
    }
    if (kernel.calls.segmentRows() > 0) store();
    cells.write(true);
    if (units) {
      const made = units.finish();
      for (const directory of units.roots()) tree.isUnitRoot[directory] = 1;
      writeUnits(database, id, made);
      writePointerFiles(database, id, units.pointers);
    }
    writeTree(database, id, tree, packer);
    const rules = [...this.classifier.rules, ...overrides.map((override) => ({ id: overrideRuleId(override.id) }))];
    writeNames(database, id, { classes: intake.classes, rules, details: intake.detailNames });
    const totals = { versions: kernel.calls.versions(), deleteMarkers: kernel.calls.markers(), bytes: kernel.calls.bytes() };
    const snapshot = insertSnapshot(database, id, meta, totals, {
      ...extra,
      warnings: [...extra.warnings, ...missingSuccessors(kernel.calls.missing())],
    });
    writeUploads(database, id, extra.uploads ?? []);
    writeDigest(database, id);
    database.exec('COMMIT');
    return snapshot;
  }
}

/** Tells the rule, the kind and the unit of every row of the kernel's segment. */
function judge(kernel: Kernel, pass: DirectoryClassifier, units: UnitBuilder): void {
  kernel.calls.expandNames();
  const layout = segmentLayout(kernel);
  const rows = kernel.calls.segmentRows();
  const nameStart = kernel.u32(layout.fullNameStart, rows + 1);
  const names = kernel.bytes(layout.fullNames, nameStart[rows] as number);
  const rules = kernel.u16(layout.ruleId, rows);
  const kinds = kernel.bytes(layout.kind, rows);
  const unitOf = kernel.i32(layout.unit, rows);
  const flags = kernel.bytes(layout.flags, rows);
  const size = kernel.f64(layout.sizeBytes, rows);
  const modified = kernel.f64(layout.lastModifiedMs, rows);
  const directories = kernel.u32(layout.directory, layout.directories);
  const starts = kernel.u32(layout.directoryStart, layout.directories);
  for (let run = 0; run < directories.length; run++) {
    const end = run + 1 < directories.length ? (starts[run + 1] as number) : rows;
    pass.enter(directories[run] as number);
    units.enter(directories[run] as number);
    for (let i = starts[run] as number; i < end; i++) {
      const [from, to] = [nameStart[i] as number, nameStart[i + 1] as number];
      const rule = pass.ruleOf(names, from, to);
      const isLatest = ((flags[i] as number) & IS_LATEST) !== 0;
      const isMarker = ((flags[i] as number) & IS_DELETE_MARKER) !== 0;
      const [sizeBytes, lastModifiedMs] = [size[i] as number, modified[i] as number];
      rules[i] = rule + 1;
      kinds[i] = pass.kindOf(rule);
      unitOf[i] = units.see(rule, names, from, to, { isLatest, isMarker, sizeBytes, lastModifiedMs });
    }
  }
}

function leaveUnjudged(kernel: Kernel): void {
  const layout = segmentLayout(kernel);
  const rows = kernel.calls.segmentRows();
  kernel.bytes(layout.kind, rows).fill(OTHER);
  kernel.u16(layout.ruleId, rows).fill(0);
  kernel.i32(layout.unit, rows).fill(NO_UNIT);
}

function missingSuccessors(count: number): string[] {
  if (count === 0) return [];
  return [
    `${count} noncurrent version${count === 1 ? '' : 's'} came without a successor in the report; counted as noncurrent only since the snapshot's own time.`,
  ];
}
