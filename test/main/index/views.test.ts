import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ChildrenSchema, type MapNode, MapNodeSchema, type Node, PivotSchema, SummarySchema } from '../../../src/contract/index-views.ts';
import { METHODS, type MethodName, type ParamsIn, type ResultOf } from '../../../src/contract/methods.ts';
import type { Result } from '../../../src/contract/result.ts';
import { AGE_BINS, CATEGORY_OF_KIND, type Kind } from '../../../src/contract/vocabulary.ts';
import { indexHandlers } from '../../../src/main/engine/handlers/index-views.ts';
import { AS_OF_MS, daysAgo, inFolder, META, type PlainRow, RESOURCES, row, writeIndex } from '../../support/index-rows.ts';

const context = {
  environment: { version: '0', dataDir: '', resourcesDir: RESOURCES, now: () => new Date(0) },
  signal: new AbortController().signal,
  progress: () => undefined,
};

async function call<M extends keyof typeof indexHandlers & MethodName>(method: M, params: ParamsIn<M>): Promise<Result<ResultOf<M>>> {
  const parsed = v.parse(METHODS[method].params, params);
  return (indexHandlers[method] as (params: unknown, context: unknown) => Promise<Result<ResultOf<M>>>)(parsed, context);
}

async function value<M extends keyof typeof indexHandlers & MethodName>(method: M, params: ParamsIn<M>): Promise<ResultOf<M>> {
  const result = await call(method, params);
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

const GB = 2 ** 30;
const CLASSES = ['STANDARD', 'STANDARD_IA', 'GLACIER', 'MOON_VAULT'];
const PLACES = [
  'ds/v1/part-',
  'ds/v2/part-',
  'runs/r1/checkpoint-100/model-',
  'runs/r2/checkpoint-5/optim-',
  'logs/a',
  'x',
  'ds/readme-',
  '',
];
const SUFFIXES = ['.parquet', '.bin', '.log', '.safetensors'];

/** A few thousand rows, the same every time. */
const ROWS: PlainRow[] = [];
for (let i = 0, seed = 12345; i < 3000; i++) {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
  const pick = (n: number, shift: number): number => (seed >>> shift) % n;
  const key = `${PLACES[pick(PLACES.length, 3)]}${pick(40, 7)}${SUFFIXES[pick(SUFFIXES.length, 11)]}`;
  const known = ROWS.some((other) => other.key === key && (other.state === 'current' || other.state === 'marker'));
  const isMarker = pick(13, 17) === 0;
  ROWS.push(
    row(key, {
      versionId: `v${i}`,
      state: known ? (isMarker ? 'old marker' : 'noncurrent') : isMarker ? 'marker' : 'current',
      sizeBytes: pick(5, 19) === 0 ? pick(131_072, 4) : pick(1 << 20, 2) * 4096,
      lastModifiedMs: daysAgo(pick(900, 9) + (known ? 900 : 0)),
      storageClass: CLASSES[pick(CLASSES.length, 23)] as string,
    }),
  );
}
const VERSIONS = ROWS.filter(({ state }) => state === 'current' || state === 'noncurrent');
const bytesOf = (rows: readonly PlainRow[]): number => rows.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
const ageDays = ({ lastModifiedMs }: PlainRow): number =>
  Math.max(0, Math.floor(AS_OF_MS / 86_400_000) - Math.floor(lastModifiedMs / 86_400_000));
const ageKey = (one: PlainRow): string => AGE_BINS.find(({ toDays }) => toDays === null || ageDays(one) <= toDays)?.key as string;

const rules = (JSON.parse(readFileSync(join(RESOURCES, 'classification-rules.json'), 'utf8')) as { rules: { kind: Kind; regex: string }[] })
  .rules;
const categoryOf = ({ key }: PlainRow): string => CATEGORY_OF_KIND[rules.find(({ regex }) => new RegExp(regex).test(key))?.kind ?? 'other'];

const folder = mkdtempSync(join(tmpdir(), 'isotherm-views-'));
const index = join(folder, 'x.db');
beforeAll(() => writeIndex(index, ROWS, { batchRows: 500 }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const KEYS_OF: Record<string, (one: PlainRow) => string> = {
  category: categoryOf,
  storageClass: ({ storageClass }) => storageClass,
  age: ageKey,
  state: ({ state }) => state,
  prefix: ({ key }) => key.slice(0, key.indexOf('/') + 1),
};

test.each(Object.keys(KEYS_OF))('the summary by %s adds up what the rows say', async (by) => {
  const summary = await value('index.summary', { index, by: by as 'age' });
  v.parse(SummarySchema, summary);
  const keyOf = KEYS_OF[by] as (one: PlainRow) => string;
  const expected = new Map<string, PlainRow[]>(by === 'age' ? AGE_BINS.map(({ key }) => [key, []]) : []);
  for (const one of VERSIONS) expected.set(keyOf(one), [...(expected.get(keyOf(one)) ?? []), one]);
  expect(new Map(summary.groups.map(({ key, versions, bytes }) => [key, { versions, bytes }]))).toEqual(
    new Map([...expected].map(([key, rows]) => [key, { versions: rows.length, bytes: bytesOf(rows) }])),
  );
  expect(summary.totals).toMatchObject({
    versions: VERSIONS.length,
    deleteMarkers: ROWS.length - VERSIONS.length,
    bytes: bytesOf(VERSIONS),
  });
  expect(summary.asOf).toBe(new Date(AS_OF_MS).toISOString());
});

test('groups come in the order of the vocabulary, prefixes by bytes', async () => {
  const keys = async (by: 'category' | 'storageClass' | 'age' | 'state'): Promise<string[]> =>
    (await value('index.summary', { index, by })).groups.map(({ key }) => key);
  expect(await keys('storageClass')).toEqual(CLASSES);
  expect(await keys('age')).toEqual(AGE_BINS.map(({ key }) => key));
  expect(await keys('state')).toEqual(['current', 'noncurrent']);
  expect(await keys('category')).toEqual(
    ['dataset', 'checkpoint', 'log', 'model', 'other'].filter((one) => VERSIONS.some((r) => categoryOf(r) === one)),
  );
  const bytes = (await value('index.summary', { index, by: 'prefix' })).groups.map((group) => group.bytes);
  expect(bytes).toEqual([...bytes].sort((a, b) => b - a));
});

test('a storage class without a price has no amount, is in no total and is named in a warning', async () => {
  const summary = await value('index.summary', { index, by: 'storageClass' });
  const amounts = summary.groups.map(({ monthlyNanoUsd }) => monthlyNanoUsd);
  expect(amounts[3]).toBeNull();
  const sum = amounts.reduce((total, amount) => total + BigInt(amount ?? 0), 0n);
  const difference = sum - BigInt(summary.totals.monthlyNanoUsd);
  expect(difference > -4n && difference < 4n).toBe(true);
  const moon = VERSIONS.filter(({ storageClass }) => storageClass === 'MOON_VAULT');
  expect(summary.warnings.join()).toContain(`"MOON_VAULT"`);
  expect(summary.warnings.join()).toContain(`${moon.length} versions with ${bytesOf(moon)} bytes`);
  expect(summary.warnings.join()).not.toContain('"STANDARD"');
});

test('one GiB of STANDARD in us-east-1 is 23,000,000 nano-dollars a month', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'one.db');
    await writeIndex(path, [row('a/b', { sizeBytes: GB }), row('a/gone', { state: 'marker' })]);
    const { totals, prices, warnings } = await value('index.summary', { index: path, by: 'age' });
    expect(totals).toEqual({ versions: 1, deleteMarkers: 1, bytes: GB, monthlyNanoUsd: '23000000' });
    expect(prices).toMatchObject({ region: 'us-east-1', assumed: false });
    expect(warnings).toEqual([]);
    const elsewhere = await value('index.summary', { index: path, by: 'age', region: 'eu-central-1' });
    expect(elsewhere.totals.monthlyNanoUsd).toBe('24500000');
    const unknown = await call('index.summary', { index: path, by: 'age', region: 'moon-west-1' });
    expect(unknown.ok ? null : unknown.error.code).toBe('RegionUnknown');
  });
});

