import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { AppError } from '../../../../src/contract/errors.ts';
import { ok, type Result } from '../../../../src/contract/result.ts';
import type { RowBatch } from '../../../../src/core/inventory/row-batch.ts';
import type { SourceOutcome } from '../../../../src/main/index/snapshot-meta.ts';
import { openSource } from '../../../../src/main/sources/open-source.ts';
import type { StubStore, StubVersion } from '../../../servers/s3-stub/store.ts';
import { type Fault, type Stub, type StubRequest, startStub } from '../../../servers/s3-stub/stub.ts';
import { plainRows } from '../../../support/inventory-csv.ts';

const NOW = new Date('2026-11-21T00:00:00Z');

/** The stub of the test under way, and a folder that goes with the test. */
export const place: { stub: Stub; folder: string } = { stub: undefined as unknown as Stub, folder: '' };

/** To be called once by every suite that lists. */
export function eachWithItsOwnPlace(): void {
  beforeEach(() => {
    place.folder = mkdtempSync(join(tmpdir(), 'isotherm-listing-'));
    process.env.AWS_ACCESS_KEY_ID = 'AKIDEXAMPLE';
    process.env.AWS_SECRET_ACCESS_KEY = 'secret';
  });
  afterEach(async () => {
    await place.stub?.close();
    rmSync(place.folder, { recursive: true, force: true });
  });
}

interface Listed {
  /** "key versionId flags sizeBytes class" of every row, as it came. */
  readonly rows: string[];
  readonly outcome: SourceOutcome;
  readonly asOfMs: number;
}

const rowText = (key: string, versionId: string, flags: number, sizeBytes: number, storageClass: string): string =>
  JSON.stringify([key, versionId, flags, sizeBytes, storageClass]);

/** Lists through the product; `index` keeps a journal beside it; `stopAt` cancels when so many rows have come. */
export async function list(
  options: {
    endpoint?: string;
    prefix?: string;
    index?: string;
    stopAt?: number;
    currentOnly?: boolean;
    count?: (batch: RowBatch) => void;
  } = {},
): Promise<Result<Listed>> {
  const { prefix, index, stopAt = Number.POSITIVE_INFINITY, currentOnly, count } = options;
  const stop = new AbortController();
  const opened = await openSource(
    {
      kind: 'listing',
      bucket: 'data',
      ...(prefix === undefined ? {} : { prefix }),
      ...(currentOnly === undefined ? {} : { currentOnly }),
      remote: { endpoint: options.endpoint ?? place.stub.endpoint },
    },
    NOW,
    stop.signal,
  );
  if (!opened.ok) return opened;
  const source = opened.value;
  try {
    if (index !== undefined) {
      const prepared = source.prepare?.(index) ?? ok(undefined);
      if (!prepared.ok) return prepared;
    }
    const rows: string[] = [];
    let taken = 0;
    const read = await source.read({
      scratch: 'never made',
      signal: stop.signal,
      progress: () => undefined,
      onBatch: (batch) => {
        taken += batch.rows;
        if (count) count(batch);
        else
          for (const row of plainRows(batch))
            rows.push(rowText(Buffer.from(row.key, 'latin1').toString('utf8'), row.versionId, row.flags, row.sizeBytes, row.storageClass));
        if (taken >= stopAt) stop.abort();
        return ok(undefined);
      },
    });
    if (read.ok) source.settled?.();
    return read.ok ? ok({ rows, outcome: read.value, asOfMs: source.asOfMs }) : read;
  } finally {
    source.close();
  }
}

export const value = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};
export const failure = <T>(result: Result<T>): AppError =>
  result.ok
    ? (() => {
        throw new Error('it went well');
      })()
    : result.error;

/** Every version of a store, as rows. */
export function truth(store: StubStore, currentOnly = store.versioning === undefined): string[] {
  const rows: string[] = [];
  for (let i = 0; i < store.count; i++) {
    const key = store.keyAt(i).toString('utf8');
    for (const [at, version] of store.versionsAt(i).entries()) {
      if (currentOnly && (at > 0 || version.isDeleteMarker)) continue;
      const flags = (at === 0 ? 1 : 0) | (version.isDeleteMarker ? 2 : 0);
      const versionId = currentOnly || version.versionId === 'null' ? '' : version.versionId;
      rows.push(rowText(key, versionId, flags, version.sizeBytes ?? 0, version.isDeleteMarker ? '' : (version.storageClass ?? 'STANDARD')));
    }
  }
  return rows.sort();
}

/** What one list has more often than the other; a whole list is no use to read. */
export function difference(rows: readonly string[], all: readonly string[]): { doubled: string[]; lost: string[] } {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(row, (counts.get(row) ?? 0) + 1);
  for (const row of all) counts.set(row, (counts.get(row) ?? 0) - 1);
  const having = (wanted: (count: number) => boolean) => [...counts].filter(([, count]) => wanted(count)).map(([row]) => row);
  return { doubled: having((count) => count > 0).slice(0, 9), lost: having((count) => count < 0).slice(0, 9) };
}
export const SAME = { doubled: [], lost: [] };

export async function serve(store: StubStore, fault?: (request: StubRequest) => Fault | undefined): Promise<StubStore> {
  await place.stub?.close();
  place.stub = await startStub({ buckets: { data: store }, ...(fault === undefined ? {} : { fault }) });
  return store;
}

export const versions = (count: number): StubVersion[] =>
  Array.from({ length: count }, (_, i) =>
    i % 7 === 3
      ? { versionId: `m${count}-${i}`, isDeleteMarker: true }
      : { versionId: i === 5 ? 'null' : `v${count}-${i}`, sizeBytes: i, storageClass: i % 2 === 0 ? 'STANDARD' : 'GLACIER' },
  );
export const keyed = (keys: readonly string[], of: (key: string, i: number) => StubVersion[]): Record<string, StubVersion[]> =>
  Object.fromEntries(keys.map((key, i) => [key, of(key, i)]));

export const hostile = [
  '=cmd',
  '\u202egpj.exe',
  '🔥/🔥',
  'a+b',
  'a b',
  'a%2Fb',
  'a//b',
  '/',
  '//',
  'ends/',
  'quo"te',
  "apo'",
  '<&>',
  'new\nline',
  '~tilde',
  'x'.repeat(1024),
  `${'é'.repeat(511)}`,
  'ש/ל',
  '\u0001\u0002',
  '\ufffd',
  '\ue000',
  '𐀀',
  '..',
  'c:\\x',
];

/** Numbers of [0, 1) from a seed. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 0x1_0000_0000;
  };
}
