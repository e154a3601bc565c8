import type { Limits, Plan } from '../../contract/plan.ts';
import { formatBytes, formatCount, formatMoney } from '../report/format.ts';

/** What holds where a workspace has set nothing. */
export const DEFAULT_LIMITS: Limits = {
  maxDestroyedPercent: 75,
  maxDestroyedVersions: null,
  maxSnapshotAgeHours: 48,
  approveAboveBytes: null,
  approveAboveNanoUsd: null,
  coolOffHours: null,
};

type Weighed = Pick<Plan, 'destroyed' | 'effect'> & { readonly inputs: Pick<Plan['inputs'], 'snapshotBytes'> };

/** Why a plan goes further than the limits allow, in words; empty where it does not. */
export function beyondLimits(plan: Weighed, limits: Limits): string[] {
  const { destroyed, inputs } = plan;
  const reasons: string[] = [];
  const { maxDestroyedPercent: percent, maxDestroyedVersions: most } = limits;
  // In thousandths of a percent, so that whole numbers are compared.
  const share = inputs.snapshotBytes === 0 ? 0n : (BigInt(destroyed.bytes) * 100_000n) / BigInt(inputs.snapshotBytes);
  if (percent !== null && share > BigInt(Math.round(percent * 1000))) {
    reasons.push(`it would delete ${Number(share) / 1000} % of the bytes of the bucket; the limit is ${percent} %`);
  }
  if (most !== null && destroyed.versions > most) {
    reasons.push(`it would delete ${formatCount(destroyed.versions)} versions; the limit is ${formatCount(most)}`);
  }
  return reasons;
}

/** Why a second person has to approve a plan, in words; empty where nobody has to. */
export function approvalReasons(plan: Weighed, limits: Limits): string[] {
  const reasons: string[] = [];
  const { approveAboveBytes: bytes, approveAboveNanoUsd: money } = limits;
  if (bytes !== null && plan.destroyed.bytes > bytes) {
    reasons.push(`it would delete ${formatBytes(plan.destroyed.bytes)}; above ${formatBytes(bytes)} a second person approves`);
  }
  const { oneTimeNanoUsd, transitionNanoUsd } = plan.effect.totals;
  // Requests and early deletion; fees that the current rules would cause anyhow and that fall away do not outweigh new requests.
  const fees = BigInt(oneTimeNanoUsd) > BigInt(transitionNanoUsd) ? oneTimeNanoUsd : transitionNanoUsd;
  if (money !== null && BigInt(fees) > BigInt(money)) {
    reasons.push(`it would cost ${formatMoney(fees)} once; above ${formatMoney(money)} a second person approves`);
  }
  return reasons;
}

/** The stricter of two sets of limits, bound by bound: a plan was made under one and is applied under the other. */
export function stricter(a: Limits, b: Limits): Limits {
  const lower = (x: number | null, y: number | null): number | null => (x === null ? y : y === null ? x : Math.min(x, y));
  const money = (x: string | null, y: string | null): string | null => (x === null ? y : y === null ? x : BigInt(x) < BigInt(y) ? x : y);
  return {
    maxDestroyedPercent: lower(a.maxDestroyedPercent, b.maxDestroyedPercent),
    maxDestroyedVersions: lower(a.maxDestroyedVersions, b.maxDestroyedVersions),
    maxSnapshotAgeHours: lower(a.maxSnapshotAgeHours, b.maxSnapshotAgeHours),
    approveAboveBytes: lower(a.approveAboveBytes, b.approveAboveBytes),
    approveAboveNanoUsd: money(a.approveAboveNanoUsd, b.approveAboveNanoUsd),
    coolOffHours:
      a.coolOffHours === null ? b.coolOffHours : b.coolOffHours === null ? a.coolOffHours : Math.max(a.coolOffHours, b.coolOffHours),
  };
}
