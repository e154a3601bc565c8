import type Database from 'better-sqlite3';
import { appError } from '../../contract/errors.ts';
import type { RowsAt, Snapshot } from '../../contract/index-views.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { claimsOf } from '../../core/classify/claims.ts';
import type { Classifier } from '../../core/classify/classifier.ts';
import { DirectoryClassifier } from '../../core/classify/directory-classifier.ts';
import { CellBuilder, type CellColumns, joinCells } from '../../core/cube/cell-builder.ts';
import type { BilledClass } from '../../core/cube/cube.ts';
import { UnitBuilder } from '../../core/units/unit-builder.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { storeCells } from './cell-writer.ts';
import { ColumnPacker } from './column-packer.ts';
import { storageFailure } from './database.ts';
import { writeDigest } from './digest.ts';
import { writeClaims } from './elsewhere.ts';
import { type RolledUp, RollUpCells } from './roll-up-cells.ts';
import { type RolledUpFiles, RollUpFiles } from './roll-up-files.ts';
import type { SnapshotMeta } from './snapshot-meta.ts';
import { writePointerFiles, writeUnits } from './unit-rows.ts';
import { insertSnapshot, nextSnapshotId, writeNames, writeTree } from './write-snapshot.ts';

/** Takes what a SQL engine added up and makes a snapshot of it: tree and cells as a scan makes them, and no rows. */
export interface RollUpBuilder {
  add(rows: Iterable<RolledUp>): void;
  /** What units are made of, from a query of its own. */
  addFiles(rows: Iterable<RolledUpFiles>): void;
  /** What came so far. */
  readonly sums: { readonly versions: number; readonly deleteMarkers: number; readonly classes: readonly BilledClass[] };
  finish(extra: { readonly warnings: readonly string[]; readonly rowsAt: RowsAt }, signal: AbortSignal): Result<Snapshot>;
}

/** How many rows are placed between two looks at the signal. */
const STRIDE = 65_536;

class Stopped extends Error {}
class Disagreement extends Error {}

export class TableSnapshotBuilder implements RollUpBuilder {
  private readonly database: Database;
  private readonly kernel: Kernel;
  private readonly classifier: Classifier;
  private readonly meta: SnapshotMeta;
  private readonly indexPath: string;
  private readonly cells: RollUpCells;
  private readonly files: RollUpFiles;

  constructor(database: Database, kernel: Kernel, classifier: Classifier, meta: SnapshotMeta, indexPath: string) {
    this.database = database;
    this.kernel = kernel;
    this.classifier = classifier;
    this.meta = meta;
    this.indexPath = indexPath;
    this.cells = new RollUpCells(classifier);
    this.files = new RollUpFiles(this.cells.tree);
  }

  get sums(): RollUpBuilder['sums'] {
    const { versions, deleteMarkers, classes } = this.cells;
    return { versions, deleteMarkers, classes };
  }

  add(rows: Iterable<RolledUp>): void {
    for (const row of rows) this.cells.add(row);
  }

  addFiles(rows: Iterable<RolledUpFiles>): void {
    for (const row of rows) this.files.add(row);
  }

  finish(extra: { readonly warnings: readonly string[]; readonly rowsAt: RowsAt }, signal: AbortSignal): Result<Snapshot> {
    try {
      return ok(this.write(extra, signal));
    } catch (cause) {
      if (cause instanceof Stopped) return err(appError('Cancelled', 'The scan was cancelled.'));
      if (cause instanceof Disagreement)
        return err(
          appError('QueryFailed', `The engine reads the classification rules differently: ${cause.message}.`, {
            next: 'Scan the report itself into an index, and please report the engine and its version.',
          }),
        );
      return err(storageFailure(cause, this.indexPath));
    }
  }

