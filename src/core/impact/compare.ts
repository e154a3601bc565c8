import type { Act, ImpactChangeKind } from '../../contract/impact.ts';
import type { Fate } from './fate.ts';

/** An act that two configurations do to a version on different days, or only one of them does. */
export interface Difference {
  readonly act: Act;
  readonly to: string;
  readonly change: ImpactChangeKind;
  readonly currentDay: number | null;
  readonly proposedDay: number | null;
}

const dayOf = (fate: Fate, act: Act, to: string): number | null => fate.find((deed) => deed.act === act && deed.to === to)?.day ?? null;

function changeOf(current: number | null, proposed: number | null): ImpactChangeKind | null {
  if (current === null) return proposed === null ? null : 'newly';
  if (proposed === null) return 'noLonger';
  if (proposed === current) return null;
  return proposed < current ? 'earlier' : 'later';
}

/** What becomes different for a version. Moves are told apart by where they go. */
export function differences(current: Fate, proposed: Fate): Difference[] {
  const found: Difference[] = [];
  const seen = new Set<string>();
  for (const { act, to } of [...proposed, ...current]) {
    const key = `${act} ${to}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const currentDay = dayOf(current, act, to);
    const proposedDay = dayOf(proposed, act, to);
    const change = changeOf(currentDay, proposedDay);
    if (change !== null) found.push({ act, to, change, currentDay, proposedDay });
  }
  return found;
}

/** Whether a version loses something it would have kept, or kept for longer. */
export const isDestroyed = (all: readonly Difference[]): boolean =>
  all.some(({ act, change }) => (act === 'remove' || act === 'hide') && (change === 'newly' || change === 'earlier'));
