import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KINDS, VERSION_STATES } from '../../../src/contract/vocabulary.ts';
import { LOCKED_FOR_EVER, MULTI, NOT_LOCKED, REPLICATION_BLOCKED, SUPERSEDED } from '../../../src/core/cube/cube.ts';
import { openIndex } from '../../../src/main/index/reader.ts';
import { AS_OF_MS, daysAgo, inFolder, type PlainRow, RESOURCES, row, writeIndex } from '../../support/index-rows.ts';

type Rule = { id: string; kind: string; regex: string };
const rules = (JSON.parse(readFileSync(join(RESOURCES, 'classification-rules.json'), 'utf8')) as { rules: Rule[] }).rules.map((rule) => ({
  ...rule,
  pattern: new RegExp(rule.regex),
}));

interface Judged {
  readonly row: PlainRow;
  readonly directory: string;
  readonly kind: string;
  readonly clockMs: number;
  readonly isMulti: boolean;
  readonly lockedUntilDay: number;
}

/** A lock as `Cube` has it; what is over by the time of the snapshot is none. */
function lockOf({ state, retainUntilMs, isHeld }: PlainRow): number {
  if (state === 'marker' || state === 'old marker') return NOT_LOCKED;
  if (isHeld) return LOCKED_FOR_EVER;
  return retainUntilMs !== null && retainUntilMs > AS_OF_MS ? midnight(retainUntilMs) : NOT_LOCKED;
}

/** Row by row, the slow and obvious way. Rows of one key: the latest first, then by time, those of equal times as they came. */
function judge(rows: readonly PlainRow[]): Judged[] {
  const isLatest = ({ state }: PlainRow): boolean => state === 'current' || state === 'marker';
  const tables = new Set<string>();
  for (const { key } of rows) {
    const rule = rules.find(({ pattern }) => pattern.test(key));
    if (rule?.kind === 'dataset_live_table') tables.add(`${rule.pattern.exec(key)?.groups?.table}/`);
  }
  return rows.map((one, index) => {
    const same = rows
      .map((other, at) => ({ other, at }))
      .filter(({ other }) => other.key === one.key)
      .sort(
        (a, b) => Number(isLatest(b.other)) - Number(isLatest(a.other)) || b.other.lastModifiedMs - a.other.lastModifiedMs || a.at - b.at,
      );
    const successor = same[same.findIndex(({ at }) => at === index) - 1];
    const rule = rules.find(({ pattern }) => pattern.test(one.key));
    const directory = one.key.slice(0, one.key.lastIndexOf('/') + 1);
    const isLive = [...tables].some((table) => directory.startsWith(table));
    return {
      row: one,
      directory,
      kind: isLive ? 'dataset_live_table' : (rule?.kind ?? 'other'),
      clockMs: isLatest(one) ? one.lastModifiedMs : successor ? Math.max(one.lastModifiedMs, successor.other.lastModifiedMs) : AS_OF_MS,
      isMulti: same.length > 1,
      lockedUntilDay: lockOf(one),
    };
  });
}

const day = (ms: number): number => Math.floor(ms / 86_400_000);
/** The first midnight from an instant on. */
const midnight = (ms: number): number => Math.ceil(ms / 86_400_000);
const stateOf = ({ state }: PlainRow): string => (state === 'old marker' ? 'marker' : state);

/** Cells as text -> [count, bytes]. */
function expectedCells(judged: readonly Judged[]): Map<string, [number, number]> {
  const cells = new Map<string, [number, number]>();
  for (const { row: one, directory, kind, clockMs, isMulti, lockedUntilDay } of judged) {
    const isMarker = stateOf(one) === 'marker';
    const storageClass = isMarker ? '-' : one.storageClass;
    const size = isMarker ? 0 : one.sizeBytes;
    const key = [
      directory,
      kind,
      storageClass,
      size < 131_072,
      stateOf(one),
      day(one.lastModifiedMs),
      midnight(clockMs),
      isMulti,
      one.state === 'old marker',
      one.isBlocked,
      lockedUntilDay,
    ].join('|');
    const [count, bytes] = cells.get(key) ?? [0, 0];
    cells.set(key, [count + 1, bytes + size]);
  }
  return cells;
}