  private write(extra: { readonly warnings: readonly string[]; readonly rowsAt: RowsAt }, signal: AbortSignal): Snapshot {
    const { cells, classifier, database } = this;
    const { columns, rank } = cells.tree.build();
    const claims = claimsOf(cells.markers, columns, rank);
    const pass = new DirectoryClassifier(classifier, [], columns, claims);
    const units = new UnitBuilder(pass, columns);
    const made = this.place(pass, units, rank, signal);
    const found = units.finish();
    for (const directory of units.roots()) columns.isUnitRoot[directory] = 1;
    database.exec('BEGIN');
    const id = nextSnapshotId(database);
    const packer = new ColumnPacker(this.kernel);
    storeCells(database, id, packer, made);
    writeTree(database, id, columns, packer);
    writeNames(database, id, { classes: cells.classes, rules: classifier.rules, details: [] });
    writeUnits(database, id, found);
    writePointerFiles(database, id, units.pointers);
    writeClaims(database, id, claims, packer);
    database.prepare('INSERT INTO rows_elsewhere (snapshot_id, rows_at) VALUES (?, ?)').run(id, JSON.stringify(extra.rowsAt));
    const snapshot = insertSnapshot(database, id, this.meta, cells, { coverage: 1, warnings: extra.warnings });
    writeDigest(database, id);
    database.exec('COMMIT');
    return snapshot;
  }

  /** Settles what directories say to each other, which no key tells alone. */
  private place(pass: DirectoryClassifier, units: UnitBuilder, rank: Uint32Array, signal: AbortSignal): CellColumns {
    const { cells } = this;
    const playTo = this.player(pass, units, rank);
    const pieces: CellColumns[] = [];
    let builder = new CellBuilder();
    let before = -1;
    let checked = -2;
    let waiting = 0;
    for (const [done, at] of cells.order(rank).entries()) {
      if (done % STRIDE === 0 && signal.aborted) throw new Stopped();
      const directory = rank[cells.directory[at] as number] as number;
      const own = cells.rule[at] as number;
      if (directory !== before) {
        if (waiting >= STRIDE) {
          pieces.push(builder.finish());
          builder = new CellBuilder();
          waiting = 0;
        }
        playTo(directory);
        pass.enter(directory);
        units.enter(directory);
        before = directory;
        checked = -2;
      }
      const [start, end] = [cells.nameStart[at] as number, cells.nameStart[at + 1] as number];
      if (own !== checked) this.compare(pass, at, own);
      checked = own;
      const rule = pass.ruleOf(cells.names, start, end);
      builder.addMany({
        directory,
        kind: pass.kindOf(rule),
        unit: units.unitOf(rule, cells.names, start, end),
        classId: cells.classId[at] as number,
        state: cells.state[at] as number,
        flags: cells.flags[at] as number,
        isSmall: cells.isSmall[at] as number,
        lockedUntilDay: cells.lockedUntilDay[at] as number,
        writtenDay: cells.writtenDay[at] as number,
        clockDay: cells.clockDay[at] as number,
        count: cells.count[at] as number,
        bytes: cells.sizes[at] as number,
      });
      waiting += 1;
    }
    pieces.push(builder.finish());
    return joinCells(pieces);
  }

  /** Plays files until those of a directory are through: units know their files before cells ask for units. */
  private player(pass: DirectoryClassifier, units: UnitBuilder, rank: Uint32Array): (directory: number) => void {
    const { files } = this;
    const order = files.order(rank);
    let next = 0;
    return (directory) => {
      for (; next < order.length; next++) {
        const at = order[next] as number;
        const own = rank[files.directory[at] as number] as number;
        if (own > directory) return;
        pass.enter(own);
        units.enter(own);
        for (const row of files.rows(at)) units.see(pass.ruleOf(row.name, 0, row.name.length), row.name, 0, row.name.length, row);
      }
    };
  }

  /** The engine's word for the rule of a key is not taken on trust: one key of every directory and rule is judged again here. */
  private compare(pass: DirectoryClassifier, at: number, own: number): void {
    const { names, nameStart } = this.cells;
    const [start, end] = [nameStart[at] as number, nameStart[at + 1] as number];
    const here = pass.ownRule(names, start, end);
    if (here === own) return;
    const rule = (place: number): string => this.classifier.rules[place]?.id ?? 'no rule';
    throw new Disagreement(
      `"${pass.path}${new TextDecoder().decode(names.subarray(start, end))}" is of ${rule(here)}, not of ${rule(own)}`,
    );
  }
}
