import { describe, expect, test } from 'vitest';
import type { Simulation } from '../../src/contract/simulation.ts';
import { curveOf, monthTwelve } from '../../src/renderer/state/curve.ts';

const month = (name: string, days: number, baseline: string, plan: string, fees = '0'): Simulation['months'][number] => ({
  month: name,
  days,
  baselineNanoUsd: baseline,
  planNanoUsd: plan,
  baselineByClass: { STANDARD: baseline },
  planByClass: { STANDARD: '0', GLACIER_IR: plan },
  feesNanoUsd: fees,
  planFeesNanoUsd: fees,
  baselineFeesNanoUsd: '0',
  planBytesByClass: {},
});
const simulation = (
  more: Partial<Simulation['totals']> = {},
  months = [month('2026-11', 10, '10000000000', '5000000000', '1')],
): Simulation => ({
  asOf: '2026-11-21',
  region: 'us-east-1',
  priceAsOf: '2026-10-03',
  regionAssumed: false,
  engine: 'cube',
  versioning: 'enabled',
  months,
  totals: {
    baselineNanoUsd: '10',
    planNanoUsd: '5',
    oneTimeNanoUsd: '1',
    savingNanoUsd: '4',
    paybackDay: '2026-11-23',
    firstYearNanoUsd: '4',
    transitionNanoUsd: '1',
    earlyDeletionNanoUsd: '0',
    retrievalNanoUsd: '0',
    planFeesNanoUsd: '1',
    baselineFeesNanoUsd: '0',
    ...more,
  },
  effects: {
    expired: { versions: 0, bytes: 0 },
    hidden: { versions: 0, bytes: 0 },
    transitions: [],
    abortedUploads: { uploads: 0, bytes: 0 },
    deleteMarkersMade: 0,
    deleteMarkersRemoved: 0,
    firstExpiration: null,
    firstTransition: null,
  },
  blocked: [],
  range: { low: '-3', high: '4' },
  redFlags: [],
  assumptions: [],
  issues: [],
});

describe('payback', () => {
  const paybackOf = (more: Partial<Simulation['totals']>) => curveOf(simulation(more)).payback;
  test('counts the days from the day the rules are put', () => {
    expect(paybackOf({})).toEqual({ value: 'day 2', words: '2026-11-23, fees recovered', month: 0 });
  });
  test('says so when the fees are not earned back', () => {
    expect(paybackOf({ paybackDay: null, savingNanoUsd: '-9' })).toMatchObject({
      value: 'not yet',
      words: 'fees not recovered in 1 months',
    });
  });
  test('without fees a saving is there at once, and no saving is none', () => {
    expect(paybackOf({ oneTimeNanoUsd: '0' }).value).toBe('at once');
    expect(paybackOf({ oneTimeNanoUsd: '0', savingNanoUsd: '0' }).value).toBe('none');
  });
});

test('a month begun in the middle is drawn at its full rate and told at what it costs', () => {
  const [first] = curveOf(simulation()).months;
  expect([first?.baselineUsd, first?.baselineNanoUsd, first?.isPartial]).toEqual([30, 10_000_000_000n, true]);
});

test('the year is up with the twelfth whole month', () => {
  const months = Array.from({ length: 14 }, (_, at) =>
    month(`20${26 + Math.floor((at + 10) / 12)}-${String(((at + 10) % 12) + 1).padStart(2, '0')}`, at === 0 ? 10 : 31, String(at), '0'),
  );
  expect(monthTwelve(curveOf(simulation({}, months)))?.baselineNanoUsd).toBe(12n);
  expect(monthTwelve(curveOf(simulation({}, months.slice(0, 3))))?.baselineNanoUsd).toBe(2n);
});

test('classes without cost are not stacked, cold ones lie below', () => {
  const one = month('2026-12', 31, '9', '5');
  const both = { ...one, planByClass: { STANDARD: '3', DEEP_ARCHIVE: '1', NEW_CLASS: '1', GLACIER: '0' } };
  expect(curveOf(simulation({}, [both])).classes).toEqual(['DEEP_ARCHIVE', 'STANDARD', 'NEW_CLASS']);
});
