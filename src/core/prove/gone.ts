import type { Counterexample, ProofPart, Statement } from '../../contract/prove.ts';
import { formatBytes, formatDay } from '../report/format.ts';
import { type Box, coversKeysAndTags, isAnySize, shortestKey } from './box.ts';
import { type Bound, boundInWords, type Context, daysInWords, defaultRetentionDays, latestAge, type ProofRule } from './context.ts';
import { anyOf, insufficient, proved, refuted } from './part.ts';
import { worstHide } from './worst-hide.ts';

/** When the first of a few rules has acted at the latest, in days after the midnight that follows a write; `rule` null: never. */
interface Latest {
  readonly ageDays: number;
  readonly rule: ProofRule | null;
}

const NEVER: Latest = { ageDays: Number.POSITIVE_INFINITY, rule: null };

/** The last that is left of something that nobody touches. */
interface Remains extends Latest {
  readonly box: Box;
  readonly state: Counterexample['state'];
  readonly words: string;
}

type Gone = Pick<Extract<Statement, { kind: 'gone' }>, 'uploads'>;

function earliest(rules: readonly ProofRule[], of: (rule: ProofRule) => number | null): Latest {
  let best = NEVER;
  for (const rule of rules) {
    const ageDays = of(rule);
    if (ageDays !== null && ageDays < best.ageDays) best = { ageDays, rule };
  }
  return best;
}

const later = <T extends Latest>(a: T, b: T): T => (b.ageDays > a.ageDays ? b : a);

/** What becomes of versions of one size range that nobody touches: hidden (or removed, unversioned), then removed for good. */
interface Fate {
  readonly box: Box;
  readonly acting: readonly ProofRule[];
  readonly expiration: Latest;
  readonly noncurrent: Latest;
}

const expirationAge =
  (asOfDay: number) =>
  ({ rule }: ProofRule): number | null =>
    rule.expiration === null ? null : latestAge(rule.expiration, asOfDay);

/** A rule that keeps the newest noncurrent versions may keep one for ever. */
const noncurrentAge = ({ rule }: ProofRule): number | null =>
  rule.noncurrentExpiration === null || rule.noncurrentExpiration.newerNoncurrentVersions > 0
    ? null
    : (rule.noncurrentExpiration.noncurrentDays ?? 0);

/** Fates by the size ranges at whose borders other rules act. */
function fatesOf(scope: Box, rules: readonly ProofRule[], asOfDay: number): Fate[] {
  const borders = new Set<number>([scope.sizeFrom]);
  for (const { box } of rules) {
    if (box.sizeFrom > scope.sizeFrom && box.sizeFrom <= scope.sizeTo) borders.add(box.sizeFrom);
    if (box.sizeTo >= scope.sizeFrom && box.sizeTo < scope.sizeTo) borders.add(box.sizeTo + 1);
  }
  const starts = [...borders].sort((a, b) => a - b);
  return starts.map((sizeFrom, at) => {
    const sizeTo = (starts[at + 1] ?? scope.sizeTo + 1) - 1;
    const acting = rules.filter(({ box }) => box.sizeFrom <= sizeFrom && sizeTo <= box.sizeTo);
    return {
      box: { ...scope, sizeFrom, sizeTo },
      acting,
      expiration: earliest(acting, expirationAge(asOfDay)),
      noncurrent: earliest(acting, noncurrentAge),
    };
  });
}

