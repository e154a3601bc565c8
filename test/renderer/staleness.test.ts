import { expect, test } from 'vitest';
import { staleness } from '../../src/renderer/state/staleness.ts';

const AS_OF = '2026-11-20T00:00:00.000Z';
const after = (hours: number) => Date.parse(AS_OF) + hours * 3_600_000;

test.each([
  [0.5, 'ok', 'less than 1 h old'],
  [6, 'ok', '6 h old'],
  [25.9, 'ok', '25 h old'],
  [26, 'warn', '1 day old'],
  [49, 'warn', '2 days old'],
  [191.9, 'warn', '7 days old'],
  [192, 'bad', '8 days old, too old to act on'],
  [24 * 400, 'bad', '400 days old, too old to act on'],
] as const)('a snapshot read %f hours ago is %s and says "%s"', (hours, tone, words) => {
  expect(staleness(AS_OF, after(hours), false)).toEqual({ tone, words });
});

test('sample data has no age', () => {
  expect(staleness(AS_OF, after(24 * 900), true)).toEqual({ tone: 'sample', words: 'sample data' });
});

test('a clock behind the snapshot does not make it older than new', () => {
  expect(staleness(AS_OF, after(-5), false).tone).toBe('ok');
});
