import { join } from 'node:path';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../../src/contract/result.ts';
import { type Change, SnapshotDiffSchema } from '../../../src/contract/snapshots.ts';
import { noChange, type Sums } from '../../../src/core/snapshots/compare.ts';
import { openIndex } from '../../../src/main/index/reader.ts';
import { diffSnapshots } from '../../../src/main/snapshots/diff.ts';
import { daysAgo, inFolder, META, type PlainRow, row, writeIndex } from '../../support/index-rows.ts';

const deep = process.env.ISOTHERM_DEEP === '1';
const signal = new AbortController().signal;
const LATER = { ...META, asOfMs: META.asOfMs + 86_400_000, manifestMd5: 'later' };

const value = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};

const isMarker = ({ state }: PlainRow): boolean => state === 'marker' || state === 'old marker';
const isCurrent = ({ state }: PlainRow): boolean => state === 'current';

/** By the definition: every version of either side looked up in the other by key and id. */
function slowDiff(from: readonly PlainRow[], to: readonly PlainRow[], under: string): Map<string, Sums> {
  const groups = new Map<string, Sums>();
  const base = under.slice(0, under.lastIndexOf('/') + 1);
  const of = ({ key }: PlainRow): Sums => {
    const rest = key.slice(base.length);
    const name = rest.includes('/') ? base + rest.slice(0, rest.indexOf('/') + 1) : '';
    const known = groups.get(name) ?? noChange();
    groups.set(name, known);
    return known;
  };
  const add = (amount: { versions: number; bytes: number }, bytes: number): void => {
    amount.versions++;
    amount.bytes += bytes;
  };
  const id = (one: PlainRow): string => `${one.key}\0${one.versionId}`;
  const inScope = (rows: readonly PlainRow[]): PlainRow[] => rows.filter(({ key }) => key.startsWith(under));
  const after = new Map(inScope(to).map((one) => [id(one), one]));
  const before = new Map(inScope(from).map((one) => [id(one), one]));
  for (const [key, was] of before) {
    const is = after.get(key);
    const sums = of(was);
    if (is === undefined || isMarker(is) !== isMarker(was)) {
      if (isMarker(was)) sums.markersRemoved++;
      else {
        add(sums.before, was.sizeBytes);
        add(sums.removed, was.sizeBytes);
      }
      continue;
    }
    if (isMarker(was)) continue;
    add(sums.before, was.sizeBytes);
    add(sums.after, is.sizeBytes);
    const isSame = was.sizeBytes === is.sizeBytes && was.lastModifiedMs === is.lastModifiedMs && was.eTag === is.eTag;
    if (!isSame) {
      sums.replaced.versions++;
      sums.replaced.bytesBefore += was.sizeBytes;
      sums.replaced.bytesAfter += is.sizeBytes;
    } else if (was.storageClass !== is.storageClass) add(sums.transitioned, is.sizeBytes);
    if (isCurrent(was) && !isCurrent(is)) add(sums.becameNoncurrent, is.sizeBytes);
    if (!isCurrent(was) && isCurrent(is)) add(sums.becameCurrent, is.sizeBytes);
  }
  for (const [key, is] of after) {
    const was = before.get(key);
    if (was !== undefined && isMarker(is) === isMarker(was)) continue;
    const sums = of(is);
    if (isMarker(is)) sums.markersAdded++;
    else {
      add(sums.after, is.sizeBytes);
      add(sums.added, is.sizeBytes);
    }
  }
  return groups;
}

const settled = (sums: Sums): Change => ({ ...sums, grownBytes: sums.after.bytes - sums.before.bytes });
const isChanged = ({ before, after, ...rest }: Sums): boolean =>
  Object.values(rest).some((part) => (typeof part === 'number' ? part !== 0 : part.versions !== 0));

/** What a bucket goes through between two snapshots. */
const CLASSES = ['STANDARD', 'GLACIER', 'NEW_ONE'];
const history = fc.record({
  keys: fc.array(
    fc.record({
      key: fc.oneof(
        fc.string({ minLength: 1, maxLength: 5, unit: fc.constantFrom('a', 'b', '/', '0', 'é') }),
        fc.constantFrom('ckpt/step-1/model.pt', 'ckpt/step-2/model.pt', 'logs/a.log', '🔥/x', 'a-b/c', 'a/b', '=x', '\u{10ffff}'),
      ),
      versions: fc.integer({ min: 1, max: 5 }),
      nullAt: fc.integer({ min: 0, max: 5 }),
      markers: fc.integer({ min: 0, max: 7 }),
      size: fc.integer({ min: 0, max: 1e6 }),
    }),
    { maxLength: 40 },
  ),
  events: fc.array(
    fc.record({
      at: fc.nat(),
      what: fc.constantFrom('delete', 'put', 'overwrite', 'move', 'expire', 'mark', 'undelete', 'add'),
      size: fc.integer({ min: 0, max: 1e6 }),
    }),
    { maxLength: 40 },
  ),
});

