import fc from 'fast-check';
import { expect, test, vi } from 'vitest';

vi.mock('react-dom', () => ({ flushSync: (run: () => void) => run() }));
const { scaleOf, windowAt } = await import('../../src/renderer/components/virtual-rows.ts');

test('the window holds every row that is in sight, and no more', () => {
  fc.assert(
    fc.property(
      fc.nat(200_000_000),
      fc.integer({ min: 1, max: 3000 }),
      fc.constantFrom(24, 32),
      fc.nat(10_000_000),
      (wanted, viewPx, rowPx, count) => {
        const { top, first, last } = windowAt(wanted, viewPx, rowPx, count);
        const most = Math.max(0, count * rowPx - viewPx);
        expect(top).toBe(Math.min(wanted, most));
        expect(first * rowPx).toBeLessThanOrEqual(top);
        expect((first + 1) * rowPx).toBeGreaterThan(top);
        if (last < count) expect(last * rowPx).toBeGreaterThanOrEqual(top + viewPx);
        expect((last - 1) * rowPx).toBeLessThan(top + viewPx);
      },
    ),
    { seed: 7 },
  );
});

test('the scroll bar reaches the first and the last row of any list', () => {
  for (const count of [0, 1, 1000, 333_333, 5_000_000, 50_000_000]) {
    const viewPx = 600;
    const { heightPx, perPx } = scaleOf(count, 24, viewPx);
    expect(heightPx).toBeLessThanOrEqual(8_000_000);
    const lowest = Math.max(0, heightPx - viewPx) * perPx;
    expect(Math.abs(lowest - Math.max(0, count * 24 - viewPx))).toBeLessThan(1);
  }
});
