import { type AppError, appError } from '../../contract/errors.ts';
import type { JournalEntry } from '../../contract/journal.ts';
import type { LifecycleConfiguration } from '../../contract/lifecycle.ts';
import type { Limits, Plan } from '../../contract/plan.ts';
import { canonicalRule } from '../../core/policy/canonical.ts';
import { isOwned } from '../../core/policy/diff.ts';
import { operations } from './journal.ts';

const HOUR_MS = 3_600_000;
const trimmed = (endpoint: string | null): string | null => endpoint?.replace(/\/+$/, '') ?? null;

/** What our rules mean, whatever their order. */
const ours = (configuration: LifecycleConfiguration | null): string =>
  JSON.stringify(
    (configuration?.Rules ?? [])
      .filter(isOwned)
      .map((rule) => JSON.stringify(canonicalRule(rule)))
      .sort(),
  );

/**
 * The operations, newest first, since which this policy has stood staged in this bucket without a break. One that changed nothing breaks
 * nothing; whatever else was written does, and so does a bucket of the same name elsewhere.
 */
function staged(plan: Plan, entries: readonly JournalEntry[]): JournalEntry[] {
  const { bucket, endpoint } = plan.target;
  const standing: JournalEntry[] = [];
  for (const entry of operations(entries, bucket)) {
    if (trimmed(entry.endpoint) !== trimmed(endpoint)) continue;
    const isInForce = entry.outcome === 'verified' || entry.outcome === 'unchanged';
    if (!isInForce && entry.holds === 'before') continue;
    const isStaged = entry.stage === 'disabled' || entry.stage === 'canary';
    if (!isInForce || !isStaged || entry.policyHash !== plan.inputs.policyHash) break;
    standing.push(entry);
  }
  return standing;
}

/** Rules that delete have to stand switched off, or on a canary prefix, for a while before they act in full. */
export function coolOff(plan: Plan, limits: Limits, entries: readonly JournalEntry[], now: Date): AppError | null {
  const { coolOffHours: hours } = limits;
  if (hours === null || hours === 0 || !plan.deletes || plan.stage.name !== 'full') return null;
  const standing = staged(plan, entries);
  const [last] = standing;
  const first = standing.at(-1);
  if (first === undefined || last === undefined) {
    return appError('CoolOff', `Rules that delete have to stand disabled, or on a canary prefix, for ${hours} hours first.`);
  }
  if (ours(last.after.configuration) !== ours(plan.current.configuration)) {
    const message = `The policy was staged at ${last.at}, and its staged rules stand in the bucket no more as they were written then.`;
    return appError('CoolOff', message, { next: 'Apply it with --stage disabled or canary again, and wait.' });
  }
  const from = new Date(Date.parse(first.at) + hours * HOUR_MS);
  if (now.getTime() >= from.getTime()) return null;
  return appError('CoolOff', `The policy was staged at ${first.at}; it may act in full from ${from.toISOString()}.`, {
    next: 'Wait until then.',
  });
}
