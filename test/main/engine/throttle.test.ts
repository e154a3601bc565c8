import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { throttleProgress } from '../../../src/main/engine/throttle.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const collect = () => {
  const seen: number[] = [];
  return {
    seen,
    throttle: throttleProgress(
      ({ done }) => seen.push(done),
      () => Date.now(),
    ),
  };
};

test('the first report goes at once and the newest of a burst when its time has come', () => {
  const { seen, throttle } = collect();
  for (const done of [1, 2, 3]) throttle.report({ phase: 'p', done });
  expect(seen).toEqual([1]);
  vi.advanceTimersByTime(249);
  expect(seen).toEqual([1]);
  vi.advanceTimersByTime(1);
  expect(seen).toEqual([1, 3]);
});

test('the end sends what was held back, once', () => {
  const { seen, throttle } = collect();
  for (const done of [1, 2]) throttle.report({ phase: 'p', done });
  throttle.end();
  throttle.end();
  vi.advanceTimersByTime(1000);
  expect(seen).toEqual([1, 2]);
});

test('a second of busy reporting lets five through', () => {
  const { seen, throttle } = collect();
  for (let ms = 0; ms <= 1000; ms += 10) {
    throttle.report({ phase: 'p', done: ms });
    vi.advanceTimersByTime(10);
  }
  expect(seen.length).toBe(5);
});
