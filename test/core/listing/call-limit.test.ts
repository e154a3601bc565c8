import { expect, it } from 'vitest';
import { createCallLimit } from '../../../src/core/listing/call-limit.ts';

const half = (): number => 0.5;

it('grows with every answer up to the most', () => {
  const limit = createCallLimit(100, half);
  expect(limit.room(0, 0)).toBe(32);
  for (let i = 0; i < 200; i++) limit.succeeded();
  expect(limit.room(0, 0)).toBe(100);
  expect(limit.room(40, 0)).toBe(60);
  expect(limit.room(140, 0)).toBe(0);
});

it('falls by two fifths at a sign of trouble, however many calls show it, pauses, and grows slowly afterwards', () => {
  const limit = createCallLimit(100, half);
  for (let i = 0; i < 200; i++) limit.succeeded();
  limit.failed(1_000);
  limit.failed(1_010);
  expect(limit.room(0, 1_010)).toBe(0);
  expect(limit.waitMs(1_010)).toBe(40);
  expect(limit.room(0, 1_050)).toBe(60);
  for (let i = 0; i < 62; i++) limit.succeeded();
  expect(limit.room(0, 1_050)).toBe(61);
});

it('waits ever longer while nothing comes through, to a limit, and never stops trying', () => {
  const limit = createCallLimit(100, () => 0.999);
  let now = 0;
  const waits: number[] = [];
  for (let i = 0; i < 200; i++) {
    limit.failed(now);
    const wait = limit.waitMs(now);
    if (wait > 0) waits.push(wait);
    now += wait;
  }
  expect(waits[0]).toBeLessThanOrEqual(100);
  expect(waits.at(-1)).toBeGreaterThan(19_000);
  expect(Math.max(...waits)).toBeLessThanOrEqual(20_000);
  expect(limit.room(0, now)).toBe(1);
});
