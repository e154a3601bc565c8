import { appError } from '../../../contract/errors.ts';
import type { Progress } from '../../../contract/frames.ts';
import type { Snapshot } from '../../../contract/index-views.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import type { Damage, Verification } from '../../../contract/verify.ts';
import { MARKER, type PackedCube } from '../../../core/cube/group.ts';
import type { Unit } from '../../../core/units/unit-builder.ts';
import { openReadOnly, storageFailure } from '../database.ts';
import { type IndexReader, openIndex } from '../reader.ts';
import { checkRows } from './rows.ts';
import { checkFile, checkStored } from './stored.ts';
import { checkTree } from './tree.ts';

const MOST_TOLD = 100;

class Stopped extends Error {}

/** Reads an index from end to end and says what is not as it was written. */
export function verifyIndex(path: string, signal: AbortSignal, progress: (progress: Progress) => void): Result<Verification> {
  const opened = openReadOnly(path);
  if (!opened.ok) return opened;
  const database = opened.value;
  const damages: Damage[] = [];
  let damageCount = 0;
  const tellOf = (snapshotId: string | null) => (words: string) => {
    damageCount += 1;
    if (damages.length < MOST_TOLD) damages.push({ snapshotId, words });
  };
  const look = (): void => {
    if (signal.aborted) throw new Stopped();
  };
  const snapshots: Verification['snapshots'] = [];
  try {
    progress({ phase: 'Reading the file', done: 0 });
    reporting(tellOf(null), () => checkFile(database, tellOf(null)));
    const reader = openIndex(path);
    if (!reader.ok) return reader;
    for (const snapshot of [...reader.value.snapshots()].reverse()) {
      const { snapshotId } = snapshot;
      const tell = tellOf(snapshotId);
      const before = damageCount;
      progress({ phase: `Checksums of snapshot ${snapshotId}`, done: 0 });
      reporting(tell, () => checkStored(database, Number(snapshotId), tell, look));
      let rowsChecked = 0;
      // Numbers that are not what was written say nothing of the sums.
      if (damageCount === before) {
        const seen = (done: number): void => {
          look();
          progress({ phase: `Rows of snapshot ${snapshotId}`, done, total: snapshot.rows });
        };
        reporting(tell, () => {
          rowsChecked = checkSnapshot(reader.value, snapshot, tell, seen);
        });
      }
      snapshots.push({ snapshotId, rowsChecked, isSound: damageCount === before });
    }
  } catch (cause) {
    if (cause instanceof Stopped) return err(appError('Cancelled', 'Cancelled.'));
    return err(storageFailure(cause, path));
  } finally {
    database.close();
  }
  return ok({ isSound: damageCount === 0, damages, damageCount, snapshots });
}

/** What cannot even be read is damage like any other. */
function reporting(tell: (words: string) => void, check: () => void): void {
  try {
    check();
  } catch (cause) {
    if (cause instanceof Stopped) throw cause;
    tell(`It cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

function must<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(result.error.detail ?? result.error.message);
}

/** Tree, rows, cube and units of a snapshot; how many rows were read. */
function checkSnapshot(reader: IndexReader, snapshot: Snapshot, tell: (words: string) => void, look: (rows: number) => void): number {
  const { snapshotId } = snapshot;
  const cube = must(reader.cube(snapshotId));
  checkTree(cube.tree, tell);
  const { units } = must(reader.units(snapshotId));
  checkUnits(cube, units, tell);
  if (snapshot.rowsAt !== null) {
    checkCells(cube, snapshot, tell);
    return 0;
  }
  const places = must(reader.segmentPlaces(snapshotId, { from: 0, to: cube.tree.count }));
  return checkRows(snapshot, places, { cube, rules: reader.ruleCount(snapshotId), units: units.length }, tell, look);
}

/** Where rows lie elsewhere, cells have the totals alone. */
function checkCells(cube: PackedCube, snapshot: Snapshot, tell: (words: string) => void): void {
  const sums = { versions: 0, deleteMarkers: 0, bytes: 0 };
  for (let cell = 0; cell < cube.cellCount; cell++) {
    const isMarker = cube.state[cell] === MARKER;
    sums[isMarker ? 'deleteMarkers' : 'versions'] += cube.count[cell] as number;
    if (!isMarker) sums.bytes += cube.bytes[cell] as number;
  }
  for (const name of ['versions', 'deleteMarkers', 'bytes'] as const) {
    if (sums[name] !== snapshot[name]) tell(`Its cells have ${sums[name]} as ${name}, its record says ${snapshot[name]}.`);
  }
}

function checkUnits(cube: PackedCube, units: readonly Unit[], tell: (words: string) => void): void {
  const versions = new Float64Array(units.length);
  const bytes = new Float64Array(units.length);
  for (let cell = 0; cell < cube.cellCount; cell++) {
    const unit = cube.unit[cell] as number;
    if (unit < 0 || unit >= units.length || cube.state[cell] === MARKER) continue;
    versions[unit] = (versions[unit] as number) + (cube.count[cell] as number);
    bytes[unit] = (bytes[unit] as number) + (cube.bytes[cell] as number);
  }
  for (const { unit, path, versions: count, bytes: size } of units) {
    if (versions[unit] !== count || bytes[unit] !== size) {
      tell(`The unit "${path}" has other sums than its cells.`);
      return;
    }
  }
}
