import type { ProofPart } from '../../contract/prove.ts';
import { formatDay } from '../report/format.ts';
import { type Box, shortestKey } from './box.ts';
import { type Bound, boundInWords, type Context, daysInWords } from './context.ts';
import { anyOf, insufficient, proved, refuted } from './part.ts';

/** Whether everything written from the as-of day on is under retention until the bound: only a default retention sees to that. */
export function lockedAny(scope: Box, bound: Bound, { asOfDay, facts, versioning }: Context): ProofPart {
  if (facts.objectLock === 'unknown') {
    if (versioning !== 'unversioned')
      return insufficient('what the bucket does with new uploads is not known', [
        'whether the bucket has Object Lock and a default retention',
      ]);
  }
  const days = typeof facts.objectLock === 'object' ? facts.objectLock.defaultRetentionDays : null;
  if (days !== null && (bound.day === null ? days >= (bound.ageDays ?? 0) : asOfDay + days >= bound.day)) {
    return proved(`the default retention of ${daysInWords(days)} keeps every upload that asks for none of its own`);
  }
  const why =
    days === null
      ? 'the bucket has no default retention'
      : `the default retention is ${daysInWords(days)}; ${boundInWords(bound)} asked for`;
  return refuted(
    why,
    anyOf(scope, shortestKey(scope.prefix), {
      state: 'current',
      ruleId: null,
      ageDays: days ?? 0,
      date: bound.day === null ? null : formatDay(asOfDay + (days ?? 0)),
      words: days === null ? 'an upload that asks for no retention is not locked' : `an upload is locked for ${daysInWords(days)} only`,
    }),
  );
}
