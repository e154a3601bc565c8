import type Database from 'better-sqlite3';
import { UNIT_STATES, type UnitState } from '../../contract/unit-views.ts';
import { DAY_MS } from '../../contract/units.ts';
import { CONFIDENCES, type Confidence, KINDS, type Kind } from '../../contract/vocabulary.ts';
import type { Judgement } from '../../core/units/completeness.ts';
import { ROLES, type Role } from '../../core/units/step.ts';
import { type Group, type PointerFile, type Unit, type Units, unitName } from '../../core/units/unit-builder.ts';
import { type ListForm, readList, writeList } from './unit-columns.ts';

const GROUPS: ListForm<Group> = {
  list: 'groups',
  numbers: { kind: ({ kind }) => KINDS.indexOf(kind) },
  texts: { path: ({ path }) => path, project: ({ project }) => project },
};

/** `rules` collects the names of rules; units hold their places. */
const unitForm = (rules: Map<string, number>): ListForm<Unit> => ({
  list: 'units',
  numbers: {
    kind: ({ kind }) => KINDS.indexOf(kind),
    rule: ({ ruleId }) => placeIn(rules, ruleId),
    confidence: ({ confidence }) => CONFIDENCES.indexOf(confidence),
    directory: ({ directory }) => directory,
    group: ({ group }) => group,
    step: ({ step }) => step,
    epoch: ({ epoch }) => epoch,
    role: ({ role }) => ROLES.indexOf(role),
    state: ({ judgement }) => UNIT_STATES.indexOf(judgement.state),
    files: ({ files }) => files,
    versions: ({ versions }) => versions,
    bytes: ({ bytes }) => bytes,
    currentBytes: ({ currentBytes }) => currentBytes,
    deleteMarkers: ({ deleteMarkers }) => deleteMarkers,
    firstWriteMs: ({ firstWriteMs }) => firstWriteMs,
    lastWriteMs: ({ lastWriteMs }) => lastWriteMs,
    day: ({ day }) => (day === null ? null : Date.parse(day) / DAY_MS),
    textBytes: ({ textBytes }) => textBytes,
  },
  texts: {
    path: ({ path }) => path,
    stem: ({ stem }) => stem,
    missing: ({ judgement }) => (judgement.missing.length === 0 ? '' : JSON.stringify(judgement.missing)),
  },
});

function placeIn(names: Map<string, number>, name: string): number {
  const known = names.get(name);
  if (known !== undefined) return known;
  names.set(name, names.size);
  return names.size - 1;
}

/** Stores the units of a snapshot; the caller holds the transaction. */
export function writeUnits(database: Database, snapshotId: number, { groups, units }: Pick<Units, 'groups' | 'units'>): void {
  writeList(database, snapshotId, GROUPS, groups);
  const rules = new Map<string, number>();
  writeList(database, snapshotId, unitForm(rules), units());
  const add = database.prepare('INSERT INTO unit_rules (snapshot_id, place, rule_id) VALUES (?, ?, ?)');
  for (const [rule, place] of rules) add.run(snapshotId, place, rule);
}

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);
/** Most units miss nothing, and share what is said of them. */
const JUDGEMENTS: readonly Judgement[] = UNIT_STATES.map((state) => ({ state, missing: [] }));

/** All units of a snapshot, in the order of their numbers, and the groups they belong to. */
export interface SnapshotUnits {
  readonly units: readonly Unit[];
  readonly groups: readonly Group[];
}

export function readUnits(database: Database, snapshotId: number): SnapshotUnits {
  const rules = database
    .prepare('SELECT rule_id FROM unit_rules WHERE snapshot_id = ? ORDER BY place')
    .all(snapshotId)
    .map((row) => String(row.rule_id));
  const stored = readList(database, snapshotId, 'groups');
  const [groupKind, groupPath, project] = [stored.number('kind'), stored.text('path'), stored.text('project')];
  const groups = groupPath.map(
    (path, at): Group => ({ kind: KINDS[groupKind[at] as number] as Kind, path, project: project[at] as string }),
  );
  const list = readList(database, snapshotId, 'units');
  const [path, stem, missing] = [list.text('path'), list.text('stem'), list.text('missing')];
  const [kind, rule, confidence, role, state] = [
    list.number('kind'),
    list.number('rule'),
    list.number('confidence'),
    list.number('role'),
    list.number('state'),
  ];
  const [directory, group, step, epoch, day] = [
    list.number('directory'),
    list.number('group'),
    list.number('step'),
    list.number('epoch'),
    list.number('day'),
  ];
  const [files, versions, bytes, currentBytes] = [
    list.number('files'),
    list.number('versions'),
    list.number('bytes'),
    list.number('currentBytes'),
  ];
  const [deleteMarkers, firstWriteMs, lastWriteMs, textBytes] = [
    list.number('deleteMarkers'),
    list.number('firstWriteMs'),
    list.number('lastWriteMs'),
    list.number('textBytes'),
  ];
  const units = new Array<Unit>(list.entries);
  for (let unit = 0; unit < list.entries; unit++) {
    const words = missing[unit] as string;
    const [ownPath, ownStem, ownDay] = [path[unit] as string, stem[unit] as string, day[unit] as number];
    units[unit] = {
      unit,
      kind: KINDS[kind[unit] as number] as Kind,
      ruleId: rules[rule[unit] as number] as string,
      confidence: CONFIDENCES[confidence[unit] as number] as Confidence,
      path: ownPath,
      name: unitName(ownPath, ownStem),
      directory: directory[unit] as number,
      stem: ownStem,
      group: group[unit] as number,
      step: orNull(step[unit] as number),
      epoch: orNull(epoch[unit] as number),
      role: ROLES[role[unit] as number] as Role,
      judgement:
        words === ''
          ? (JUDGEMENTS[state[unit] as number] as Judgement)
          : { state: UNIT_STATES[state[unit] as number] as UnitState, missing: JSON.parse(words) as string[] },
      files: files[unit] as number,
      versions: versions[unit] as number,
      bytes: bytes[unit] as number,
      currentBytes: currentBytes[unit] as number,
      deleteMarkers: deleteMarkers[unit] as number,
      firstWriteMs: firstWriteMs[unit] as number,
      lastWriteMs: lastWriteMs[unit] as number,
      day: Number.isNaN(ownDay) ? null : new Date(ownDay * DAY_MS).toISOString().slice(0, 10),
      textBytes: textBytes[unit] as number,
    };
  }
  return { units, groups };
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
