import fc from 'fast-check';
import { RULES } from './classify-keys.ts';
import { readLayouts } from './layouts.ts';

/** Keys of every labelled layout and every sample of the rules. */
export const HARD_KEYS = [...readLayouts().flatMap(({ keys }) => keys.map(({ key }) => key)), ...RULES.flatMap(({ samples }) => samples)];
const FOLDERS = [...new Set(HARD_KEYS.map((key) => key.slice(0, key.lastIndexOf('/') + 1)))];
const NAMES = [...new Set(HARD_KEYS.map((key) => key.slice(key.lastIndexOf('/') + 1)))];
const name = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom(...NAMES), fc.nat(9)).map(([text, digit]) => text.replace(/\d/g, String(digit))) },
  { weight: 1, arbitrary: fc.constantFrom('\u202e.pt', 'a b', '=1', '%2F', '+', 'é.log', '.metadata', 'x'.repeat(300), '0', '00') },
);
/** Keys with some of their digits changed, wherever they stand: paths and names of the same form, and of nearly the same. */
export const withOtherDigits = (keys: readonly string[], changes: readonly number[]): string[] => [
  ...new Set(
    keys.flatMap((key, at) => {
      const change = changes[at % changes.length] ?? 0;
      const some = key.replace(/\d/g, (digit, place: number) =>
        (change >> (place % 16)) & 1 ? String((Number(digit) + change) % 10) : digit,
      );
      return [key, some, key.replace(/\d/g, String(change % 10))];
    }),
  ),
];

/** A key of a bucket in which layouts meet in each other's folders. */
export const hardKey = fc
  .tuple(fc.constantFrom('', '', 'a/', 'b/c/'), fc.constantFrom(...FOLDERS), name)
  .map(([root, folder, last]) => root + folder + last)
  .filter((text) => text !== '');
