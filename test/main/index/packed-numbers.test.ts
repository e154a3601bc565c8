import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ColumnPacker } from '../../../src/main/index/column-packer.ts';
import { packNumbers, unpackNumbers, unpackShorts } from '../../../src/main/index/packed-numbers.ts';
import { F64, I32, U8, U16, U32 } from '../../../src/main/kernel/kernel.ts';
import { loadKernel } from '../../../src/main/kernel/load.ts';

const value = fc.oneof(
  fc.maxSafeNat().map((wide) => Math.floor(wide / 2)),
  fc.integer({ min: -40_000, max: 40_000 }),
  fc.integer({ min: 0, max: 2_000_000_000 }).map((seconds) => seconds * 1000),
  fc.constantFrom(0, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 40, 5 * 2 ** 40),
);

/** Few numbers of any size, or several blocks of numbers that lie close together. */
const values = fc.oneof(
  fc.array(value, { maxLength: 50 }),
  fc
    .tuple(value, fc.constantFrom(1, 2, 4, 16, 256, 70_000), fc.array(fc.nat(), { minLength: 200, maxLength: 600 }))
    .map(([base, range, all]) => all.map((one) => base + (one % range))),
);

test('whole numbers come back from their packed form, from any place on', () => {
  fc.assert(
    fc.property(values, fc.nat(50), (values, from) => {
      const packed = packNumbers(Float64Array.from(values));
      expect(Array.from(unpackNumbers(packed, new Float64Array(values.length)))).toEqual(values);
      const start = Math.min(from, values.length);
      expect(Array.from(unpackNumbers(packed, new Float64Array(values.length - start), start))).toEqual(values.slice(start));
      // As a blob comes from the database: somewhere inside a larger buffer.
      const moved = new Uint8Array(packed.length + 3).subarray(3);
      moved.set(packed);
      expect(Array.from(unpackNumbers(moved, new Float64Array(values.length)))).toEqual(values);
    }),
    { seed: 3, numRuns: 1000 },
  );
});

test.each([
  ['a column of one value', [7, 7, 7], 3],
  ['small differences of large numbers', [1e12, 1e12 + 200], 10],
  ['whole seconds', [1_700_000_000_000, 1_700_000_200_000], 8],
])('%s takes few bytes', (_, values, bytes) => {
  expect(packNumbers(Float64Array.from(values)).length).toBe(bytes);
});

test('the kernel packs every type of column into the same bytes', async () => {
  const packer = new ColumnPacker((await loadKernel())());
  const columns = {
    [U8]: Uint8Array,
    [U16]: Uint16Array,
    [U32]: Uint32Array,
    [I32]: Int32Array,
    [F64]: Float64Array,
  };
  fc.assert(
    fc.property(values, fc.constantFrom(U8, U16, U32, I32, F64), (all, type) => {
      const column = columns[type].from(all);
      expect(Buffer.from(packer.packArray(column, type)).toString('hex')).toBe(Buffer.from(packNumbers(column)).toString('hex'));
    }),
    { seed: 4, numRuns: 1000 },
  );
});

test('small numbers come back the same by the way that is for them alone', () => {
  const small = fc.oneof(
    fc.array(fc.nat(65_535), { maxLength: 600 }),
    fc
      .tuple(fc.nat(60_000), fc.constantFrom(1, 2, 4, 16, 256), fc.array(fc.nat(), { minLength: 200, maxLength: 600 }))
      .map(([base, range, all]) => all.map((one) => base + (one % range))),
    fc.array(
      fc.nat(65).map((one) => one * 1000),
      { minLength: 1, maxLength: 300 },
    ),
  );
  fc.assert(
    fc.property(small, fc.boolean(), (values, asThousands) => {
      const packed = packNumbers(asThousands ? Float64Array.from(values) : Uint16Array.from(values));
      expect(Array.from(unpackShorts(packed, new Uint16Array(values.length)))).toEqual(values);
    }),
    { seed: 4, numRuns: 300 },
  );
});
