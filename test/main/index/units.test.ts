import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Unit } from '../../../src/core/units/unit-builder.ts';
import { openIndex } from '../../../src/main/index/reader.ts';
import { hardKey } from '../../support/hard-keys.ts';
import { daysAgo, inFolder, type PlainRow, row, writeIndex } from '../../support/index-rows.ts';
import { unitsOfKeys } from '../../support/unit-keys.ts';

const deep = process.env.ISOTHERM_DEEP === '1';

/** What a unit is, whatever its number. */
const factsOf = (units: readonly Unit[]): string[] =>
  units.map(({ unit: _, group: __, directory: ___, ...facts }) => JSON.stringify(Object.entries(facts).sort())).sort();

test('a scan stores the units of its rows; every row and every cell knows its unit', async () => {
  const plain = fc
    .tuple(hardKey, fc.nat(200_000), fc.nat(400))
    .map(([key, sizeBytes, days]) => row(key, { sizeBytes, lastModifiedMs: daysAgo(days) }));
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(plain, { minLength: 1, maxLength: 40, selector: ({ key }) => key }), async (rows) => {
      await inFolder(async (folder) => {
        const path = join(folder, 'x.db');
        await writeIndex(path, rows);
        const reader = openIndex(path);
        if (!reader.ok) throw new Error(reader.error.message);
        const [stored, cube] = [reader.value.units('1'), reader.value.cube('1')];
        if (!stored.ok || !cube.ok) throw new Error('the index cannot be read');
        const expected = unitsOfKeys(rows as PlainRow[]);
        expect(factsOf(stored.value.units)).toEqual(factsOf(expected.units));

        const bytesOfCells = new Map<number, number>();
        for (let cell = 0; cell < cube.value.cellCount; cell++) {
          const unit = cube.value.unit[cell] as number;
          bytesOfCells.set(unit, (bytesOfCells.get(unit) ?? 0) + (cube.value.bytes[cell] as number));
        }
        for (const { unit, bytes } of stored.value.units) expect(bytesOfCells.get(unit) ?? 0).toBe(bytes);

        const found = new Map<string, string | undefined>();
        reader.value.scan('1', { from: 0, to: cube.value.tree.count }, (block) => {
          for (let i = 0; i < block.rows; i++) {
            const key = cube.value.tree.path(block.directory[i] as number) + block.name(i);
            found.set(key, stored.value.units[block.unit[i] as number]?.path);
          }
        });
        expect([...found].sort()).toEqual(rows.map(({ key }, at): [string, string | undefined] => [key, expected.of[at]?.path]).sort());
      });
    }),
    { seed: 23, numRuns: deep ? 500 : 25 },
  );
});
