import { describe, expect, test } from 'vitest';
import type { Pivot } from '../../src/contract/index-views.ts';
import type { JournalEntry } from '../../src/contract/journal.ts';
import type { RuleChange } from '../../src/contract/plan.ts';
import { daysIn, monthLabel, shownMonths, wholeMonthUsd } from '../../src/renderer/charts/savings-data.ts';
import { AGE_LABELS, ageRows, byTemperature } from '../../src/renderer/overview/pivot-table.ts';
import { latestOutcomes } from '../../src/renderer/policies/review/outcomes.ts';
import { changeCounts } from '../../src/renderer/policies/review/signs.ts';
import { paybackValue, paybackWords } from '../../src/renderer/state/payback.ts';

const cell = (row: string, column: string, bytes: number, monthlyNanoUsd: string | null) => ({
  row,
  column,
  versions: 1,
  bytes,
  monthlyNanoUsd,
});
const pivot = (cells: Pivot['cells']): Pivot => ({
  asOf: '2026-11-20T00:00:00.000Z',
  prices: { region: 'us-east-1', asOf: '2026-10-03', assumed: false },
  cells,
});

describe('rows of a pivot over age', () => {
  test('hold their bytes in the order of the bins and come largest first', () => {
    const rows = ageRows(pivot([cell('log', '731d+', 5, '7'), cell('dataset', '0-30d', 2, '1'), cell('dataset', '31-90d', 4, '2')]));
    expect(rows.map(({ key, bytes, monthlyNanoUsd }) => [key, bytes, monthlyNanoUsd])).toEqual([
      ['dataset', 6, 3n],
      ['log', 5, 7n],
    ]);
    expect(rows[0]?.bytesByAge).toEqual([2, 4, 0, 0, 0, 0]);
  });

  test('a part without a price leaves the row without one, never with too little', () => {
    expect(ageRows(pivot([cell('NEW_CLASS', '0-30d', 2, null), cell('NEW_CLASS', '731d+', 2, '5')]))[0]?.monthlyNanoUsd).toBeNull();
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

describe('payback', () => {
  test('names the month the fees are recovered', () => {
    expect(paybackValue({ paybackMonth: 2, transitionNanoUsd: '5', savingNanoUsd: '9' })).toBe('month 2');
  });
  test('says so when they are not', () => {
    const totals = { paybackMonth: null, transitionNanoUsd: '5', savingNanoUsd: '-9' };
    expect(paybackValue(totals)).toBe('not yet');
    expect(paybackWords(totals, 12)).toBe('fees not recovered in 12 months');
  });
  test('without fees a saving is there at once', () => {
    expect(paybackValue({ paybackMonth: 1, transitionNanoUsd: '0', savingNanoUsd: '9' })).toBe('at once');
    expect(paybackValue({ paybackMonth: null, transitionNanoUsd: '0', savingNanoUsd: '0' })).toBe('none');
  });
});

test('the short table holds the first and the last month', () => {
  expect(shownMonths(12)).toEqual([0, 2, 5, 8, 11]);
  expect(shownMonths(1)).toEqual([0]);
});

test('a month counted in part is drawn at its full rate and labelled with its days', () => {
  expect([daysIn('2026-11'), daysIn('2026-12'), daysIn('2028-02')]).toEqual([30, 31, 29]);
  expect(wholeMonthUsd(50, '2026-11', 10)).toBe(150);
  expect(wholeMonthUsd(50, '2026-11', 30)).toBe(50);
  expect([monthLabel('2026-11', 10), monthLabel('2026-11', 30)]).toEqual(['2026-11, 10 d', '2026-11']);
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
