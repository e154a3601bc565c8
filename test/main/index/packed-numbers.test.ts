import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packedLength, packNumbers, unpackNumbers } from '../../../src/main/index/packed-numbers.ts';

const value = fc.oneof(
  fc.maxSafeNat().map((wide) => Math.floor(wide / 2)),
  fc.integer({ min: -40_000, max: 40_000 }),
  fc.integer({ min: 0, max: 2_000_000_000 }).map((seconds) => seconds * 1000),
  fc.constantFrom(0, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 40, 5 * 2 ** 40),
);

test('whole numbers come back from their packed form, from any place on', () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 50 }), fc.nat(50), (values, from) => {
      const packed = packNumbers(Float64Array.from(values));
      expect(Array.from(unpackNumbers(packed, new Float64Array(values.length)))).toEqual(values);
      const start = Math.min(from, values.length);
      expect(Array.from(unpackNumbers(packed, new Float64Array(values.length - start), start))).toEqual(values.slice(start));
      // As a blob comes from the database: somewhere inside a larger buffer.
      const moved = new Uint8Array(packed.length + 3).subarray(3);
      moved.set(packed);
      expect(Array.from(unpackNumbers(moved, new Float64Array(values.length)))).toEqual(values);
      expect(packedLength(packed)).toBe(new Set(values).size > 1 ? values.length : null);
    }),
    { seed: 3, numRuns: 3000 },
  );
});

test.each([
  ['a column of one value', [7, 7, 7], 24],
  ['small differences of large numbers', [1e12, 1e12 + 200], 26],
  ['whole seconds', [1_700_000_000_000, 1_700_000_200_000], 26],
])('%s takes few bytes', (_, values, bytes) => {
  expect(packNumbers(Float64Array.from(values)).length).toBe(bytes);
});
