import type { RunOptions } from '../options.ts';
import { type ActiveRule, isBelowMinimum, matchesMarkers, matchesOldMarkers } from '../rules.ts';

/** A transition that a version may be due for while it is current, or noncurrent. */
export interface Step {
  /** Days after the clock, or null with the UTC day from which it is due. */
  readonly days: number | null;
  readonly dateDay: number;
  readonly target: string;
  /** How many newer noncurrent versions there must be. */
  readonly newer: number;
  /** The minimum size keeps versions of this size where they are. */
  readonly isKept: boolean;
  readonly rule: ActiveRule;
}

/** An expiration, of a current version or of noncurrent ones. */
export interface Removal {
  readonly days: number | null;
  readonly dateDay: number;
  readonly newer: number;
  readonly rule: ActiveRule;
}

/** What the rules that match a version have in store for it; no two versions of one program are told apart by any rule. */
export interface Program {
  readonly current: { readonly steps: readonly Step[]; readonly removals: readonly Removal[] };
  readonly noncurrent: { readonly steps: readonly Step[]; readonly removals: readonly Removal[] };
  /** What removes a delete marker that is left alone: by age, or as soon as it is. */
  readonly cleanups: readonly Removal[];
  /** What removes a superseded delete marker. */
  readonly markerRemovals: readonly Removal[];
  /** Some action asks for the rank among noncurrent versions. */
  readonly isRanked: boolean;
}

/**
 * The program of versions of one size regime, out of the rules whose filters match them. On an unversioned bucket the rules for
 * noncurrent versions do nothing (s3-domain 4.5). `markerRules` are the rules whose prefix matches, out of which come those
 * that match delete markers too.
 */
export function programOf(
  rules: readonly ActiveRule[],
  markerRules: readonly ActiveRule[],
  isSmall: boolean,
  { versioning, minimumSize }: RunOptions,
): Program {
  const isVersioned = versioning !== 'unversioned';
  const removal = (rule: ActiveRule, due: { readonly days: number | null; readonly dateDay: number | null }, newer = 0): Removal => ({
    days: due.days,
    dateDay: due.dateDay ?? 0,
    newer,
    rule,
  });
  const noncurrentRemovals = (list: readonly ActiveRule[]): Removal[] =>
    list.flatMap((rule) => {
      const { noncurrentExpiration: after } = rule;
      return after === null ? [] : [removal(rule, { days: after.days, dateDay: null }, after.newer)];
    });
  const current = {
    steps: rules.flatMap((rule) =>
      rule.transitions.map(
        (step): Step => ({
          days: step.days,
          dateDay: step.dateDay ?? 0,
          target: step.target,
          newer: 0,
          isKept: isBelowMinimum(isSmall, rule, step.target, minimumSize),
          rule,
        }),
      ),
    ),
    removals: rules.flatMap((rule) => (rule.expiration === null ? [] : [removal(rule, rule.expiration)])),
  };
  const noncurrent = {
    steps: !isVersioned
      ? []
      : rules.flatMap((rule) =>
          rule.noncurrentTransitions.map(
            (step): Step => ({
              days: step.days,
              dateDay: 0,
              target: step.target,
              newer: step.newer,
              isKept: isBelowMinimum(isSmall, rule, step.target, minimumSize),
              rule,
            }),
          ),
        ),
    removals: isVersioned ? noncurrentRemovals(rules) : [],
  };
  const forMarkers = isVersioned ? markerRules.filter(({ scope }) => matchesMarkers(scope)) : [];
  const markerRemovals = isVersioned ? noncurrentRemovals(markerRules.filter(({ scope }) => matchesOldMarkers(scope))) : [];
  return {
    current,
    noncurrent,
    cleanups: forMarkers.flatMap((rule) => [
      ...(rule.expiration === null ? [] : [removal(rule, rule.expiration)]),
      ...(rule.expiredObjectDeleteMarker ? [removal(rule, { days: 0, dateDay: null })] : []),
    ]),
    markerRemovals,
    isRanked: [...noncurrent.steps, ...noncurrent.removals, ...markerRemovals].some(({ newer }) => newer > 0),
  };
}