function rowsOf({
  keys,
  events,
}: {
  keys: readonly { key: string; versions: number; nullAt: number; markers: number; size: number }[];
  events: readonly { at: number; what: string; size: number }[];
}): [PlainRow[], PlainRow[]] {
  const bucket = new Map<string, PlainRow[]>();
  for (const { key, versions, nullAt, markers, size } of keys) {
    bucket.set(
      key,
      Array.from({ length: versions }, (_, i) => {
        const isDeleteMarker = ((markers >> i) & 1) === 1;
        const state = isDeleteMarker ? (i === 0 ? 'marker' : 'old marker') : i === 0 ? 'current' : 'noncurrent';
        const versionId = i === nullAt ? '' : `3sL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY+MTRCxf3vjVBH40Nr8X8gdRQBpUMLU${key}${i}`.slice(-40);
        return row(key, {
          state,
          versionId,
          sizeBytes: isDeleteMarker ? 0 : size + i,
          lastModifiedMs: daysAgo(20 + i),
          storageClass: CLASSES[i % 3] as string,
          eTag: isDeleteMarker ? '' : 'd41d8cd98f00b204e9800998ecf8427e',
        });
      }),
    );
  }
  const before = [...bucket.values()].flat();
  let serial = 0;
  const demote = (rows: readonly PlainRow[]): PlainRow[] =>
    rows.map((one) => ({ ...one, state: isMarker(one) ? ('old marker' as const) : ('noncurrent' as const) }));
  const promote = (rows: readonly PlainRow[]): PlainRow[] =>
    rows.map((one, i) => (i > 0 ? one : { ...one, state: isMarker(one) ? ('marker' as const) : ('current' as const) }));
  for (const { at, what, size } of events) {
    const names = [...bucket.keys()];
    const key = what === 'add' || names.length === 0 ? `new/${serial}` : (names[at % names.length] as string);
    const rows = bucket.get(key) ?? [];
    serial++;
    const put = (facts: Partial<PlainRow>): PlainRow =>
      row(key, { versionId: `n${serial}`, sizeBytes: size, lastModifiedMs: daysAgo(1) + serial, eTag: 'other', ...facts });
    if (what === 'delete') bucket.delete(key);
    else if (what === 'put' || what === 'add') bucket.set(key, [put({}), ...demote(rows)]);
    else if (what === 'overwrite') bucket.set(key, [put({ versionId: '' }), ...demote(rows.filter(({ versionId }) => versionId !== ''))]);
    else if (what === 'move')
      bucket.set(
        key,
        rows.map((one) => (isMarker(one) ? one : { ...one, storageClass: 'DEEP_ARCHIVE' })),
      );
    else if (what === 'expire') bucket.set(key, promote(rows.slice(0, -1)));
    else if (what === 'mark') bucket.set(key, [put({ state: 'marker', sizeBytes: 0, eTag: '' }), ...demote(rows)]);
    else bucket.set(key, promote(rows.slice(1)));
  }
  return [before, [...bucket.values()].flat()];
}

/** An order of rows that no report has. */
const shuffled = (rows: readonly PlainRow[], seed: number): PlainRow[] =>
  rows
    .map((one, i) => ({ one, at: Math.imul(i + seed, 0x9e3779b1) >>> 0 }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);

describe('two snapshots', () => {
  it('differ by what the definition says, by prefix and by category, whatever happened between them', async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.constantFrom('', 'a', 'a/', 'ckpt/', 'ckpt/st', 'none/'), fc.nat(), async (made, under, seed) => {
        const [from, to] = rowsOf(made);
        await inFolder(async (folder) => {
          const index = join(folder, 'x.db');
          await writeIndex(index, shuffled(from, seed), { batchRows: 1000 });
          await writeIndex(index, shuffled(to, seed + 1), { meta: LATER, batchRows: 1000 });
          const slow = slowDiff(from, to, under);
          const total = [...slow.values()].reduce((all, sums) => plus(all, sums), noChange());
          const diff = value(diffSnapshots({ index, from: '1', to: '2', by: 'prefix', prefix: under, limit: 1000 }, signal));
          v.parse(SnapshotDiffSchema, diff);
          expect(diff.totals).toEqual(settled(total));
          const changed = [...slow].filter(([, sums]) => isChanged(sums)).map(([key, sums]) => ({ key, ...settled(sums) }));
          const byKey = (a: { key: string }, b: { key: string }): number => (a.key < b.key ? -1 : 1);
          expect([...diff.groups].sort(byKey)).toEqual(changed.sort(byKey));
          expect(diff.changedGroups).toBe(changed.length);

          const byCategory = value(diffSnapshots({ index, from: '1', to: '2', by: 'category', prefix: under, limit: 1000 }, signal));
          expect({ ...byCategory.totals, reclassifiedIn: null, reclassifiedOut: null }).toEqual({
            ...diff.totals,
            reclassifiedIn: null,
            reclassifiedOut: null,
          });
          for (const group of [...diff.groups, ...byCategory.groups, byCategory.totals]) expect(sumsUp(group)).toBe(true);
        });
      }),
      { numRuns: deep ? 2_000 : 40, seed: deep ? Date.now() : 20_261_124 },
    );
  }, 600_000);
});

