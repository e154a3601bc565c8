import type { KeyEvent } from '../simulate/timeline/key.ts';

/** What a version is: of which class, current or not, or nothing any more. */
export interface Standing {
  readonly isGone: boolean;
  readonly isCurrent: boolean;
  readonly storageClass: string;
}

export type Verdict = 'done' | 'late' | 'pending' | 'otherwise';
const ACTIONS = ['transition', 'hidden', 'removed', 'cleaned'] as const;
type Action = (typeof ACTIONS)[number];

/** What a version was to be by a day, and the event that was to make it so. */
export interface Promised {
  readonly action: Action;
  readonly rule: number;
  readonly target: string;
  readonly day: number;
  readonly standing: Standing;
}

const isAction = (kind: KeyEvent['kind']): kind is Action => (ACTIONS as readonly string[]).includes(kind);

/** The last thing rules were to do to a version in the events of its key, and what it would be then; null: nothing. */
export function promisedOf(events: readonly KeyEvent[], version: number, was: Standing): Promised | null {
  let promised: Promised | null = null;
  let standing = was;
  for (const { kind, version: own, target, rule, day } of events) {
    if (own !== version || rule === null || !isAction(kind)) continue;
    if (kind === 'transition') standing = { ...standing, storageClass: target };
    else if (kind === 'hidden') standing = { ...standing, isCurrent: false };
    else standing = { ...standing, isGone: true };
    promised = { action: kind, rule: rule.index, target, day, standing };
  }
  return promised;
}

/** Every standing a version was to have on its way, as it was first. */
export function way(events: readonly KeyEvent[], version: number, was: Standing): Standing[] {
  const days = events.flatMap((event, at) => (event.version === version && event.rule !== null && isAction(event.kind) ? [at] : []));
  return [was, ...days.map((at) => promisedOf(events.slice(0, at + 1), version, was)?.standing ?? was)];
}

export const isSame = (a: Standing, b: Standing): boolean =>
  a.isGone || b.isGone ? a.isGone === b.isGone : a.isCurrent === b.isCurrent && a.storageClass === b.storageClass;

/** How far a version has come: `way` is every standing on its way, the last one the promised one; `certain` the one it must have by now. */
export function judge(steps: readonly Standing[], certain: Standing, actual: Standing): Verdict {
  const promised = steps.at(-1) as Standing;
  if (isSame(actual, promised)) return 'done';
  const at = steps.findIndex((step) => isSame(step, actual));
  if (at < 0) return 'otherwise';
  const must = steps.findIndex((step) => isSame(step, certain));
  return at >= must ? 'pending' : 'late';
}
