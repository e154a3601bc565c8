import type { ProofPart, Statement } from '../../contract/prove.ts';
import { type Box, intersect, shortestKey } from './box.ts';
import { type Context, type ProofRule, soonest } from './context.ts';
import { movableSizes } from './dues.ts';
import { rulesInWords } from './kept.ts';
import { anyOf, proved, refuted } from './part.ts';

interface Touch {
  readonly box: Box;
  readonly rule: ProofRule;
  readonly state: 'current' | 'noncurrent' | 'marker' | 'upload';
  readonly ageDays: number;
  readonly words: string;
}

function movable(box: Box, { rule }: ProofRule, target: string, { facts }: Context): Box | null {
  const sizes = movableSizes(box, rule, target, facts.minimumSize);
  return sizes === null ? null : { ...box, ...sizes };
}

type Untouched = Pick<Extract<Statement, { kind: 'untouched' }>, 'uploads'>;

function touchesOf(scope: Box, statement: Untouched, rule: ProofRule, context: Context): Touch[] {
  const box = intersect(rule.box, scope);
  if (box === null) return [];
  const { asOfDay, versioning } = context;
  const { rule: meaning } = rule;
  const touches: Touch[] = [];
  const add = (touched: Box | null, state: Touch['state'], ageDays: number, words: string) => {
    if (touched !== null) touches.push({ box: touched, rule, state, ageDays, words });
  };
  for (const step of meaning.transitions) {
    add(
      movable(box, rule, step.storageClass, context),
      'current',
      soonest(step, asOfDay).ageDays,
      `it would be moved to ${step.storageClass}`,
    );
  }
  if (meaning.expiration !== null) {
    add(box, 'current', soonest(meaning.expiration, asOfDay).ageDays, versioning === 'enabled' ? 'it would be hidden' : 'it would expire');
  }
  if (versioning !== 'unversioned') {
    for (const step of meaning.noncurrentTransitions) {
      const moved = movable(box, rule, step.storageClass, context);
      add(moved, 'noncurrent', step.noncurrentDays ?? 0, `once replaced it would be moved to ${step.storageClass}`);
    }
    if (meaning.noncurrentExpiration !== null) {
      add(box, 'noncurrent', meaning.noncurrentExpiration.noncurrentDays ?? 0, 'once replaced it would be removed for good');
    }
    if (meaning.expiredObjectDeleteMarker && scope.tags.size === 0)
      add(box, 'marker', 0, 'a delete marker with nothing behind it would be removed');
  }
  if (meaning.abortDays !== null && statement.uploads) add(box, 'upload', meaning.abortDays, 'an incomplete upload would be aborted');
  return touches;
}

const order = (a: Touch, b: Touch): number =>
  a.ageDays - b.ageDays ||
  a.box.prefix.length - b.box.prefix.length ||
  (a.box.prefix < b.box.prefix ? -1 : a.box.prefix > b.box.prefix ? 1 : 0);

/** Whether any enabled rule has an action for anything of the scope. */
export function untouchedAny(scope: Box, statement: Untouched, context: Context): ProofPart {
  const [first] = context.rules.flatMap((rule) => touchesOf(scope, statement, rule, context)).sort(order);
  if (first === undefined) return proved(`none of ${rulesInWords(context)} acts on anything there`);
  return refuted(
    `rule "${first.rule.name}" acts there`,
    anyOf(first.box, shortestKey(first.box.prefix), {
      state: first.state,
      ruleId: first.rule.name,
      ageDays: first.ageDays,
      date: null,
      words: first.words,
    }),
  );
}
