import type { LifecycleConfiguration } from '../../contract/lifecycle.ts';
import { type CanonicalRule, canonicalRule, type Scope } from './canonical.ts';

/** One difference in meaning, ready to be read by a person. `widens`: the rule would reach more than was asked for. */
export interface Difference {
  readonly rule: string;
  readonly field: string;
  readonly widens: boolean;
  readonly words: string;
}

const text = (value: unknown): string => JSON.stringify(value);
const shown = (value: unknown): string =>
  value === null ||
  value === undefined ||
  (Array.isArray(value) && value.length === 0) ||
  (typeof value === 'number' && Number.isNaN(value))
    ? 'none'
    : typeof value === 'string'
      ? `"${value}"`
      : JSON.stringify(value);

function scopeDifferences(rule: string, wanted: Scope, found: Scope): Difference[] {
  const differences: Difference[] = [];
  const say = (field: string, widens: boolean, words: string) => differences.push({ rule, field, widens, words });
  if (wanted.prefix !== found.prefix) {
    const widens = wanted.prefix.startsWith(found.prefix);
    say('Filter.Prefix', widens, `${widens ? 'widened: ' : ''}prefix ${shown(wanted.prefix)} became ${shown(found.prefix)}`);
  }
  if (text(wanted.tags) !== text(found.tags)) {
    const widens = wanted.tags.length > found.tags.length;
    say('Filter.Tags', widens, widens ? 'widened: tag filter lost' : `tags ${shown(wanted.tags)} became ${shown(found.tags)}`);
  }
  for (const [field, before, after, isWider] of [
    ['ObjectSizeGreaterThan', wanted.sizeGreaterThan, found.sizeGreaterThan, (a: number, b: number) => b < a],
    ['ObjectSizeLessThan', wanted.sizeLessThan, found.sizeLessThan, (a: number, b: number) => b > a],
  ] as const) {
    if (before === after) continue;
    if (after === null) say(`Filter.${field}`, true, `widened: size filter lost (${field} ${before})`);
    else
      say(
        `Filter.${field}`,
        before !== null && isWider(before, after),
        `${before !== null && isWider(before, after) ? 'widened: ' : ''}${field} ${shown(before)} became ${after}`,
      );
  }
  return differences;
}

const ACTIONS = [
  ['Transitions', (rule: CanonicalRule) => rule.transitions],
  ['Expiration', (rule: CanonicalRule) => rule.expiration],
  ['Expiration.ExpiredObjectDeleteMarker', (rule: CanonicalRule) => rule.expiredObjectDeleteMarker],
  ['NoncurrentVersionTransitions', (rule: CanonicalRule) => rule.noncurrentTransitions],
  ['NoncurrentVersionExpiration', (rule: CanonicalRule) => rule.noncurrentExpiration],
  ['AbortIncompleteMultipartUpload', (rule: CanonicalRule) => rule.abortDays],
] as const;

/** How many newer noncurrent versions a rule keeps, over all its noncurrent actions. */
const kept = (rule: CanonicalRule): number =>
  (rule.noncurrentExpiration?.newerNoncurrentVersions ?? 0) +
  rule.noncurrentTransitions.reduce((sum, step) => sum + step.newerNoncurrentVersions, 0);

/** How two rules of one name differ in meaning. */
export function ruleDifferences(rule: string, wanted: CanonicalRule, found: CanonicalRule): Difference[] {
  const differences: Difference[] = [];
  if (wanted.enabled !== found.enabled) {
    differences.push({
      rule,
      field: 'Status',
      widens: found.enabled,
      words: found.enabled ? 'widened: a disabled rule became enabled' : 'the rule became disabled',
    });
  }
  differences.push(...scopeDifferences(rule, wanted.scope, found.scope));
  for (const [field, read] of ACTIONS) {
    const before = read(wanted);
    const after = read(found);
    if (text(before) === text(after)) continue;
    const lostKept = field.startsWith('Noncurrent') && kept(found) < kept(wanted);
    differences.push({
      rule,
      field,
      widens: lostKept,
      words: lostKept
        ? `widened: NewerNoncurrentVersions lost (${shown(before)} became ${shown(after)})`
        : `${shown(before)} became ${shown(after)}`,
    });
  }
  return differences;
}

const withoutId = (rule: CanonicalRule): string => text({ ...rule, id: null });

/**
 * Compares by meaning what was asked for with what a bucket holds; an empty list means equal.
 * A rule asked for without an ID may have been given one by the server.
 */
export function differencesOf(wanted: LifecycleConfiguration | null, found: LifecycleConfiguration | null): Difference[] {
  const asked = (wanted?.Rules ?? []).map(canonicalRule);
  const left = (found?.Rules ?? []).map(canonicalRule);
  const differences: Difference[] = [];
  const take = (matches: (rule: CanonicalRule) => boolean): CanonicalRule | undefined => {
    const at = left.findIndex(matches);
    return at < 0 ? undefined : left.splice(at, 1)[0];
  };
  const named = asked.filter((rule) => rule.id !== null);
  const unnamed = asked.filter((rule) => rule.id === null);
  for (const rule of named) {
    const name = rule.id ?? '';
    // Equal first: an ID may occur twice on servers that allow it.
    const equal = take((other) => text(other) === text(rule));
    if (equal !== undefined) continue;
    const same = take((other) => other.id === rule.id);
    if (same === undefined) differences.push({ rule: name, field: 'Rule', widens: false, words: 'the rule is missing' });
    else differences.push(...ruleDifferences(name, rule, same));
  }
  for (const rule of unnamed) {
    if (take((other) => withoutId(other) === withoutId(rule)) === undefined) {
      differences.push({ rule: '(no ID)', field: 'Rule', widens: false, words: 'the rule is missing' });
    }
  }
  for (const rule of left)
    differences.push({ rule: rule.id ?? '(no ID)', field: 'Rule', widens: rule.enabled, words: 'a rule that was not asked for' });
  return differences;
}

/** A list of differences as one line. */
export const differencesInWords = (differences: readonly Difference[]): string =>
  differences.map(({ rule, field, words }) => `rule "${rule}", ${field}: ${words}`).join('; ');
