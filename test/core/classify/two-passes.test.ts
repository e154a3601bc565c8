import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KINDS } from '../../../src/contract/vocabulary.ts';
import { compileOverrides } from '../../../src/core/classify/overrides.ts';
import { lettersBeforeDigits } from '../../../src/core/classify/pattern-facts.ts';
import { classifySlowly } from '../../oracle/slow-classifier.ts';
import { CLASSIFIER, classifyKeys, RULES } from '../../support/classify-keys.ts';
import { readLayouts } from '../../support/layouts.ts';

const deep = process.env.ISOTHERM_DEEP === '1';
const idOf = (rule: number): string | null => RULES[rule]?.id ?? null;

/** Keys of the layouts and samples, cut and glued so that layouts meet in each other's folders. */
const KEYS = [...readLayouts().flatMap(({ keys }) => keys.map(({ key }) => key)), ...RULES.flatMap(({ samples }) => samples)];
const FOLDERS = [...new Set(KEYS.map((key) => key.slice(0, key.lastIndexOf('/') + 1)))];
const NAMES = [...new Set(KEYS.map((key) => key.slice(key.lastIndexOf('/') + 1)))];
const name = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom(...NAMES), fc.nat(9)).map(([text, digit]) => text.replace(/\d/g, String(digit))) },
  { weight: 1, arbitrary: fc.constantFrom('\u202e.pt', 'a b', '=1', '%2F', '+', 'é.log', '.metadata', 'x'.repeat(300), '0', '00') },
);
const key = fc
  .tuple(fc.constantFrom('', '', 'a/', 'b/c/'), fc.constantFrom(...FOLDERS), name)
  .map(([root, folder, last]) => root + folder + last)
  .filter((text) => text !== '');

test('both passes give what every key against every rule and every marker gives', () => {
  fc.assert(
    fc.property(fc.array(key, { minLength: 1, maxLength: 40 }), (keys) => {
      const slow = classifySlowly(RULES, keys).map((rule) => rule?.id ?? null);
      expect(classifyKeys(keys).map(idOf)).toEqual(slow);
    }),
    { seed: 11, numRuns: deep ? 20_000 : 400 },
  );
});

test('both passes agree with the slow way on every layout at once', () => {
  const keys = [...new Set(KEYS)].map((text) => (text.includes('/') ? text : `top/${text}`));
  expect(classifyKeys(keys).map(idOf)).toEqual(classifySlowly(RULES, keys).map((rule) => rule?.id ?? null));
});

test('the rules spell digits out only behind letters, so that forms of names are enough', () => {
  for (const { id, regex } of RULES) expect(lettersBeforeDigits(regex), id).not.toBeNull();
  expect(CLASSIFIER.digitsMatterBehind).not.toBeNull();
  expect(lettersBeforeDigits('a-5')).toBeNull();
  expect(lettersBeforeDigits('[1-5]x')).toBeNull();
  expect(lettersBeforeDigits('\\.h5$')).toEqual(new Set(['h'.charCodeAt(0)]));
});

describe('overrides', () => {
  const override = (glob: string, kind: (typeof KINDS)[number]) => ({ id: glob, glob, kind, unit: 'directory' as const });
  const kindsUnder = (overrides: ReturnType<typeof override>[], keys: readonly string[]) => {
    const compiled = compileOverrides(overrides);
    if (!compiled.ok) throw new Error(compiled.error.message);
    return classifyKeys(keys, compiled.value).map((rule) =>
      rule < RULES.length ? (RULES[rule]?.kind ?? 'other') : overrides[rule - RULES.length]?.kind,
    );
  };
  test('go before every rule and every claim, in their order', () => {
    expect(
      kindsUnder(
        [override('lake/**/*.md', 'other'), override('lake/**', 'dataset'), override('notes-?.txt', 'log')],
        [
          'lake/t/_delta_log/00000000000000000000.json',
          'lake/t/a.parquet',
          'lake/t/README.md',
          'notes-1.txt',
          'notes-12.txt',
          'x/notes-1.txt',
        ],
      ),
    ).toEqual(['dataset', 'dataset', 'other', 'log', 'other', 'other']);
  });
  test('reach a directory from a prefix that ends inside a name', () => {
    expect(kindsUnder([override('runs/exp-{a,b}*/**', 'experiment')], ['runs/exp-a1/x', 'runs/exp-c/x', 'runs/exp-b/deep/er/x'])).toEqual([
      'experiment',
      'other',
      'experiment',
    ]);
  });
});