test('an unknown region is priced as us-east-1 and says so', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'one.db');
    await writeIndex(path, [row('a/b')], { meta: { ...META, region: null } });
    const { prices, warnings } = await value('index.summary', { index: path, by: 'age' });
    expect(prices).toMatchObject({ region: 'us-east-1', assumed: true });
    expect(warnings.join()).toContain('assumed');
  });
});

test.each(['ds/', 'ds/v', 'ds/v1/', 'ds/v1/part-1', 'runs/r1', 'x', 'logs/a1', 'x1.', 'ds/r'])(
  'the prefix %s covers exactly the keys that begin with it',
  async (prefix) => {
    const summary = await value('index.summary', { index, by: 'prefix', prefix });
    const under = VERSIONS.filter(({ key }) => key.startsWith(prefix));
    const markers = ROWS.filter(({ key, state }) => key.startsWith(prefix) && state.endsWith('marker')).length;
    expect(under.length).toBeGreaterThan(0);
    expect(summary.totals).toMatchObject({ versions: under.length, bytes: bytesOf(under), deleteMarkers: markers });
    const base = prefix.lastIndexOf('/') + 1;
    const expected = new Map<string, number>();
    for (const { key, sizeBytes } of under) {
      const slash = key.indexOf('/', base);
      const group = slash < 0 ? '' : key.slice(0, slash + 1);
      expected.set(group, (expected.get(group) ?? 0) + sizeBytes);
    }
    expect(new Map(summary.groups.map(({ key, bytes }) => [key, bytes]))).toEqual(expected);
  },
);