const HOSTILE = [
  'a',
  'a/',
  'a/b',
  'a//b',
  '/',
  '/x',
  '//',
  '=1+1',
  'a%2Fb',
  'a b+c',
  '\u202eevil',
  '😀/雪.bin',
  'a/b/',
  'A/b',
  `${'d/'.repeat(511)}ab`,
  'é',
  'e\u0301',
  'x'.repeat(1024),
];
const USUAL = [
  'runs/r1/checkpoint-500/model.safetensors',
  'runs/r1/checkpoint-500/optimizer.pt',
  'lake/t/_delta_log/00000000000000000001.json',
  'lake/t/part-0001.parquet',
  'lake/t/dt=2024-01-01/part-0002.parquet',
  'lake/t2/part-0003.parquet',
  'logs/app.log.gz',
  'wandb/run-20240101_010101-ab12cd34/files/config.yaml',
];

const rowArbitrary: fc.Arbitrary<PlainRow> = fc.record({
  key: fc.constantFrom(...HOSTILE, ...USUAL),
  versionId: fc.constantFrom('', 'v1', '3HL4kqtJlcpXroDTDmJ+rmSpXd3dIbrH'),
  state: fc.constantFrom('current', 'noncurrent', 'noncurrent', 'marker', 'old marker'),
  sizeBytes: fc.constantFrom(0, 1, 131_071, 131_072, 5_000_000_000_000),
  lastModifiedMs: fc.constantFrom(daysAgo(400), daysAgo(31) + 1, daysAgo(30), daysAgo(1), AS_OF_MS - 1, daysAgo(-2)),
  storageClass: fc.constantFrom('STANDARD', 'GLACIER', 'MOON_VAULT'),
  eTag: fc.constant(''),
  isBlocked: fc.boolean(),
  isHeld: fc.constantFrom(false, false, true),
  retainUntilMs: fc.constantFrom(null, null, AS_OF_MS, AS_OF_MS + 1, daysAgo(-30), Date.UTC(2027, 0, 1)),
});

test('an index holds the cells, clocks and versions that judging every row by itself gives', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(rowArbitrary, { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 9 }), async (rows, batchRows) => {
      await inFolder(async (folder) => {
        const path = join(folder, 'x.db');
        const snapshot = await writeIndex(path, rows, { batchRows });
        const judged = judge(rows);
        const reader = openIndex(path);
        if (!reader.ok) throw new Error(reader.error.message);
        const cube = reader.value.cube(snapshot.snapshotId);
        if (!cube.ok) throw new Error(cube.error.message);
        const { tree } = cube.value;
        const found = new Map<string, [number, number]>();
        for (let cell = 0; cell < cube.value.cellCount; cell++) {
          const state = VERSION_STATES[cube.value.state[cell]!]!;
          const key = [
            tree.path(cube.value.directory[cell]!),
            KINDS[cube.value.kind[cell]!],
            state === 'marker' ? '-' : cube.value.classes[cube.value.classId[cell]!]?.storageClass,
            cube.value.isSmall[cell] === 1,
            state,
            cube.value.writtenDay[cell],
            cube.value.clockDay[cell],
            (cube.value.flags[cell]! & MULTI) !== 0,
            (cube.value.flags[cell]! & SUPERSEDED) !== 0,
            (cube.value.flags[cell]! & REPLICATION_BLOCKED) !== 0,
            cube.value.lockedUntilDay[cell],
          ].join('|');
          expect(found.has(key), 'every cell is there once').toBe(false);
          found.set(key, [cube.value.count[cell]!, cube.value.bytes[cell]!]);
        }
        expect(found).toEqual(expectedCells(judged));
        for (const directory of new Set(judged.map((one) => one.directory))) {
          const at = tree.find(directory);
          expect(tree.path(at)).toBe(directory);
          const versions = reader.value.versionsIn(snapshot.snapshotId, at);
          if (!versions.ok) throw new Error(versions.error.message);
          const listed = Array.from({ length: versions.value.rows }, (_, i) =>
            JSON.stringify([
              directory + versions.value.name(i),
              versions.value.versionId(i),
              versions.value.sizeBytes[i],
              versions.value.lastModifiedMs[i],
              versions.value.clockMs[i],
              versions.value.lockedUntilDay[i],
              versions.value.cubeFlags[i],
              KINDS[versions.value.kind[i]!],
            ]),
          ).sort();
          const expected = judged
            .filter((one) => one.directory === directory)
            .map((one) =>
              JSON.stringify([
                one.row.key,
                one.row.versionId || null,
                stateOf(one.row) === 'marker' ? 0 : one.row.sizeBytes,
                one.row.lastModifiedMs,
                one.clockMs,
                one.lockedUntilDay,
                (one.row.isBlocked ? REPLICATION_BLOCKED : 0) |
                  (one.isMulti ? MULTI : 0) |
                  (one.row.state === 'old marker' ? SUPERSEDED : 0),
                one.kind,
              ]),
            )
            .sort();
          expect(listed).toEqual(expected);
        }
      });
    }),
    { seed: 42, numRuns: 60 },
  );
});

