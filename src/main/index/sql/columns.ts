import { CATEGORY_OF_KIND, KINDS, type Kind, VERSION_STATES } from '../../../contract/vocabulary.ts';
import { LOCKED_FOR_EVER, NOT_LOCKED } from '../../../core/cube/cube.ts';
import type { PackedCube } from '../../../core/cube/group.ts';
import { subtreeTotals } from '../../../core/cube/totals.ts';
import { IS_DELETE_MARKER, IS_HELD, IS_LATEST, IS_REPLICATION_BLOCKED } from '../../../core/inventory/row-batch.ts';
import { formatDay } from '../../../core/report/format.ts';
import type { Group, Unit } from '../../../core/units/unit-builder.ts';
import type { IndexRows } from '../rows.ts';

/** Whole numbers are bigint: SQLite would take a number for a floating one. */
export type SqlValue = string | bigint | null;

/** The columns of a table by name, each made from what the table has of a row. */
export type Columns<R> = Readonly<Record<string, (row: R) => SqlValue>>;

/** A row of the index and where it stands. */
export interface ObjectRow {
  readonly snapshotId: bigint;
  readonly cube: PackedCube;
  readonly rows: IndexRows;
  readonly row: number;
  readonly path: string;
  readonly ruleId: (rule: number) => string | null;
  readonly detailNames: readonly string[];
}

const ZERO = 0n;
const ONE = 1n;
const flag = (on: boolean): bigint => (on ? ONE : ZERO);
const has = ({ rows, row }: ObjectRow, bit: number): boolean => ((rows.flags[row] as number) & bit) !== 0;
const time = (ms: number): string | null => (Number.isNaN(ms) ? null : new Date(ms).toISOString());
const whole = (value: number | null): bigint | null => (value === null ? null : BigInt(value));
const classOf = (at: ObjectRow) => (has(at, IS_DELETE_MARKER) ? undefined : at.cube.classes[at.rows.classId[at.row] as number]);
const kindOf = ({ rows, row }: ObjectRow): Kind => KINDS[rows.kind[row] as number] ?? 'other';

function lockOf({ rows, row }: ObjectRow): string | null {
  const day = rows.lockedUntilDay[row] as number;
  return day === NOT_LOCKED ? null : day === LOCKED_FOR_EVER ? 'never' : formatDay(day);
}

function detailsOf({ rows, row, detailNames }: ObjectRow): string {
  const values = rows.details(row);
  return JSON.stringify(Object.fromEntries(detailNames.flatMap((name, at) => (values[at] ? [[name, values[at]]] : []))));
}

/** One row for every version and every delete marker. */
export const OBJECT_COLUMNS: Columns<ObjectRow> = {
  snapshot_id: ({ snapshotId }) => snapshotId,
  key: ({ rows, row, path }) => path + rows.name(row),
  directory: ({ path }) => path,
  name: ({ rows, row }) => rows.name(row),
  version_id: ({ rows, row }) => rows.versionId(row),
  state: ({ rows, row }) => VERSION_STATES[rows.state[row] as number] ?? 'current',
  is_latest: (at) => flag(has(at, IS_LATEST)),
  is_delete_marker: (at) => flag(has(at, IS_DELETE_MARKER)),
  size_bytes: ({ rows, row }) => BigInt(rows.sizeBytes[row] as number),
  last_modified: ({ rows, row }) => time(rows.lastModifiedMs[row] as number),
  last_modified_ms: ({ rows, row }) => BigInt(rows.lastModifiedMs[row] as number),
  noncurrent_since: (at) => (has(at, IS_LATEST) ? null : time(at.rows.clockMs[at.row] as number)),
  storage_class: (at) => classOf(at)?.storageClass ?? null,
  access_tier: (at) => classOf(at)?.accessTier || null,
  etag: ({ rows, row }) => rows.eTag(row),
  retain_until: ({ rows, row }) => time(rows.retainUntilMs[row] as number),
  locked_until: lockOf,
  is_held: (at) => flag(has(at, IS_HELD)),
  is_replication_blocked: (at) => flag(has(at, IS_REPLICATION_BLOCKED)),
  kind: kindOf,
  category: (at) => CATEGORY_OF_KIND[kindOf(at)],
  rule_id: ({ rows, row, ruleId }) => ruleId(rows.rule[row] as number),
  unit_id: ({ rows, row }) => ((rows.unit[row] as number) < 0 ? null : BigInt(rows.unit[row] as number)),
  details: detailsOf,
};

export interface DirectoryRow {
  readonly snapshotId: bigint;
  readonly cube: PackedCube;
  readonly directory: number;
}

/** One row for every directory, the root too; sums are over everything below it. */
export const DIRECTORY_COLUMNS: Columns<DirectoryRow> = {
  snapshot_id: ({ snapshotId }) => snapshotId,
  path: ({ cube, directory }) => cube.tree.path(directory),
  name: ({ cube, directory }) => cube.tree.name(directory),
  depth: ({ cube, directory }) => BigInt(cube.tree.depth[directory] as number),
  versions: ({ cube, directory }) => BigInt(subtreeTotals(cube).versions[directory] as number),
  bytes: ({ cube, directory }) => BigInt(subtreeTotals(cube).bytes[directory] as number),
  noncurrent_bytes: ({ cube, directory }) => BigInt(subtreeTotals(cube).noncurrentBytes[directory] as number),
  own_rows: ({ cube, directory }) => BigInt(subtreeTotals(cube).ownRows[directory] as number),
};

export interface UnitRow {
  readonly snapshotId: bigint;
  readonly unit: Unit;
  readonly group: Group | undefined;
}

/** One row for everything that is kept or deleted whole. */
export const UNIT_COLUMNS: Columns<UnitRow> = {
  snapshot_id: ({ snapshotId }) => snapshotId,
  unit_id: ({ unit }) => BigInt(unit.unit),
  kind: ({ unit }) => unit.kind,
  category: ({ unit }) => CATEGORY_OF_KIND[unit.kind],
  rule_id: ({ unit }) => unit.ruleId,
  confidence: ({ unit }) => unit.confidence,
  path: ({ unit }) => unit.path,
  name: ({ unit }) => unit.name,
  group_id: ({ unit }) => BigInt(unit.group),
  group_path: ({ group }) => group?.path ?? null,
  project: ({ group }) => group?.project ?? null,
  step: ({ unit }) => whole(unit.step),
  epoch: ({ unit }) => whole(unit.epoch),
  role: ({ unit }) => unit.role,
  state: ({ unit }) => unit.judgement.state,
  missing: ({ unit }) => JSON.stringify(unit.judgement.missing),
  day: ({ unit }) => unit.day,
  files: ({ unit }) => BigInt(unit.files),
  versions: ({ unit }) => BigInt(unit.versions),
  bytes: ({ unit }) => BigInt(unit.bytes),
  current_bytes: ({ unit }) => BigInt(unit.currentBytes),
  delete_markers: ({ unit }) => BigInt(unit.deleteMarkers),
  first_write: ({ unit }) => time(unit.firstWriteMs),
  last_write: ({ unit }) => time(unit.lastWriteMs),
};
