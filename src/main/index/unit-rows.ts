import type Database from 'better-sqlite3';
import type { UnitState } from '../../contract/unit-views.ts';
import type { Confidence, Kind } from '../../contract/vocabulary.ts';
import type { Role } from '../../core/units/step.ts';
import { type Group, type PointerFile, type Unit, type Units, unitName } from '../../core/units/unit-builder.ts';

/** Stores the units of a snapshot; the caller holds the transaction. */
export function writeUnits(database: Database, snapshotId: number, { groups, units }: Pick<Units, 'groups' | 'units'>): void {
  const addGroup = database.prepare('INSERT INTO unit_groups (snapshot_id, group_id, kind, path, project) VALUES (?, ?, ?, ?, ?)');
  for (const [group, { kind, path, project }] of groups.entries()) addGroup.run(snapshotId, group, kind, path, project);
  const add = database.prepare(
    `INSERT INTO units (snapshot_id, unit_id, group_id, kind, rule_id, confidence, directory, stem, path, step, epoch, role, state, missing,
       day, files, versions, bytes, current_bytes, delete_markers, first_write_ms, last_write_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const unit of units()) {
    const { judgement } = unit;
    add.run(
      snapshotId,
      unit.unit,
      unit.group,
      unit.kind,
      unit.ruleId,
      unit.confidence,
      unit.directory,
      unit.stem,
      unit.path,
      unit.step,
      unit.epoch,
      unit.role,
      judgement.state,
      judgement.missing.length === 0 ? null : JSON.stringify(judgement.missing),
      unit.day,
      unit.files,
      unit.versions,
      unit.bytes,
      unit.currentBytes,
      unit.deleteMarkers,
      numberOrNull(unit.firstWriteMs),
      numberOrNull(unit.lastWriteMs),
    );
  }
}

/** Stores the small files of a snapshot that are worth reading. */
export function writePointerFiles(database: Database, snapshotId: number, pointers: readonly PointerFile[]): void {
  const add = database.prepare(
    'INSERT OR IGNORE INTO pointer_files (snapshot_id, directory, name, size_bytes, last_modified_ms) VALUES (?, ?, ?, ?, ?)',
  );
  for (const { directory, name, sizeBytes, lastModifiedMs } of pointers) add.run(snapshotId, directory, name, sizeBytes, lastModifiedMs);
}

export function readPointerFiles(database: Database, snapshotId: number): PointerFile[] {
  return database
    .prepare('SELECT directory, name, size_bytes, last_modified_ms FROM pointer_files WHERE snapshot_id = ? ORDER BY directory, name')
    .all(snapshotId)
    .map((row) => ({
      directory: Number(row.directory),
      name: String(row.name),
      sizeBytes: Number(row.size_bytes),
      lastModifiedMs: Number(row.last_modified_ms),
    }));
}

const numberOrNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** All units of a snapshot, in the order of their numbers, and the groups they belong to. */
export interface SnapshotUnits {
  readonly units: readonly Unit[];
  readonly groups: readonly Group[];
}

export function readUnits(database: Database, snapshotId: number): SnapshotUnits {
  const groups = database
    .prepare('SELECT kind, path, project FROM unit_groups WHERE snapshot_id = ? ORDER BY group_id')
    .all(snapshotId)
    .map((row): Group => ({ kind: row.kind as Kind, path: String(row.path), project: String(row.project) }));
  const units = database
    .prepare(
      `SELECT unit_id, group_id, kind, rule_id, confidence, directory, stem, path, step, epoch, role, state, missing, day, files, versions,
         bytes, current_bytes, delete_markers, first_write_ms, last_write_ms
       FROM units WHERE snapshot_id = ? ORDER BY unit_id`,
    )
    .raw()
    .all(snapshotId)
    .map((row) => unitOf(row as unknown as UnitRow));
  return { units, groups };
}

type UnitRow = readonly [
  unit: number,
  group: number,
  kind: Kind,
  ruleId: string,
  confidence: Confidence,
  directory: number,
  stem: string,
  path: string,
  step: number | null,
  epoch: number | null,
  role: Role,
  state: UnitState,
  missing: string | null,
  day: string | null,
  files: number,
  versions: number,
  bytes: number,
  currentBytes: number,
  deleteMarkers: number,
  firstWriteMs: number | null,
  lastWriteMs: number | null,
];

function unitOf(row: UnitRow): Unit {
  const [unit, group, kind, ruleId, confidence, directory, stem, path, step, epoch, role, state, missing, day, ...numbers] = row;
  const [files, versions, bytes, currentBytes, deleteMarkers, firstWriteMs, lastWriteMs] = numbers;
  return {
    unit,
    group,
    kind,
    ruleId,
    confidence,
    directory,
    stem,
    path,
    name: unitName(path, stem),
    step,
    epoch,
    role,
    judgement: { state, missing: missing === null ? [] : (JSON.parse(missing) as string[]) },
    day,
    files,
    versions,
    bytes,
    currentBytes,
    deleteMarkers,
    firstWriteMs: firstWriteMs ?? Number.NaN,
    lastWriteMs: lastWriteMs ?? Number.NaN,
  };
}
