import { expect, test } from 'vitest';
import { approvalReasons, beyondLimits, DEFAULT_LIMITS } from '../../../src/core/apply/limits.ts';

const weighed = (totals: { oneTimeNanoUsd: string; transitionNanoUsd: string }, destroyed = { versions: 0, bytes: 0 }) =>
  ({ destroyed, effect: { totals }, inputs: { snapshotBytes: 1_000 } }) as unknown as Parameters<typeof approvalReasons>[0];

test('what is paid once is requests and early deletion together', () => {
  const limits = { ...DEFAULT_LIMITS, approveAboveNanoUsd: '1000' };
  const reasons = (oneTimeNanoUsd: string, transitionNanoUsd: string) =>
    approvalReasons(weighed({ oneTimeNanoUsd, transitionNanoUsd }), limits).length;
  expect(reasons('1000', '1000')).toBe(0);
  expect(reasons('1001', '0')).toBe(1);
  // Early deletion that falls away pays for no new requests.
  expect(reasons('-5000', '1001')).toBe(1);
});

test('a limit is kept to the byte and the version', () => {
  const free = { oneTimeNanoUsd: '0', transitionNanoUsd: '0' };
  const limits = { ...DEFAULT_LIMITS, maxDestroyedPercent: 50, maxDestroyedVersions: 3, approveAboveBytes: 500 };
  expect(beyondLimits(weighed(free, { versions: 3, bytes: 500 }), limits)).toEqual([]);
  expect(beyondLimits(weighed(free, { versions: 4, bytes: 501 }), limits)).toHaveLength(2);
  expect(approvalReasons(weighed(free, { versions: 3, bytes: 500 }), limits)).toEqual([]);
  expect(approvalReasons(weighed(free, { versions: 3, bytes: 501 }), limits)).toHaveLength(1);
});
