import type { ProofPart, Statement } from '../../contract/prove.ts';
import { formatCount, formatDay } from '../report/format.ts';
import { type Box, intersect, shortestKey } from './box.ts';
import {
  type Bound,
  boundInWords,
  type Context,
  daysInWords,
  defaultRetentionDays,
  type ProofRule,
  type Soonest,
  soonest,
} from './context.ts';
import { anyOf, proved, refuted } from './part.ts';

/** One way for lifecycle to take something away from under a scope, at its soonest. */
interface Loss extends Soonest {
  readonly box: Box;
  readonly rule: ProofRule;
  readonly state: 'current' | 'noncurrent';
  readonly isDated: boolean;
  readonly words: string;
}

type Kept = Pick<Extract<Statement, { kind: 'kept' }>, 'counts' | 'overwrites'>;

/** Every way out of a scope under a configuration: what a rule alone can do, and where nobody writes over keys, what two do together. */
function lossesOf(scope: Box, statement: Kept, { rules, asOfDay, versioning, facts }: Context): Loss[] {
  const losses: Loss[] = [];
  const lockDays = defaultRetentionDays(facts);
  const add = (loss: Loss, isRemoval: boolean): void => {
    const floor = isRemoval ? lockDays : 0;
    losses.push({ ...loss, ageDays: Math.max(loss.ageDays, floor), day: Math.max(loss.day, asOfDay + floor) });
  };
  // A suspended bucket removes a current null version for good (s3-domain 4.5).
  const expirationRemoves = versioning !== 'enabled';
  const noncurrent: { readonly rule: ProofRule; readonly box: Box; readonly days: number; readonly keeps: number }[] = [];
  for (const rule of rules) {
    const box = intersect(rule.box, scope);
    if (box === null) continue;
    const { expiration, noncurrentExpiration } = rule.rule;
    if (expiration !== null && (expirationRemoves || statement.counts === 'hidden')) {
      const what = expirationRemoves ? 'removed for good' : 'hidden behind a delete marker';
      const isDated = expiration.date !== null;
      const words = isDated
        ? `${what} from ${expiration.date?.slice(0, 10)} on, however young`
        : `${what} ${daysInWords(expiration.days ?? 0)} after it was written`;
      add({ ...soonest(expiration, asOfDay), box, rule, state: 'current', isDated, words }, expirationRemoves);
    }
    if (noncurrentExpiration === null || versioning === 'unversioned') continue;
    const days = noncurrentExpiration.noncurrentDays ?? 0;
    noncurrent.push({ rule, box, days, keeps: noncurrentExpiration.newerNoncurrentVersions });
  }
  for (const { rule, box, days, keeps } of noncurrent) {
    if (statement.overwrites === 'possible') {
      const times = keeps === 0 ? '' : `${formatCount(keeps + 1)} times `;
      const words = `written over ${times}right after it was written, it would be removed for good ${daysInWords(days)} later`;
      add({ ageDays: days, day: asOfDay + days, box, rule, state: 'noncurrent', isDated: false, words }, true);
      continue;
    }
    // Nobody writes over keys: only an expiration makes a version noncurrent, and then no newer one keeps it company.
    if (keeps > 0) continue;
    for (const first of rules) {
      const { expiration } = first.rule;
      const both = expiration === null ? null : intersect(first.box, box);
      if (expiration === null || both === null) continue;
      const hidden = soonest(expiration, asOfDay);
      const words = `hidden by rule "${first.name}" and removed for good ${daysInWords(days)} later`;
      add(
        {
          ageDays: hidden.ageDays + days,
          day: hidden.day + days,
          box: both,
          rule,
          state: 'noncurrent',
          isDated: expiration.date !== null,
          words,
        },
        true,
      );
    }
  }
  return losses;
}

const order = (a: Loss, b: Loss, bound: Bound): number =>
  (bound.day === null ? a.ageDays - b.ageDays : a.day - b.day) ||
  a.box.prefix.length - b.box.prefix.length ||
  (a.box.prefix < b.box.prefix ? -1 : a.box.prefix > b.box.prefix ? 1 : 0) ||
  a.box.tags.size - b.box.tags.size;

/** The soonest that lifecycle can remove any version of the scope for good, in days after its write; null where it never can. */
export function soonestRemoval(scope: Box, context: Context): { readonly ageDays: number; readonly ruleId: string } | null {
  const losses = lossesOf(scope, { counts: 'removed', overwrites: 'possible' }, context);
  const [first] = losses.sort((a, b) => order(a, b, { ageDays: 0, day: null }));
  return first === undefined ? null : { ageDays: first.ageDays, ruleId: first.rule.name };
}

/** Whether lifecycle could take any version of the scope away before the bound. */
export function keptAny(scope: Box, statement: Kept, bound: Bound, context: Context): ProofPart {
  const losses = lossesOf(scope, statement, context).sort((a, b) => order(a, b, bound));
  const [first] = losses;
  const what = statement.counts === 'hidden' ? 'removes or hides' : 'removes for good';
  if (first === undefined) return proved(`none of ${rulesInWords(context)} ${what} anything there`);
  const when = bound.day === null ? daysInWords(first.ageDays) : formatDay(first.day);
  const isEarly = bound.day === null ? first.ageDays < (bound.ageDays ?? 0) : first.day < bound.day;
  if (!isEarly) return proved(`the soonest that rule "${first.rule.name}" acts there is ${when}; ${boundInWords(bound)} asked for`);
  const ageDays = bound.day === null || !first.isDated ? first.ageDays : null;
  return refuted(
    `rule "${first.rule.name}" could act at ${when}; ${boundInWords(bound)} asked for`,
    anyOf(first.box, shortestKey(first.box.prefix), {
      state: first.state,
      ruleId: first.rule.name,
      ageDays,
      date: bound.day === null ? null : formatDay(first.day),
      words: `a version written ${bound.day === null ? 'at any time' : `on ${formatDay(context.asOfDay)}`}: ${first.words}`,
    }),
  );
}

export const rulesInWords = ({ rules }: Context): string =>
  rules.length === 0
    ? 'the rules (there are none enabled)'
    : rules.length === 1
      ? 'the one enabled rule'
      : `the ${formatCount(rules.length)} enabled rules`;