/** The last version left of one size range, and the day it is hidden at the latest. */
function versionOf(
  { box, acting, expiration, noncurrent }: Fate,
  context: Context,
  later: boolean,
): Remains & { readonly hideAge: number } {
  const { versioning, facts } = context;
  if (expiration.rule === null) {
    return { ...NEVER, hideAge: NEVER.ageDays, box, state: 'current', words: 'no rule expires it while nobody writes over it' };
  }
  const lockDays = defaultRetentionDays(facts);
  if (versioning === 'unversioned') {
    const ageDays = Math.max(expiration.ageDays, lockDays);
    return {
      ageDays,
      hideAge: ageDays,
      rule: expiration.rule,
      box,
      state: 'current',
      words: `removed ${daysInWords(ageDays)} after it was written`,
    };
  }
  if (noncurrent.rule === null) {
    return { ...NEVER, hideAge: NEVER.ageDays, box, state: 'noncurrent', words: 'no rule is sure to remove it once it is noncurrent' };
  }
  const { hideAge, removeAge } = worstHide(box, acting, context, later, (rules) => earliest(rules, noncurrentAge).ageDays);
  const words = `hidden after ${daysInWords(hideAge)} at the latest and removed for good ${daysInWords(removeAge)} after it was written`;
  return { ageDays: Math.max(removeAge, lockDays), hideAge, rule: noncurrent.rule, box, state: 'noncurrent', words };
}

/** Delete markers have neither tags nor a size: a scope that asks for either has none. */
const hasMarkers = (scope: Box, { versioning }: Context): boolean =>
  versioning !== 'unversioned' && scope.tags.size === 0 && isAnySize(scope);

/**
 * The last delete marker left: one that was written over goes as a noncurrent version, one with nothing behind it when a
 * rule cleans it up or it is old enough itself.
 */
function markerOf(scope: Box, setAge: number, fates: readonly Fate[], rules: readonly ProofRule[], { asOfDay, facts }: Context): Remains {
  const base = { box: scope, state: 'marker' as const };
  if (earliest(rules, noncurrentAge).rule === null)
    return { ...NEVER, ...base, words: 'no rule is sure to remove it once it is noncurrent' };
  // A key's versions may be of different sizes: each wait can be the longest of any.
  const behind = fates.map(({ noncurrent }) => noncurrent).reduce(later).ageDays;
  const soleAge = Math.max(setAge + behind, defaultRetentionDays(facts));
  const gone = earliest(rules, ({ rule }) => {
    if (rule.expiredObjectDeleteMarker) return soleAge;
    if (rule.expiration === null) return null;
    const due = latestAge(rule.expiration, asOfDay);
    return Math.max(soleAge, rule.expiration.date === null ? setAge + due : due);
  });
  if (gone.rule === null) return { ...NEVER, ...base, words: 'no rule is sure to remove it once nothing is behind it' };
  return { ...gone, ...base, words: `the marker that hides it is removed ${daysInWords(gone.ageDays)} after it was written` };
}

function uploadOf(scope: Box, rules: readonly ProofRule[]): Remains {
  const abort = earliest(rules, ({ rule }) => rule.abortDays);
  const words = abort.rule === null ? 'no rule aborts it' : `aborted after ${daysInWords(abort.ageDays)}`;
  return { ...abort, box: scope, state: 'upload', words };
}

const NOUNS = { current: 'a version', noncurrent: 'a version', marker: 'a delete marker', upload: 'an incomplete upload' } as const;

function sizeInWords({ sizeFrom, sizeTo }: Box): string {
  if (sizeTo === Number.POSITIVE_INFINITY) return sizeFrom === 0 ? '' : ` of ${formatBytes(sizeFrom)} or more`;
  return sizeFrom === sizeTo ? ` of ${formatBytes(sizeFrom)}` : ` of ${formatBytes(sizeFrom)} to ${formatBytes(sizeTo)}`;
}

/** The last thing left of keys that only the rules over all of a box act on; null where S3 does not say what acts on its delete markers. */
function lastOf(box: Box, statement: Gone, bound: Bound, limitDays: number, context: Context): Remains | null {
  const covering = context.rules.filter((rule) => coversKeysAndTags(rule.box, box));
  const fates = fatesOf(box, covering, context.asOfDay);
  const versions = fates.map((fate) => versionOf(fate, context, bound.day === null));
  let last: Remains = versions.reduce(later);
  if (last.ageDays <= limitDays && hasMarkers(box, context)) {
    const setAge = Math.max(...versions.map(({ hideAge }) => hideAge));
    const marker = markerOf(
      box,
      setAge,
      fates,
      covering.filter((rule) => isAnySize(rule.box)),
      context,
    );
    if (marker.rule === null && covering.some((rule) => !isAnySize(rule.box))) return null;
    last = later(last, marker);
  }
  return last.ageDays <= limitDays && statement.uploads ? later(last, uploadOf(box, covering)) : last;
}