function plus(a: Sums, b: Sums): Sums {
  const sum = (x: number | Record<string, number>, y: number | Record<string, number>): unknown =>
    typeof x === 'number'
      ? x + (y as number)
      : Object.fromEntries(Object.keys(x).map((key) => [key, (x[key] as number) + ((y as Record<string, number>)[key] as number)]));
  return Object.fromEntries(
    Object.keys(a).map((key) => [key, sum(a[key as keyof Sums] as number, b[key as keyof Sums] as number)]),
  ) as unknown as Sums;
}

const sumsUp = (one: Change): boolean =>
  one.before.bytes +
    one.added.bytes -
    one.removed.bytes +
    one.reclassifiedIn.bytes -
    one.reclassifiedOut.bytes +
    one.replaced.bytesAfter -
    one.replaced.bytesBefore ===
    one.after.bytes &&
  one.before.versions + one.added.versions - one.removed.versions + one.reclassifiedIn.versions - one.reclassifiedOut.versions ===
    one.after.versions;

describe('what cannot be compared', () => {
  const two = async (folder: string, from: object, to: object): Promise<string> => {
    const index = join(folder, 'x.db');
    await writeIndex(index, [row('a/1'), row('b/1'), row('b/1', { state: 'noncurrent', versionId: 'old' })], {
      meta: { ...META, ...from },
    });
    await writeIndex(index, [row('a/1'), row('b/2')], { meta: { ...LATER, ...to } });
    return index;
  };
  const ask = { from: '1', to: '2', by: 'prefix', prefix: '', limit: 10 } as const;

  it('refuse-two-buckets, prefixes that have nothing in common, and snapshots that are not there', async () => {
    await inFolder(async (folder) => {
      const index = await two(folder, {}, { bucket: 'other' });
      expect(diffSnapshots({ ...ask, index }, signal)).toMatchObject({ ok: false, error: { code: 'Usage' } });
      expect(diffSnapshots({ ...ask, index, to: '7' }, signal)).toMatchObject({ ok: false, error: { code: 'SnapshotNotFound' } });
    });
    await inFolder(async (folder) => {
      const index = await two(folder, { prefix: 'a/' }, { prefix: 'b/' });
      expect(diffSnapshots({ ...ask, index }, signal)).toMatchObject({ ok: false, error: { code: 'Usage' } });
    });
  });

  it('success-only-what-both-can-know: current versions, a listed prefix, what was not refused', async () => {
    await inFolder(async (folder) => {
      const index = await two(folder, {}, { allVersions: false });
      const diff = value(diffSnapshots({ ...ask, index }, signal));
      expect(diff.totals).toMatchObject({ before: { versions: 2 }, removed: { versions: 1 }, added: { versions: 1 } });
      expect(diff.warnings.join()).toContain('current versions only');
    });
    await inFolder(async (folder) => {
      const index = await two(folder, {}, { prefix: 'b/' });
      const diff = value(diffSnapshots({ ...ask, index }, signal));
      expect(diff.totals).toMatchObject({ before: { versions: 2 }, after: { versions: 1 } });
      expect(diff.warnings.join()).toContain('"b/"');
    });
    await inFolder(async (folder) => {
      const index = join(folder, 'x.db');
      await writeIndex(index, [row('a/1'), row('b/1')]);
      await writeIndex(index, [row('a/2')], { meta: LATER, refusedPrefixes: ['b/'] });
      const diff = value(diffSnapshots({ ...ask, index }, signal));
      expect(diff.totals).toMatchObject({ before: { versions: 1 }, removed: { versions: 1 }, added: { versions: 1 } });
      expect(diff.warnings.join()).toContain('"b/"');
    });
  });

  it('refuse-cancelled', async () => {
    await inFolder(async (folder) => {
      const index = join(folder, 'x.db');
      const many = Array.from({ length: 10_000 }, (_, i) => row(`k${i}`));
      await writeIndex(index, many, { batchRows: 5000 });
      await writeIndex(index, many, { meta: LATER, batchRows: 5000 });
      expect(diffSnapshots({ ...ask, index }, AbortSignal.abort())).toMatchObject({ ok: false, error: { code: 'Cancelled' } });
      expect(openIndex(index).ok).toBe(true);
    });
  });
});