test('the tree is in pre-order, siblings in byte order, and finds every path of a hostile bucket', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'x.db');
    await writeIndex(
      path,
      [...HOSTILE, ...USUAL].map((key) => row(key)),
    );
    const reader = openIndex(path);
    if (!reader.ok) throw new Error(reader.error.message);
    const cube = reader.value.cube('1');
    if (!cube.ok) throw new Error(cube.error.message);
    const { tree } = cube.value;
    for (let d = 0; d < tree.count; d++) {
      expect(tree.find(tree.path(d))).toBe(d);
      const children = [...tree.children(d)];
      expect(children.every((child) => tree.parent[child] === d)).toBe(true);
      const names = children.map((child) => Buffer.from(tree.name(child)));
      expect(names).toEqual([...names].sort(Buffer.compare));
      expect(tree.childCount(d)).toBe(children.length);
    }
    expect(tree.find('a')).toBe(-1);
    expect(tree.find('nowhere/')).toBe(-1);
    expect(tree.path(tree.find('a//'))).toBe('a//');
  });
});

test('checkpoint steps and tables are units, and what lies inside a live table is not', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'x.db');
    await writeIndex(
      path,
      [...USUAL, 'lake/t/checkpoint-5/model.safetensors'].map((key) => row(key)),
    );
    const reader = openIndex(path);
    if (!reader.ok) throw new Error(reader.error.message);
    const cube = reader.value.cube('1');
    if (!cube.ok) throw new Error(cube.error.message);
    const isUnit = (directory: string): boolean => cube.value.tree.isUnitRoot[cube.value.tree.find(directory)] === 1;
    expect(isUnit('runs/r1/checkpoint-500/')).toBe(true);
    expect(isUnit('runs/r1/')).toBe(false);
    expect(isUnit('lake/t/')).toBe(true);
    expect(isUnit('lake/t/checkpoint-5/')).toBe(false);
  });
});

test('a noncurrent version without its successor counts from the snapshot and is reported', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'x.db');
    const snapshot = await writeIndex(path, [row('a/x', { state: 'noncurrent' }), row('a/y')]);
    expect(snapshot.warnings.join()).toMatch(/^1 noncurrent version came without a successor/);
    const reader = openIndex(path);
    const versions = reader.ok ? reader.value.versionsIn('1', 1) : reader;
    expect(versions.ok && versions.value.clockMs[0]).toBe(AS_OF_MS);
  });
});
