import type { LifecycleConfiguration } from '../../contract/lifecycle.ts';
import type { KNOWN_VERSIONINGS, Limit, ProofFacts, StatementScope } from '../../contract/prove.ts';
import { DAY_MS } from '../../contract/units.ts';
import { type CanonicalRule, canonicalRule, type Due } from '../policy/canonical.ts';
import { formatCount, formatDay } from '../report/format.ts';
import { type Box, boxOf } from './box.ts';

/** An enabled rule that can match something. */
export interface ProofRule {
  readonly name: string;
  readonly rule: CanonicalRule;
  readonly box: Box;
}

export type KnownVersioning = (typeof KNOWN_VERSIONINGS)[number];

/** Everything a decision over any possible key rests on. */
export interface Context {
  readonly rules: readonly ProofRule[];
  /** The configuration is in force from this UTC day on; S3's first run is at 00:00 of the next. */
  readonly asOfDay: number;
  readonly versioning: KnownVersioning;
  readonly facts: ProofFacts;
}

/** The rules that act, by meaning. Disabled rules and filters nothing can match are left out. */
export function proofRules(configuration: LifecycleConfiguration | null): ProofRule[] {
  const rules: ProofRule[] = [];
  for (const [index, given] of (configuration?.Rules ?? []).entries()) {
    const rule = canonicalRule(given);
    const box = rule.enabled ? boxOf(rule.scope) : null;
    if (box !== null) rules.push({ name: rule.id ?? `no. ${index + 1}`, rule, box });
  }
  return rules;
}

/** The versions a statement is about, or null where there can be none. Its category is the business of existing versions. */
export const scopeBox = (scope: StatementScope): Box | null =>
  boxOf({
    prefix: scope.prefix,
    tags: scope.tags.map(({ Key, Value }) => ({ key: Key, value: Value })),
    sizeGreaterThan: scope.sizeGreaterThan ?? null,
    sizeLessThan: scope.sizeLessThan ?? null,
  });

export const dayOfDate = (date: string): number => Math.floor(Date.parse(date) / DAY_MS);

/** A limit as a test of "so many days after the write" and "on that day". */
export interface Bound {
  readonly ageDays: number | null;
  readonly day: number | null;
}

export const boundOf = (limit: Limit): Bound =>
  'date' in limit ? { ageDays: null, day: dayOfDate(limit.date) } : { ageDays: limit.ageDays, day: null };

export const boundInWords = ({ ageDays, day }: Bound): string => (day === null ? daysInWords(ageDays ?? 0) : formatDay(day));

export const daysInWords = (days: number): string => `${formatCount(days)} ${days === 1 ? 'day' : 'days'}`;

/** The day a rule's date is first acted on: never before the first run after the configuration is put. */
const dateDay = (date: string, asOfDay: number): number => Math.max(dayOfDate(date), asOfDay + 1);

/** How soon an action can come: at the least so many days after a write, and on this day at the earliest for writes from now on. */
export interface Soonest {
  readonly ageDays: number;
  readonly day: number;
}

/** A rule with a date goes on acting after it: what is written later is acted on at the next midnight (s3-domain 4.1). */
export function soonest(due: Due, asOfDay: number): Soonest {
  if (due.date === null) return { ageDays: due.days ?? 0, day: asOfDay + (due.days ?? 0) };
  return { ageDays: 0, day: dateDay(due.date, asOfDay) };
}

/** How late an action can come at most, in days after the midnight that follows the write, for what is written from `asOfDay` on. */
export const latestAge = (due: Due, asOfDay: number): number =>
  due.date === null ? (due.days ?? 0) : dateDay(due.date, asOfDay) - asOfDay;

/** Days a default retention keeps every upload that asks for no retention of its own; 0 without one. */
export const defaultRetentionDays = ({ objectLock }: ProofFacts): number =>
  typeof objectLock === 'object' ? (objectLock.defaultRetentionDays ?? 0) : 0;