test.each(['nowhere/', 'ds/q', 'y', 'ds/v1/part-1/'])('the prefix %s, which holds nothing, is refused in words', async (prefix) => {
  const result = await call('index.summary', { index, by: 'age', prefix });
  expect(result.ok ? null : result.error).toMatchObject({ code: 'Usage', field: 'prefix' });
});

test.each([
  ['age', 'category'],
  ['storageClass', 'state'],
  ['prefix', 'prefix'],
  ['prefix', 'age'],
] as const)('the pivot of %s by %s has one cell for every pair that holds anything', async (by, across) => {
  const pivot = await value('index.pivot', { index, row: by, column: across });
  v.parse(PivotSchema, pivot);
  const expected = new Map<string, { versions: number; bytes: number }>();
  for (const one of VERSIONS) {
    const key = `${KEYS_OF[by]?.(one)}|${KEYS_OF[across]?.(one)}`;
    const known = expected.get(key) ?? { versions: 0, bytes: 0 };
    expected.set(key, { versions: known.versions + 1, bytes: known.bytes + one.sizeBytes });
  }
  expect(new Map(pivot.cells.map(({ row: r, column, versions, bytes }) => [`${r}|${column}`, { versions, bytes }]))).toEqual(expected);
});

function checkNode(node: Node): void {
  if (node.type === 'version') return;
  const below = VERSIONS.filter(({ key }) => key.startsWith(node.path));
  const days = below.map(({ lastModifiedMs }) => Math.floor(lastModifiedMs / 86_400_000));
  expect(node).toMatchObject({
    versions: below.length,
    bytes: bytesOf(below),
    noncurrentBytes: bytesOf(below.filter(({ state }) => state === 'noncurrent')),
    deleteMarkers: ROWS.filter(({ key, state }) => key.startsWith(node.path) && state.endsWith('marker')).length,
    oldestWriteDay: days.length === 0 ? null : Math.min(...days),
    newestWriteDay: days.length === 0 ? null : Math.max(...days),
  });
  expect(node.bytesByAge).toEqual(AGE_BINS.map(({ key }) => bytesOf(below.filter((one) => ageKey(one) === key))));
  expect(new Map(node.bytesByClass)).toEqual(
    new Map(
      [...new Set(below.map((one) => one.storageClass))].map((name) => [name, bytesOf(below.filter((one) => one.storageClass === name))]),
    ),
  );
  expect(node.bytesByCategory.reduce((sum, [, bytes]) => sum + bytes, 0)).toBe(node.bytes);
}

test.each(['', 'ds/', 'ds/v1/', 'runs/'])('what lies directly under "%s" comes whole, page by page, in every order', async (prefix) => {
  const first = await value('tree.children', { index, prefix, limit: 1000 });
  v.parse(ChildrenSchema, first);
  checkNode(first.parent);
  const own = ROWS.filter(({ key }) => key.startsWith(prefix) && !key.slice(prefix.length).includes('/'));
  const directories = new Set(
    ROWS.filter(({ key }) => key.startsWith(prefix) && key.slice(prefix.length).includes('/')).map(({ key }) =>
      key.slice(0, key.indexOf('/', prefix.length) + 1),
    ),
  );
  expect(first.total).toBe(own.length + directories.size);
  expect(first.parent.childCount).toBe(first.total);
  expect(new Set(first.nodes.filter(({ type }) => type === 'directory').map(({ path }) => path))).toEqual(directories);
  for (const node of first.nodes) checkNode(node);
  const ids = (nodes: readonly Node[]): string[] => nodes.map(({ path, version }) => `${path}@${version?.versionId ?? ''}`);
  expect(ids(first.nodes).sort()).toEqual(
    [...own.map(({ key, versionId }) => `${key}@${versionId}`), ...[...directories].map((one) => `${one}@`)].sort(),
  );
  for (const sort of ['name', 'bytes', 'versions', 'monthlyNanoUsd', 'newestWriteDay', 'noncurrentBytes'] as const) {
    for (const descending of [true, false]) {
      const all = await value('tree.children', { index, prefix, sort, descending, limit: 1000 });
      const pages: string[] = [];
      for (let offset = 0; offset < all.total + 30; offset += 30) {
        pages.push(...ids((await value('tree.children', { index, prefix, sort, descending, offset, limit: 30 })).nodes));
      }
      expect(pages).toEqual(ids(all.nodes));
      if (sort === 'name' || sort === 'monthlyNanoUsd') continue;
      const measured = all.nodes.map((node) => node[sort] ?? Number.NEGATIVE_INFINITY);
      expect(measured).toEqual([...measured].sort((a, b) => (descending ? -1 : 1) * (a < b ? -1 : a > b ? 1 : 0)));
    }
  }
});

