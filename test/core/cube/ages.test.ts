import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AGE_CUTS, CUTS_PER_AGE_BIN } from '../../../src/contract/ages.ts';
import { AGE_BINS, CATEGORY_OF_KIND, KINDS } from '../../../src/contract/vocabulary.ts';
import { ageCut, agesOf } from '../../../src/core/cube/ages.ts';
import { ageBin, type PackedCube } from '../../../src/core/cube/group.ts';
import { buildCube, type TestVersion } from '../../support/cube-builder.ts';

test('the cuts follow each other without gap or overlap, so many to a bin', () => {
  expect(AGE_CUTS).toHaveLength(AGE_BINS.length * CUTS_PER_AGE_BIN);
  expect(AGE_CUTS[0]?.fromDays).toBe(0);
  AGE_CUTS.forEach(({ fromDays, toDays }, at) => {
    if (at + 1 < AGE_CUTS.length) expect(AGE_CUTS[at + 1]?.fromDays).toBe((toDays ?? Number.NaN) + 1);
    else expect(toDays).toBeNull();
    expect(toDays ?? fromDays).toBeGreaterThanOrEqual(fromDays);
  });
});

test('every age lies in a cut of its own bin', () => {
  for (let age = -3; age < 4000; age++) expect(AGE_CUTS[ageCut(20_000, 20_000 - age)]?.bin).toBe(ageBin(20_000, 20_000 - age));
});

test('every version is counted once, by its age, class and category', () => {
  const today = 20_000;
  const version = fc.record({
    age: fc.integer({ min: -1, max: 3000 }),
    sizeBytes: fc.nat(10_000_000),
    storageClass: fc.constantFrom('STANDARD', 'GLACIER', 'NEW_CLASS'),
    kind: fc.constantFrom(...KINDS),
    state: fc.constantFrom('current' as const, 'noncurrent' as const, 'marker' as const),
  });
  fc.assert(
    fc.property(fc.array(version, { maxLength: 30 }), (drawn) => {
      const versions = drawn.map(({ age, ...rest }, at): TestVersion => ({ ...rest, key: `d/k${at}`, writtenDay: today - age }));
      const cube = buildCube(versions, { asOfMs: today * 86_400_000 }) as PackedCube;
      const cells = agesOf(cube, [{ from: 0, to: cube.cellCount }]);
      const slow = new Map<string, [number, number]>();
      for (const { writtenDay, storageClass, kind, state, sizeBytes } of versions) {
        if (state === 'marker') continue;
        const age = Math.max(0, today - writtenDay);
        const cut = AGE_CUTS.findIndex(({ fromDays, toDays }) => age >= fromDays && (toDays === null || age <= toDays));
        const key = `${cut} ${storageClass} ${CATEGORY_OF_KIND[kind ?? 'other']}`;
        const [count, bytes] = slow.get(key) ?? [0, 0];
        slow.set(key, [count + 1, bytes + sizeBytes]);
      }
      const fast = new Map(
        cells.map(({ cut, storageClass, category, sums }) => [`${cut} ${storageClass} ${category}`, [sums.versions, sums.totalBytes]]),
      );
      expect(new Map([...fast].sort())).toEqual(new Map([...slow].sort()));
    }),
    { seed: 7 },
  );
});
