import { STORAGE_CLASSES } from '../../contract/vocabulary.ts';
import { type Box, coversKeysAndTags, intersect, isInside, type SizeRange } from './box.ts';
import { type Context, dayOfDate, type ProofRule } from './context.ts';
import { movableSizes } from './dues.ts';
import { dueOf, hidesOn, type Move } from './hide.ts';

/** Classes and tiers an object may be uploaded to or sink into: what can still be moved depends on them. */
const HELD: readonly (readonly [storageClass: string, tier: string])[] = [
  ...STORAGE_CLASSES.map(({ name }) => [name, ''] as const),
  ['INTELLIGENT_TIERING', 'ARCHIVE_INSTANT_ACCESS'],
  ['INTELLIGENT_TIERING', 'ARCHIVE'],
];

interface Steps {
  readonly rule: ProofRule;
  readonly moves: readonly Move[];
}

function movesOf(rule: ProofRule, sizes: SizeRange, { facts }: Context): Move[] {
  return rule.rule.transitions
    .filter((step) => movableSizes(sizes, rule.rule, step.storageClass, facts.minimumSize) !== null)
    .map(({ days, date, storageClass }) => ({
      days: date === null ? (days ?? 0) : null,
      day: date === null ? null : dayOfDate(date),
      target: storageClass,
    }));
}

/** When a current version of a box expires, for a write that the midnight `clockDay` follows. */
function expiresAt(rules: readonly ProofRule[], clockDay: number, firstRun: number): number {
  let day = Number.POSITIVE_INFINITY;
  for (const { rule } of rules) {
    if (rule.expiration === null) continue;
    const { days, date } = rule.expiration;
    day = Math.min(day, date === null ? clockDay + (days ?? 0) : Math.max(dayOfDate(date), clockDay));
  }
  return Math.max(day, firstRun);
}

export interface WorstHide {
  /** The most days after the midnight that follows a write until a current version is hidden. */
  readonly hideAge: number;
  /** The most days until it is removed for good as a noncurrent version. */
  readonly removeAge: number;
}

/**
 * How late current versions of a box are hidden, whatever their class and further tags: transitions due on the day one
 * expires put its delete marker off by a day each (s3-domain 4.5). `acting` are the rules that act on all of the box,
 * `noncurrentAge` how long versions that some rules act on then stay, `later` whether writes after the as-of day count. Keys with longer prefixes are boxes of their own.
 */
export function worstHide(
  box: Box,
  acting: readonly ProofRule[],
  context: Context,
  later: boolean,
  noncurrentAge: (rules: readonly ProofRule[]) => number,
): WorstHide {
  const firstRun = context.asOfDay + 1;
  const numbers = new Map(context.rules.map((rule, at) => [rule, at]));
  const movers: Steps[] = context.rules
    .filter((rule) => box.prefix.startsWith(rule.box.prefix) && intersect(rule.box, box) !== null)
    .map((rule) => ({ rule, moves: movesOf(rule, box, context) }))
    .filter(({ moves }) => moves.length > 0);
  let [hideAge, removeAge] = [0, 0];
  const tried = new Set<string>();

  function tryBox(narrow: Box, rules: readonly ProofRule[]): void {
    const name = rules.map((rule) => numbers.get(rule)).join(',');
    if (tried.has(name)) return;
    tried.add(name);
    const moves = movers.filter(({ rule }) => rules.includes(rule)).flatMap((mover) => mover.moves);
    const after = noncurrentAge(rules);
    for (const clockDay of writesOf(rules, later ? movers : [], context.asOfDay)) {
      const expires = expiresAt(rules, clockDay, firstRun);
      const days = new Set(
        moves.length === 0 ? [expires] : HELD.map(([held, tier]) => hidesOn(expires, moves, clockDay, firstRun, held, tier)),
      );
      for (const day of days) {
        hideAge = Math.max(hideAge, day - clockDay);
        removeAge = Math.max(removeAge, day - clockDay + after);
        // One more rule, by a tag or a size, may put it off once more.
        for (const { rule, moves: more } of movers) {
          if (rules.includes(rule) || !more.some((move) => dueOf(move, clockDay) === day)) continue;
          const narrower = intersect(narrow, rule.box);
          if (narrower !== null)
            tryBox(
              narrower,
              context.rules.filter(({ box: other }) => coversKeysAndTags(other, narrower) && isInside(other, narrower)),
            );
        }
      }
    }
  }
  tryBox(box, acting);
  return { hideAge, removeAge };
}

/** The writes that can be the worst: on the as-of day, and where a dated move meets an expiration counted in days. */
function writesOf(acting: readonly ProofRule[], movers: readonly Steps[], asOfDay: number): Set<number> {
  const writes = new Set<number>([asOfDay]);
  for (const { day } of movers.flatMap(({ moves }) => moves)) {
    if (day === null) continue;
    for (const { rule } of acting) {
      if (rule.expiration === null || rule.expiration.date !== null) continue;
      const write = day - (rule.expiration.days ?? 0);
      if (write > asOfDay) writes.add(write);
    }
  }
  return writes;
}
