import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SampleTruth } from '../../../src/contract/methods/sources.ts';
import { ok } from '../../../src/contract/result.ts';
import { DAY_MS } from '../../../src/contract/units.ts';
import { IS_DELETE_MARKER, IS_LATEST } from '../../../src/core/inventory/row-batch.ts';
import { HOSTILE_KEYS } from '../../../src/core/sample/generate.ts';
import { sourceHandlers } from '../../../src/main/engine/handlers/sources.ts';
import { openIndex } from '../../../src/main/index/reader.ts';
import { writeSample } from '../../../src/main/sample/write-sample.ts';
import { openSource } from '../../../src/main/sources/open-source.ts';
import { type PlainRow, plainRows } from '../../support/inventory-csv.ts';
import { fingerprint, put } from '../../support/report-folder.ts';

const AS_OF = Date.UTC(2026, 10, 21);
const signal = new AbortController().signal;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isotherm-sample-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (out: string, versions: number, seed: number) => writeSample(out, { versions, seed, signal, progress: () => undefined });

async function rowsOf(out: string): Promise<PlainRow[]> {
  const opened = await openSource({ kind: 'inventory', location: out }, new Date(), signal);
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  const rows: PlainRow[] = [];
  const read = await opened.value.read({
    scratch: 'never made',
    signal,
    progress: () => undefined,
    onBatch: (batch) => {
      rows.push(...plainRows(batch));
      return ok(undefined);
    },
  });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return rows;
}

it('the truth equals a recount of the report, and every key has a sound history', async () => {
  const out = join(folder, 'D');
  const written = await write(out, 30_000, 7);
  const rows = await rowsOf(out);
  const none = () => ({ versions: 0, bytes: 0 });
  const truth: Omit<SampleTruth, 'staleCheckpoints'> = {
    rows: 0,
    versions: 0,
    deleteMarkers: 0,
    bytes: 0,
    byClass: {},
    byState: { current: none(), noncurrent: none(), marker: none() },
  };
  const keys = new Map<string, PlainRow[]>();
  for (const row of rows) {
    truth.rows++;
    keys.set(row.key, [...(keys.get(row.key) ?? []), row]);
    expect(row.lastModifiedMs).toBeLessThan(AS_OF);
    if (row.flags & IS_DELETE_MARKER) {
      truth.deleteMarkers++;
      truth.byState.marker.versions++;
      continue;
    }
    truth.versions++;
    truth.bytes += row.sizeBytes;
    const state = row.flags & IS_LATEST ? truth.byState.current : truth.byState.noncurrent;
    truth.byClass[row.storageClass] ??= none();
    for (const sum of [state, truth.byClass[row.storageClass] ?? none()]) {
      sum.versions++;
      sum.bytes += row.sizeBytes;
    }
  }
  expect(written).toMatchObject({ ok: true, value: truth });
  expect(JSON.parse(readFileSync(join(out, 'truth.json'), 'utf8'))).toEqual(written.ok ? written.value : undefined);
  expect(truth.rows).toBe(30_000);
  expect(Object.keys(truth.byClass).sort()).toEqual([
    'DEEP_ARCHIVE',
    'GLACIER',
    'GLACIER_IR',
    'INTELLIGENT_TIERING',
    'ONEZONE_IA',
    'STANDARD',
    'STANDARD_IA',
  ]);
  expect(Math.min(...rows.map((row) => row.lastModifiedMs))).toBeLessThan(AS_OF - 3.5 * 365 * DAY_MS);
  for (const versions of keys.values()) {
    const latest = versions.filter((row) => row.flags & IS_LATEST);
    expect(latest.length).toBe(1);
    for (const row of versions) if (row !== latest[0]) expect(row.lastModifiedMs).toBeLessThan(latest[0]?.lastModifiedMs ?? 0);
    expect(new Set(versions.map((row) => row.lastModifiedMs)).size).toBe(versions.length);
  }
  for (const key of HOSTILE_KEYS) expect(keys.has(Buffer.from(key, 'utf8').toString('latin1'))).toBe(true);
});

it('the same seed gives the same bytes, another seed others', async () => {
  await write(join(folder, 'a'), 5_000, 1);
  await write(join(folder, 'b'), 5_000, 1);
  await write(join(folder, 'c'), 5_000, 2);
  const [a, b, c] = ['a', 'b', 'c'].map((name) => fingerprint(join(folder, name)));
  expect(a).toEqual(b);
  expect(a).not.toEqual(c);
});

it.each([1, 2, 7, 999, 1001])('a sample of %i versions has exactly so many rows', async (versions) => {
  expect(await write(join(folder, 'D'), versions, 3)).toMatchObject({ ok: true, value: { rows: versions } });
  expect((await rowsOf(join(folder, 'D'))).length).toBe(versions);
});

it('success-earlier-sample-is-replaced', async () => {
  await write(join(folder, 'D'), 10, 3);
  expect(await write(join(folder, 'D'), 20, 3)).toMatchObject({ ok: true, value: { rows: 20 } });
  expect((await rowsOf(join(folder, 'D'))).length).toBe(20);
});

it('refuse-folder-that-holds-something-else', async () => {
  put(join(folder, 'D', 'thesis.txt'), 'x');
  const before = fingerprint(folder);
  expect(await write(join(folder, 'D'), 10, 3)).toMatchObject({ ok: false, error: { code: 'FileUnwritable' } });
  expect(fingerprint(folder)).toEqual(before);
});

it('refuse-cancelled leaves nothing behind', async () => {
  const stop = new AbortController();
  const written = await writeSample(join(folder, 'D'), {
    versions: 50_000,
    seed: 1,
    signal: stop.signal,
    progress: ({ done }) => done > 5000 && stop.abort(),
  });
  expect(written).toMatchObject({ ok: false, error: { code: 'Cancelled' } });
  expect(fingerprint(folder)).toEqual({});
});

it('the built-in workspace is made once and labelled as a sample', async () => {
  const context = {
    environment: {
      version: '0',
      dataDir: join(folder, 'data'),
      resourcesDir: resolve('resources'),
      now: () => new Date('2026-11-22T00:00:00Z'),
    },
    signal,
    progress: () => undefined,
  };
  const first = await sourceHandlers['sample.open']({}, context);
  if (!first.ok) throw new Error(JSON.stringify(first.error));
  const before = fingerprint(folder);
  expect(await sourceHandlers['sample.open']({}, context)).toEqual(first);
  expect(fingerprint(folder)).toEqual(before);
  const reader = openIndex(first.value.index);
  expect(reader.ok && reader.value.snapshot(first.value.snapshotId)).toMatchObject({
    ok: true,
    value: { isSample: true, rows: 200_000, region: 'us-east-1' },
  });
}, 60_000);
