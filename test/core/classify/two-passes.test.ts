import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KINDS } from '../../../src/contract/vocabulary.ts';
import { compileOverrides } from '../../../src/core/classify/overrides.ts';
import { lettersBeforeDigits } from '../../../src/core/classify/pattern-facts.ts';
import { classifySlowly } from '../../oracle/slow-classifier.ts';
import { CLASSIFIER, classifyKeys, RULES } from '../../support/classify-keys.ts';
import { HARD_KEYS, hardKey, withOtherDigits } from '../../support/hard-keys.ts';

const deep = process.env.ISOTHERM_DEEP === '1';
const idOf = (rule: number): string | null => RULES[rule]?.id ?? null;

test('both passes give what every key against every rule and every marker gives', () => {
  fc.assert(
    fc.property(fc.array(hardKey, { minLength: 1, maxLength: 40 }), (keys) => {
      const slow = classifySlowly(RULES, keys).map(({ rule }) => rule?.id ?? null);
      expect(classifyKeys(keys).map(idOf)).toEqual(slow);
    }),
    { seed: 11, numRuns: deep ? 20_000 : 400 },
  );
});

test('paths that differ in digits alone are told apart where a rule spells a digit out', () => {
  const changes = fc.array(fc.nat(65_535), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.array(hardKey, { minLength: 1, maxLength: 14 }), changes, (some, numbers) => {
      const keys = withOtherDigits(some, numbers);
      expect(classifyKeys(keys).map(idOf)).toEqual(classifySlowly(RULES, keys).map(({ rule }) => rule?.id ?? null));
    }),
    { seed: 19, numRuns: deep ? 20_000 : 300 },
  );
});

test('names that differ in one digit are told apart where a rule spells the digit out', () => {
  const withDigit = HARD_KEYS.filter((text) => /\d[^/]*$/.test(text));
  fc.assert(
    fc.property(fc.constantFrom(...withDigit), fc.nat(), fc.nat(9), (text, which, digit) => {
      const places = [...text.matchAll(/\d(?=[^/]*$)/g)].map(({ index }) => index);
      const at = places[which % places.length] as number;
      const keys = [text, text.slice(0, at) + String(digit) + text.slice(at + 1)];
      for (const order of [keys, keys.toReversed()]) {
        expect(classifyKeys(order).map(idOf)).toEqual(classifySlowly(RULES, order).map(({ rule }) => rule?.id ?? null));
      }
    }),
    { seed: 13, numRuns: deep ? 50_000 : 1500 },
  );
});

test('both passes agree with the slow way on every layout at once', () => {
  const keys = [...new Set(HARD_KEYS)].map((text) => (text.includes('/') ? text : `top/${text}`));
  expect(classifyKeys(keys).map(idOf)).toEqual(classifySlowly(RULES, keys).map(({ rule }) => rule?.id ?? null));
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
