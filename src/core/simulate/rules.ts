import type { LifecycleConfiguration, MinimumSize } from '../../contract/lifecycle.ts';
import { DAY_MS, SMALL_OBJECT_BYTES } from '../../contract/units.ts';
import { type CanonicalRule, canonicalRule, type Due, type Scope } from '../policy/canonical.ts';

/** When an action on a current version is due: so many days after its clock, or from a UTC day on. */
export type DueAt = { readonly days: number; readonly dateDay: null } | { readonly days: null; readonly dateDay: number };

/** A rule that is enabled, ready to be run. */
export interface ActiveRule {
  /** Its place in the configuration. */
  readonly index: number;
  readonly id: string | null;
  readonly scope: Scope;
  /** A size filter of a rule's own takes the place of the bucket's minimum size (s3-domain 4.2). */
  readonly hasSizeFilter: boolean;
  readonly transitions: readonly (DueAt & { readonly target: string })[];
  readonly expiration: DueAt | null;
  readonly expiredObjectDeleteMarker: boolean;
  readonly noncurrentTransitions: readonly { readonly days: number; readonly newer: number; readonly target: string }[];
  /** `newer`: how many newer noncurrent versions of the key are kept. */
  readonly noncurrentExpiration: { readonly days: number; readonly newer: number } | null;
  readonly abortDays: number | null;
}

/** A date counts from its own day; one that S3 would refuse for not being at midnight counts from the next. */
function dueAt({ days, date }: Due): DueAt | null {
  if (date !== null) {
    const dateDay = Math.ceil(Date.parse(date) / DAY_MS);
    return Number.isNaN(dateDay) ? null : { days: null, dateDay };
  }
  return days === null ? null : { days, dateDay: null };
}

function activeRule(rule: CanonicalRule, index: number): ActiveRule {
  const { scope, noncurrentExpiration } = rule;
  return {
    index,
    id: rule.id,
    scope,
    hasSizeFilter: scope.sizeGreaterThan !== null || scope.sizeLessThan !== null,
    transitions: rule.transitions.flatMap((step) => {
      const due = dueAt(step);
      return due === null ? [] : [{ ...due, target: step.storageClass }];
    }),
    expiration: rule.expiration === null ? null : dueAt(rule.expiration),
    expiredObjectDeleteMarker: rule.expiredObjectDeleteMarker,
    noncurrentTransitions: rule.noncurrentTransitions.flatMap((step) =>
      step.noncurrentDays === null ? [] : [{ days: step.noncurrentDays, newer: step.newerNoncurrentVersions, target: step.storageClass }],
    ),
    // Without NoncurrentDays S3 refuses the rule (s3-domain 4.4); it does nothing here.
    noncurrentExpiration:
      noncurrentExpiration === null || noncurrentExpiration.noncurrentDays === null
        ? null
        : { days: noncurrentExpiration.noncurrentDays, newer: noncurrentExpiration.newerNoncurrentVersions },
    abortDays: rule.abortDays,
  };
}

/** The rules of a configuration that act; disabled ones do nothing. */
export const activeRules = (configuration: LifecycleConfiguration | null): ActiveRule[] =>
  (configuration?.Rules ?? []).flatMap((rule, index) => {
    const meaning = canonicalRule(rule);
    return meaning.enabled ? [activeRule(meaning, index)] : [];
  });

/** Whether the bounds of a filter hold for a size; both exclude their own value (s3-domain 4.1). */
export const matchesSize = ({ sizeGreaterThan, sizeLessThan }: Scope, sizeBytes: number): boolean =>
  (sizeGreaterThan === null || sizeBytes > sizeGreaterThan) && (sizeLessThan === null || sizeBytes < sizeLessThan);

/**
 * Noncurrent delete markers have no tags, and are objects without data to a size filter
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-configuration-examples.html, "objects that have no data").
 */
export const matchesOldMarkers = (scope: Scope): boolean => scope.tags.length === 0 && matchesSize(scope, 0);

/** The latest delete marker is cleaned up by rules that ask for no tag and no size: S3 refuses such actions with either. */
export const matchesMarkers = ({ tags, sizeGreaterThan, sizeLessThan }: Scope): boolean =>
  tags.length === 0 && sizeGreaterThan === null && sizeLessThan === null;

const ARCHIVES = new Set(['GLACIER', 'DEEP_ARCHIVE']);

/** Whether the bucket's minimum size keeps an object where it is (s3-domain 4.2). Only transitions are kept, never expiration. */
export function isBelowMinimum(isSmall: boolean, rule: ActiveRule, target: string, minimumSize: MinimumSize): boolean {
  return isSmall && !rule.hasSizeFilter && keepsSmall(target, minimumSize);
}

/** Whether that setting keeps small objects from a class. */
export const keepsSmall = (target: string, minimumSize: MinimumSize): boolean =>
  minimumSize !== null && (minimumSize === 'all_storage_classes_128K' || !ARCHIVES.has(target));

/** Sizes from which on a filter of these rules holds or no longer holds, beyond 128 KiB, which cells tell anyway. Ascending. */
export function sizeBoundsOf(rules: readonly ActiveRule[]): number[] {
  const bounds = new Set<number>();
  for (const { scope } of rules) {
    if (scope.sizeGreaterThan !== null) bounds.add(scope.sizeGreaterThan + 1);
    if (scope.sizeLessThan !== null) bounds.add(scope.sizeLessThan);
  }
  bounds.delete(SMALL_OBJECT_BYTES);
  return [...bounds].filter((bound) => bound > 0).sort((a, b) => a - b);
}
