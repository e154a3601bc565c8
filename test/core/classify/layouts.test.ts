import { describe, expect, test } from 'vitest';
import { KINDS, type Kind } from '../../../src/contract/vocabulary.ts';
import { classifyKeys, RULES } from '../../support/classify-keys.ts';
import { readLayouts } from '../../support/layouts.ts';

const kindOf = (rule: number): Kind => RULES[rule]?.kind ?? 'other';

/** The kinds that nothing may ever judge by age. */
const NEVER_BY_AGE: readonly Kind[] = ['dataset_live_table', 'dataset_store', 'feature', 'system', 'other'];

describe('labelled layouts', () => {
  const layouts = readLayouts();
  const judged = layouts.flatMap(({ name, keys }) => {
    const rules = classifyKeys(keys.map(({ key }) => key));
    return keys.map((labelled, at) => ({ ...labelled, layout: name, found: kindOf(rules[at] as number) }));
  });

  test('there are at least 400 keys in at least 30 layouts', () => {
    expect(layouts.length).toBeGreaterThanOrEqual(30);
    expect(judged.length).toBeGreaterThanOrEqual(400);
    for (const { kind } of judged) expect(KINDS).toContain(kind);
  });

  test('at least 98 of 100 keys are classified as they are labelled', () => {
    const wrong = judged.filter(({ kind, found }) => kind !== found);
    const words = wrong.map(({ layout, key, kind, found }) => `${layout}: ${key} is ${kind}, not ${found}`);
    expect(wrong.length / judged.length, words.join('\n')).toBeLessThanOrEqual(0.02);
  });

  test('no key of a live table, a store or a feature group is taken for something that may be judged by age', () => {
    const lost = judged.filter(({ kind, found }) => NEVER_BY_AGE.includes(kind) && kind !== 'other' && !NEVER_BY_AGE.includes(found));
    expect(lost.map(({ key, found }) => `${key}: ${found}`)).toEqual([]);
  });
});
