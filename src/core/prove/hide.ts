import { isAllowed, preferenceOf } from '../simulate/transitions.ts';

/** A move that rules have in store: so many days after the clock, or from a UTC day on. */
export interface Move {
  readonly days: number | null;
  readonly day: number | null;
  readonly target: string;
}

/** The day a move is due for a version whose clock starts at this midnight. */
export const dueOf = ({ days, day }: Move, clockDay: number): number => (day === null ? clockDay + (days ?? 0) : Math.max(day, clockDay));

/**
 * The run that hides a current version due on `expiresDay`: a transition of the same run goes before a delete marker, and
 * S3 does one of them a day to a version (s3-domain 4.5), so that moves put hiding off.
 */
export function hidesOn(
  expiresDay: number,
  moves: readonly Move[],
  clockDay: number,
  firstRun: number,
  storageClass: string,
  accessTier: string,
): number {
  if (moves.length === 0 || !Number.isFinite(expiresDay)) return expiresDay;
  let [held, tier, day] = [storageClass, accessTier, firstRun];
  for (;;) {
    let best: string | null = null;
    let next = expiresDay;
    for (const move of moves) {
      const due = dueOf(move, clockDay);
      if (due > day) next = Math.min(next, due);
      else if (
        (move.target === held || isAllowed(held, tier, move.target)) &&
        (best === null || preferenceOf(move.target) > preferenceOf(best))
      ) {
        best = move.target;
      }
    }
    if (best !== null && best !== held) {
      [held, tier, day] = [best, '', day + 1];
      continue;
    }
    if (day >= expiresDay) return day;
    day = Math.max(next, day + 1);
  }
}