/** Longer prefixes under which a rule moves versions: what acts there can put a delete marker off. */
function moverPrefixes(scope: Box, { rules, versioning }: Context): string[] {
  if (versioning === 'unversioned') return [];
  const prefixes = rules
    .filter(
      ({ rule, box }) => rule.transitions.length > 0 && box.prefix.length > scope.prefix.length && box.prefix.startsWith(scope.prefix),
    )
    .map(({ box }) => box.prefix);
  return [...new Set(prefixes)];
}

/** By when the last of a scope is gone, in days after its write; null where something may stay, 'open' where that is not known. */
export function latestGone(scope: Box, context: Context): number | null | 'open' {
  const { facts, versioning } = context;
  if (facts.objectLock === 'unknown' && versioning !== 'unversioned') return 'open';
  const anyAge: Bound = { ageDays: Number.POSITIVE_INFINITY, day: null };
  let last = 0;
  for (const prefix of [scope.prefix, ...moverPrefixes(scope, context)]) {
    const one = lastOf({ ...scope, prefix }, { uploads: false }, anyAge, Number.POSITIVE_INFINITY, context);
    if (one === null) return 'open';
    last = Math.max(last, one.ageDays);
  }
  return Number.isFinite(last) ? last : null;
}

/**
 * Whether everything of the scope, written from the as-of day on (for a date: by that day), is gone by the bound. But for
 * the days by which moves put delete markers off, more rules never delay a removal: the rules over all of the scope count.
 */
export function goneAny(scope: Box, statement: Gone, bound: Bound, context: Context): ProofPart {
  const { rules, asOfDay, versioning, facts } = context;
  if (facts.objectLock === 'unknown' && versioning !== 'unversioned') {
    return insufficient('a default retention could keep versions longer than the rules', [
      'whether the bucket has Object Lock and a default retention',
    ]);
  }
  const limitDays = bound.day === null ? (bound.ageDays ?? 0) : bound.day - asOfDay;
  let last: Remains | null = null;
  for (const prefix of [scope.prefix, ...moverPrefixes(scope, context)]) {
    const one = lastOf({ ...scope, prefix }, statement, bound, limitDays, context);
    if (one === null) {
      return insufficient('S3 does not say whether a rule with a size filter acts on delete markers', [
        'a rule without a size filter that removes delete markers',
      ]);
    }
    last = last === null ? one : later(last, one);
    if (last.ageDays > limitDays) break;
  }
  if (last === null) throw new Error('a scope has at least its own prefix');
  const when = last.rule === null ? last.words : `the last of it goes ${daysInWords(last.ageDays)} after it was written`;
  const basis = `${when}; ${boundInWords(bound)} asked for`;
  if (last.ageDays <= limitDays) return proved(basis);
  const longer = rules.map(({ box }) => box.prefix).filter((prefix) => prefix.length > scope.prefix.length);
  return refuted(
    basis,
    anyOf(last.box, shortestKey(last.box.prefix, longer), {
      state: last.state,
      ruleId: last.rule?.name ?? null,
      ageDays: last.rule === null ? null : last.ageDays,
      date: last.rule === null || bound.day === null ? null : formatDay(asOfDay + last.ageDays),
      words: `${NOUNS[last.state]}${last.state === 'marker' ? '' : sizeInWords(last.box)} written ${bound.day === null ? 'at any time' : `on ${formatDay(asOfDay)}`}: ${last.words}`,
    }),
  );
}