test('sorting by cost puts the dearest first', async () => {
  const { nodes } = await value('tree.children', { index, prefix: 'ds/v1/', sort: 'monthlyNanoUsd', limit: 1000 });
  const amounts = nodes.map(({ monthlyNanoUsd }) => Number(monthlyNanoUsd ?? 0));
  for (let i = 1; i < amounts.length; i++) expect(amounts[i]! - amounts[i - 1]!).toBeLessThanOrEqual(1);
});

test('versions are listed by key, the newest first', async () => {
  const { nodes } = await value('tree.children', { index, prefix: 'ds/v1/', sort: 'name', descending: false, limit: 1000 });
  const expected = ROWS.map((one, at) => ({ one, at }))
    .filter(({ one }) => one.key.startsWith('ds/v1/'))
    .sort(
      (a, b) =>
        Buffer.compare(Buffer.from(a.one.key), Buffer.from(b.one.key)) || b.one.lastModifiedMs - a.one.lastModifiedMs || a.at - b.at,
    )
    .map(({ one }) => `${one.key}@${one.lastModifiedMs}`);
  expect(nodes.map(({ path, version }) => `${path}@${Date.parse(version?.lastModified ?? '')}`)).toEqual(expected);
});

test('a delete marker is listed with no class, no bytes and no price of its own', async () => {
  const { nodes } = await value('tree.children', { index, prefix: 'ds/v1/', limit: 1000 });
  const markers = nodes.filter(({ version }) => version?.isDeleteMarker);
  expect(markers.length).toBeGreaterThan(0);
  for (const marker of markers) {
    expect(marker).toMatchObject({
      versions: 0,
      deleteMarkers: 1,
      bytes: 0,
      monthlyNanoUsd: '0',
      bytesByClass: [],
      version: { storageClass: '' },
    });
  }
});

test.each([
  [3, 1500],
  [2, 4],
  [1, 1],
  [6, 6],
])('the map of depth %i and limit %i shows the largest directories and sums the rest', async (depth, limit) => {
  const map = await value('tree.map', { index, prefix: '', depth, limit });
  v.parse(MapNodeSchema, map);
  let count = 0;
  let deepest = 0;
  let smallest = Number.POSITIVE_INFINITY;
  const visit = (node: MapNode, level: number): void => {
    count += 1;
    deepest = Math.max(deepest, level);
    smallest = Math.min(smallest, node.bytes);
    checkNode(node);
    const shown = node.children.reduce((sum, child) => sum + child.bytes, 0);
    expect(node.rest).toEqual({ bytes: node.bytes - shown, count: node.childCount - node.children.length });
    expect(node.children.map(({ bytes }) => bytes)).toEqual(node.children.map(({ bytes }) => bytes).sort((a, b) => b - a));
    for (const child of node.children) visit(child, level + 1);
  };
  visit(map, 0);
  const all = new Set(
    ROWS.flatMap(({ key }) =>
      key
        .split('/')
        .slice(0, -1)
        .map((_, i, parts) => `${parts.slice(0, i + 1).join('/')}/`),
    ),
  );
  const within = [...all].filter((path) => path.split('/').length - 1 <= depth);
  expect(count).toBe(Math.min(limit, within.length + 1));
  expect(deepest).toBeLessThanOrEqual(depth);
  const larger = within.filter((path) => bytesOf(VERSIONS.filter(({ key }) => key.startsWith(path))) > smallest);
  expect(larger.length).toBeLessThan(count);
});

test('one index always prints the same bytes', async () => {
  const print = async (path: string): Promise<string> =>
    JSON.stringify([
      await value('index.snapshots', { index: path }),
      await value('index.summary', { index: path, by: 'prefix' }),
      await value('tree.children', { index: path, prefix: 'ds/' }),
      await value('tree.map', { index: path, prefix: '' }),
    ]);
  const first = await print(index);
  expect(await print(index)).toBe(first);
  await inFolder(async (folder) => {
    const again = join(folder, 'x.db');
    await writeIndex(again, ROWS, { batchRows: 11 });
    expect(await print(again)).toBe(first);
  });
});

test('a named snapshot is shown instead of the newest', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'x.db');
    await writeIndex(path, [row('a/1')]);
    await writeIndex(path, [row('a/1'), row('a/2')], { meta: { ...META, manifestMd5: 'second' } });
    const versions = async (snapshotId?: string): Promise<number> =>
      (await value('index.summary', { index: path, by: 'age', snapshotId })).totals.versions;
    expect([await versions(), await versions('1'), await versions('2')]).toEqual([2, 1, 2]);
    const missing = await call('index.summary', { index: path, by: 'age', snapshotId: '7' });
    expect(missing.ok ? null : missing.error.code).toBe('SnapshotNotFound');
  });
});
