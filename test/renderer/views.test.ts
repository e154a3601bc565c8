import { describe, expect, test } from 'vitest';
import { AGE_CUTS, type Ages } from '../../src/contract/ages.ts';
import type { JournalEntry } from '../../src/contract/journal.ts';
import type { RuleChange } from '../../src/contract/plan.ts';
import type { Category } from '../../src/contract/vocabulary.ts';
import { heldIn, rowsBy } from '../../src/renderer/overview/age-sums.ts';
import { rangeWords } from '../../src/renderer/overview/brush.ts';
import { AGE_LABELS, byTemperature } from '../../src/renderer/overview/pivot-table.ts';
import { latestOutcomes } from '../../src/renderer/policies/review/outcomes.ts';
import { changeCounts } from '../../src/renderer/policies/review/signs.ts';
import { daysIn, monthLabel, shownMonths, wholeMonthUsd } from '../../src/renderer/state/curve.ts';

const cell = (fromDays: number, category: Category, bytes: number, monthlyNanoUsd: string | null): Ages['cells'][number] => ({
  cut: AGE_CUTS.findIndex(({ toDays }) => toDays === null || fromDays <= toDays),
  storageClass: 'STANDARD',
  category,
  versions: 1,
  bytes,
  monthlyNanoUsd,
});
const ages = (cells: Ages['cells']): Ages => ({
  asOf: '2026-11-20T00:00:00.000Z',
  prices: { region: 'us-east-1', asOf: '2026-10-03', assumed: false },
  cells,
});
const rangeOf = (fromDays: number, toDays: number) => ({
  from: AGE_CUTS.findIndex((cut) => cut.fromDays >= fromDays),
  to: AGE_CUTS.findLastIndex((cut) => (cut.toDays ?? Number.POSITIVE_INFINITY) <= toDays),
});

describe('rows over age', () => {
  const all = ages([cell(900, 'log', 5, '7'), cell(3, 'dataset', 2, '1'), cell(40, 'dataset', 4, '2')]);

  test('hold their bytes in the order of the bins and come largest first', () => {
    const rows = rowsBy(all, 'category', null);
    expect(rows.map(({ key, bytes, monthlyNanoUsd }) => [key, bytes, monthlyNanoUsd])).toEqual([
      ['dataset', 6, 3n],
      ['log', 5, 7n],
    ]);
    expect(rows[0]?.bytesByAge).toEqual([2, 4, 0, 0, 0, 0]);
  });

  test('within a brush count what it holds, and still know the rest', () => {
    const rows = rowsBy(all, 'category', rangeOf(0, 30));
    expect(rows.map(({ key, bytes }) => [key, bytes])).toEqual([
      ['dataset', 2],
      ['log', 0],
    ]);
    expect(rows[0]?.chosenByAge).toEqual([2, 0, 0, 0, 0, 0]);
    expect(rows[0]?.bytesByAge).toEqual([2, 4, 0, 0, 0, 0]);
    expect(heldIn(all, rangeOf(0, 90))).toEqual({ versions: 2, bytes: 6, monthlyNanoUsd: 3n });
    expect(heldIn(all, null)).toEqual({ versions: 3, bytes: 11, monthlyNanoUsd: 10n });
  });

  test('a part without a price leaves the row without one, never with too little', () => {
    expect(rowsBy(ages([cell(2, 'other', 2, null), cell(900, 'other', 2, '5')]), 'category', null)[0]?.monthlyNanoUsd).toBeNull();
  });

  test('the ages chosen are told in words', () => {
    expect([rangeOf(31, 90), rangeOf(0, 30), rangeOf(91, 730), { from: 30, to: 35 }].map(rangeWords)).toEqual([
      '31–90 d',
      'up to 30 d',
      '91 d to 2.0 y',
      '2.0 y and older',
    ]);
  });

  test('there is one label per bin', () => {
    expect(AGE_LABELS).toEqual(['0–30 d', '31–90 d', '91–180 d', '181–365 d', '1–2 y', '> 2 y']);
  });
});

test('classes run from hot to cold and unknown ones come last', () => {
  expect(['NEW_CLASS', 'DEEP_ARCHIVE', 'STANDARD', 'GLACIER_IR'].sort(byTemperature)).toEqual([
    'STANDARD',
    'GLACIER_IR',
    'DEEP_ARCHIVE',
    'NEW_CLASS',
  ]);
});

test('the short table holds the first and the last month', () => {
  expect(shownMonths(12)).toEqual([0, 1, 3, 6, 11]);
  expect(shownMonths(36)).toEqual([0, 1, 3, 6, 12, 24, 35]);
  expect(shownMonths(1)).toEqual([0]);
});

test('a month counted in part is drawn at its full rate and labelled with its days', () => {
  expect([daysIn('2026-11'), daysIn('2026-12'), daysIn('2028-02')]).toEqual([30, 31, 29]);
  expect(wholeMonthUsd(50, '2026-11', 10)).toBe(150);
  expect(wholeMonthUsd(50, '2026-11', 30)).toBe(50);
  const label = (days: number, isPartial: boolean) => monthLabel({ month: '2026-11', days, isPartial });
  expect([label(10, true), label(30, false)]).toEqual(['2026-11, 10 d', '2026-11']);
});

test('changes are counted by sign', () => {
  const change = (kind: RuleChange['change']): RuleChange => ({ change: kind, owner: 'isotherm', ruleId: 'x', words: '' });
  expect(changeCounts([change('added'), change('added'), change('kept')])).toBe('+2 ~0 −0 =1');
});

test('of an act the journal shows its last outcome, newest act first', () => {
  const nothing = { configuration: null, minimumSize: null, hash: '' };
  const entry = (journalId: string, sequence: number, outcome: JournalEntry['outcome']): JournalEntry => ({
    journalId,
    sequence,
    outcome,
    at: '2026-11-20T00:00:00.000Z',
    action: 'apply',
    bucket: 'b',
    endpoint: null,
    region: 'us-east-1',
    pathStyle: false,
    planHash: null,
    before: nothing,
    after: nothing,
    error: null,
    previousHash: '',
    hash: '',
  });
  const shown = latestOutcomes([entry('a', 1, 'intent'), entry('a', 2, 'verified'), entry('b', 3, 'intent')]);
  expect(shown.map(({ journalId, outcome }) => [journalId, outcome])).toEqual([
    ['b', 'intent'],
    ['a', 'verified'],
  ]);
});
