import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Result } from '../../../src/contract/result.ts';
import type { TagCoverage } from '../../../src/contract/tags.ts';
import { openIndex } from '../../../src/main/index/reader.ts';
import { readTagsInto, tagCoverage } from '../../../src/main/tags/read-tags.ts';
import { type StubVersion, storeOf } from '../../servers/s3-stub/store.ts';
import { type Stub, startStub } from '../../servers/s3-stub/stub.ts';
import { daysAgo, META, type PlainRow, row, writeIndex } from '../../support/index-rows.ts';

const NOW = new Date('2026-11-21T00:00:00Z');
const ROWS: PlainRow[] = Array.from({ length: 360 }, (_, i) => {
  const key = ['runs/a%2F/+', 'runs/é=1/x ', 'other/'][i % 3] + String(i >> 2);
  return row(key, { versionId: `v${i}`, state: i % 10 === 9 ? 'marker' : 'current', lastModifiedMs: daysAgo(i % 90) });
});
// Of each key the first row is the latest.
const seen = new Set<string>();
const VERSIONS = ROWS.map((one): PlainRow => {
  const isFirst = !seen.has(one.key);
  seen.add(one.key);
  return isFirst ? one : { ...one, state: one.state === 'marker' ? 'old marker' : 'noncurrent', lastModifiedMs: daysAgo(100) };
});
const tagsOf = (versionId: string): [string, string][] => {
  const i = Number(versionId.slice(1));
  return i % 4 === 0
    ? []
    : i % 4 === 1
      ? [['team', 'ml']]
      : [
          ['stage', `${i % 5}`],
          ['team', 'ops'],
        ];
};
const isMarker = ({ state }: PlainRow): boolean => state.endsWith('marker');
const ASKED = VERSIONS.filter((one) => !isMarker(one));

let folder: string;
let index: string;
let stub: Stub;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'isotherm-tags-'));
  index = join(folder, 'x.db');
  process.env.AWS_ACCESS_KEY_ID = 'AKIDEXAMPLE';
  process.env.AWS_SECRET_ACCESS_KEY = 'secret';
  const entries: Record<string, StubVersion[]> = {};
  for (const one of VERSIONS) {
    const kept = entries[one.key] ?? [];
    entries[one.key] = kept;
    kept.push({ versionId: one.versionId, isDeleteMarker: isMarker(one), tags: tagsOf(one.versionId) });
  }
  stub = await startStub({ buckets: { 'ml-bucket': storeOf(entries) } });
  await writeIndex(index, VERSIONS, { meta: META, batchRows: 500 });
});
afterEach(async () => {
  await stub.close();
  rmSync(folder, { recursive: true, force: true });
});

const read = (more: Partial<Parameters<typeof readTagsInto>[0]> = {}): Promise<Result<TagCoverage>> =>
  readTagsInto({
    index,
    prefix: '',
    perSecond: 5000,
    remote: { endpoint: stub.endpoint, region: 'us-east-1', pathStyle: true },
    now: () => NOW,
    signal: new AbortController().signal,
    progress: () => undefined,
    ...more,
  });

function known(): Map<string, unknown> {
  const reader = openIndex(index);
  if (!reader.ok) throw new Error(reader.error.code);
  const tags = reader.value.tags('1');
  if (!tags.ok) throw new Error(tags.error.code);
  return new Map(
    ASKED.flatMap(({ key, versionId }) => {
      const found = tags.value?.of(key, versionId);
      return found === undefined ? [] : [[versionId, found]];
    }),
  );
}
const expected = (rows: readonly PlainRow[]) => new Map(rows.map(({ versionId }) => [versionId, tagsOf(versionId)]));

test('every version has the tags it has there, although the service asks to slow down and breaks off', async () => {
  let calls = 0;
  stub.fault = ({ operation }) => {
    calls += operation === 'GetObjectTagging' ? 1 : 0;
    if (calls % 90 === 7) return { status: 503, code: 'SlowDown' };
    return calls % 150 === 5 ? { cutAfterBytes: 20 } : undefined;
  };
  const done = await read();
  expect(done).toEqual({
    ok: true,
    value: {
      snapshotId: '1',
      versions: ASKED.length,
      known: ASKED.length,
      scopes: [
        { prefix: '', begun: NOW.toISOString(), ended: NOW.toISOString(), versions: ASKED.length, read: ASKED.length, refused: 0, gone: 0 },
      ],
    },
  });
  expect(known()).toEqual(expected(ASKED));
  const before = stub.counts.GetObjectTagging;
  expect(await read()).toEqual(done);
  expect(stub.counts.GetObjectTagging).toBe(before);
});

test('what was read stays when it is stopped, and the next call asks for the rest alone', async () => {
  const stop = new AbortController();
  let answered = 0;
  stub.fault = () => {
    answered += 1;
    if (answered === 200) stop.abort();
    return undefined;
  };
  const stopped = await read({ signal: stop.signal });
  expect(!stopped.ok && stopped.error.code).toBe('Cancelled');
  const half = tagCoverage(index, undefined);
  if (!half.ok) throw new Error(half.error.code);
  expect(half.value.known).toBeGreaterThan(100);
  expect(half.value.known).toBeLessThan(ASKED.length);
  expect(half.value.scopes).toMatchObject([{ ended: null, read: half.value.known }]);
  const before = new Set(known().keys());
  const again = new Set<string>();
  stub.fault = ({ query }) => {
    again.add(query.get('versionId') ?? '');
    return undefined;
  };
  const done = await read();
  expect(done.ok && done.value.known).toBe(ASKED.length);
  expect(again.size).toBe(ASKED.length - before.size);
  expect([...again].filter((id) => before.has(id))).toEqual([]);
  expect(known()).toEqual(expected(ASKED));
});

test('only keys below the prefix are asked for, and the scope says so', async () => {
  const done = await read({ prefix: 'runs/é' });
  const below = ASKED.filter(({ key }) => key.startsWith('runs/é'));
  expect(stub.counts.GetObjectTagging).toBe(below.length);
  expect(done.ok && done.value).toMatchObject({ known: below.length, scopes: [{ prefix: 'runs/é', versions: below.length }] });
  expect(known()).toEqual(expected(below));
});

test('what is refused or gone is counted and stays unknown', async () => {
  stub.fault = ({ key }) => (key.startsWith('other/') ? { status: 403, code: 'AccessDenied' } : undefined);
  await writeIndex(index, [row('runs/a%2F/nowhere', { versionId: 'x' }), ...VERSIONS], { meta: { ...META, manifestMd5: 'second' } });
  const done = await read();
  const allowed = ASKED.filter(({ key }) => !key.startsWith('other/'));
  expect(done.ok && done.value).toMatchObject({
    snapshotId: '2',
    known: allowed.length,
    scopes: [{ read: allowed.length, refused: ASKED.length - allowed.length, gone: 1, ended: NOW.toISOString() }],
  });
});

test('refuse-no-right-at-all', async () => {
  stub.fault = () => ({ status: 403, code: 'AccessDenied' });
  const done = await read();
  expect(!done.ok && [done.error.code, /s3:GetObjectTagging/.test(done.error.message)]).toEqual(['AccessDenied', true]);
  // A few were on their way already.
  expect(stub.counts.GetObjectTagging).toBeLessThan(200);
});

test('no more are asked for in a second than was said', async () => {
  const begun = performance.now();
  await read({ prefix: 'other/', perSecond: 100 });
  const asked = ASKED.filter(({ key }) => key.startsWith('other/')).length;
  expect(asked).toBeGreaterThan(20);
  expect(performance.now() - begun).toBeGreaterThan((asked - 1) * 10);
});
