import type { MinimumSize } from '../../contract/lifecycle.ts';
import { SMALL_OBJECT_BYTES } from '../../contract/units.ts';
import type { CanonicalRule } from '../policy/canonical.ts';
import type { SizeRange } from './box.ts';
import { dayOfDate, type KnownVersioning, type ProofRule } from './context.ts';
import { hidesOn, type Move } from './hide.ts';

export const NEVER = Number.POSITIVE_INFINITY;

/** What a set of rules has in store, the soonest of each kind. Infinity where there is none. */
export interface Dues {
  /** Days after the clock of a current version, and a UTC day. */
  readonly expirationDays: number;
  readonly expirationDay: number;
  /** Days after the clock of a noncurrent version. */
  readonly noncurrentDays: number;
  /** Rules for noncurrent versions that keep the newest ones. */
  readonly keeping: readonly { readonly days: number; readonly newer: number }[];
  /** The soonest of `keeping`. */
  readonly keepingDays: number;
  readonly cleansMarkers: boolean;
  /** Whether anything would be moved to another class. */
  readonly movesCurrent: boolean;
  readonly movesNoncurrent: boolean;
  /** The transitions of current versions that put hiding off. */
  readonly moves: readonly Move[];
  /** Days by which moves that rules might or might not make can put hiding off further. */
  readonly slackDays: number;
}

/** `sizes` are those the dues are for; the bucket's minimum size keeps small ones from being moved. */
export function duesOf(rules: readonly ProofRule[], sizes: SizeRange, minimumSize: MinimumSize): Dues {
  let [expirationDays, expirationDay, noncurrentDays, keepingDays] = [NEVER, NEVER, NEVER, NEVER];
  const keeping: { days: number; newer: number }[] = [];
  let [cleansMarkers, movesNoncurrent] = [false, false];
  const moves: Move[] = [];
  for (const { rule } of rules) {
    const { expiration, noncurrentExpiration } = rule;
    const isMoved = ({ storageClass }: { readonly storageClass: string }) => movableSizes(sizes, rule, storageClass, minimumSize) !== null;
    for (const step of rule.transitions.filter(isMoved)) {
      moves.push({
        days: step.date === null ? (step.days ?? 0) : null,
        day: step.date === null ? null : dayOfDate(step.date),
        target: step.storageClass,
      });
    }
    movesNoncurrent ||= rule.noncurrentTransitions.some(isMoved);
    if (expiration !== null && expiration.date !== null) expirationDay = Math.min(expirationDay, dayOfDate(expiration.date));
    else if (expiration !== null) expirationDays = Math.min(expirationDays, expiration.days ?? 0);
    cleansMarkers ||= rule.expiredObjectDeleteMarker;
    if (noncurrentExpiration === null) continue;
    const { noncurrentDays: days, newerNoncurrentVersions: newer } = noncurrentExpiration;
    if (newer === 0) noncurrentDays = Math.min(noncurrentDays, days ?? 0);
    else {
      keeping.push({ days: days ?? 0, newer });
      keepingDays = Math.min(keepingDays, days ?? 0);
    }
  }
  return {
    expirationDays,
    expirationDay,
    noncurrentDays,
    keeping,
    keepingDays,
    cleansMarkers,
    moves,
    movesCurrent: moves.length > 0,
    movesNoncurrent,
    slackDays: 0,
  };
}

/** When a current version (or a delete marker left alone) whose clock starts at this midnight is expired; runs are from `firstRun` on. */
export const expiresOn = (dues: Dues, clockDay: number, firstRun: number): number =>
  Math.max(firstRun, Math.min(clockDay + dues.expirationDays, Math.max(dues.expirationDay, clockDay)));

/** When a current version of a class is hidden: on what is due to expire it, put off by moves; the days it lies between. */
export function hidesBetween(
  dues: Dues,
  clockDay: number,
  firstRun: number,
  { storageClass, accessTier }: { readonly storageClass: string; readonly accessTier: string },
): { readonly from: number; readonly to: number } {
  const from = hidesOn(expiresOn(dues, clockDay, firstRun), dues.moves, clockDay, firstRun, storageClass, accessTier);
  return { from, to: from + dues.slackDays };
}

export const noncurrentGoesOn = (dues: Dues, clockDay: number, firstRun: number): number =>
  Math.max(firstRun, clockDay + dues.noncurrentDays);

/** Whether an expiration removes a current version for good. In a suspended bucket only the null version goes (s3-domain 4.5). */
export const removesCurrent = (versioning: KnownVersioning, isNullVersion: boolean): boolean =>
  versioning === 'unversioned' || (versioning === 'suspended' && isNullVersion);

/** Classes that objects below 128 KiB may move to even where the older default holds (s3-domain 4.2). */
const UNBLOCKED = new Set(['GLACIER', 'DEEP_ARCHIVE']);

/** The sizes a transition can move: the bucket's minimum size holds for rules without a size filter of their own. */
export function movableSizes(sizes: SizeRange, rule: CanonicalRule, target: string, minimumSize: MinimumSize): SizeRange | null {
  const hasOwnSizes = rule.scope.sizeGreaterThan !== null || rule.scope.sizeLessThan !== null;
  if (hasOwnSizes || minimumSize === null) return sizes;
  if (minimumSize === 'varies_by_storage_class' && UNBLOCKED.has(target)) return sizes;
  if (sizes.sizeTo < SMALL_OBJECT_BYTES) return null;
  return { sizeFrom: Math.max(sizes.sizeFrom, SMALL_OBJECT_BYTES), sizeTo: sizes.sizeTo };
}
