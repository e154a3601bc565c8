import type { LifecycleConfiguration } from '../../contract/lifecycle.ts';
import type { BucketFacts, RedFlag, RedFlagPattern } from '../../contract/plan.ts';
import { DAY_MS } from '../../contract/units.ts';
import { type CanonicalRule, canonicalRule, type Due, type Scope } from '../policy/canonical.ts';

export interface RedFlagInput {
  readonly bucket: string;
  readonly configuration: LifecycleConfiguration | null;
  /** What was in force before, or was last applied: a rule it lacks is new. Undefined: nothing to compare with. */
  readonly known?: LifecycleConfiguration | null | undefined;
  readonly facts: Pick<BucketFacts, 'versioning' | 'objectLock'>;
  readonly nowMs: number;
}

/**
 * How much each pattern of "Data Destruction: Lifecycle-Triggered Deletion" weighs (https://attack.mitre.org/techniques/T1485/001/).
 * Below three days is what detections look for (splunk/security_content, aws_defense_evasion_putbucketlifecycle); seven days is the
 * ultimatum of published extortion cases.
 */
const WEIGHT: Readonly<Record<RedFlagPattern, number>> = {
  withinOneDay: 50,
  withinThreeDays: 40,
  withinSevenDays: 20,
  wholeBucket: 30,
  logBucket: 35,
  noVersions: 10,
  everyCopy: 25,
  newRule: 10,
  literalWildcard: 15,
};

const LOG_BUCKET = /(^|[-._])(cloud-?trail|aws-?logs?|audit|access-?logs?|flow-?logs?|logs?|logging|siem|guardduty|config)([-._]|$)/i;
const LOG_PREFIX = /(^|\/)(AWSLogs|CloudTrail|CloudTrail-Digest|Config|GuardDuty|vpcflowlogs|elasticloadbalancing)(\/|$)/i;

/** Days after which a due action is in force, seen from now; null where there is none. */
function daysOf(due: Due | null, nowMs: number): number | null {
  if (due === null) return null;
  if (due.days !== null) return due.days;
  return due.date === null ? null : Math.max(0, Math.ceil((Date.parse(due.date) - nowMs) / DAY_MS));
}

const isEverything = (scope: Scope): boolean =>
  scope.prefix === '' && scope.tags.length === 0 && (scope.sizeGreaterThan ?? 0) === 0 && scope.sizeLessThan === null;

/** Whether two rules can meet on one key, as far as prefixes tell. */
const meet = (a: Scope, b: Scope): boolean => a.prefix.startsWith(b.prefix) || b.prefix.startsWith(a.prefix);

const DAYS_WORDS = (days: number): string => (days <= 1 ? 'within a day' : `within ${days} days`);

function flagOf(rule: CanonicalRule, rules: readonly CanonicalRule[], input: RedFlagInput, known: ReadonlySet<string>): RedFlag | null {
  const { bucket, facts, nowMs } = input;
  const current = daysOf(rule.expiration, nowMs);
  const noncurrent = rule.noncurrentExpiration?.noncurrentDays ?? null;
  const soonest = Math.min(current ?? Number.POSITIVE_INFINITY, noncurrent ?? Number.POSITIVE_INFINITY);
  if (soonest === Number.POSITIVE_INFINITY) return null;

  const patterns: RedFlagPattern[] = [];
  const words: string[] = [];
  const say = (pattern: RedFlagPattern, text: string): void => {
    patterns.push(pattern);
    words.push(text);
  };
  if (soonest <= 1) say('withinOneDay', 'deletes within a day');
  else if (soonest <= 3) say('withinThreeDays', `deletes ${DAYS_WORDS(soonest)}`);
  else if (soonest <= 7) say('withinSevenDays', `deletes ${DAYS_WORDS(soonest)}`);
  if (isEverything(rule.scope)) say('wholeBucket', 'reaches every key of the bucket');
  if (LOG_BUCKET.test(bucket)) say('logBucket', 'the name of the bucket says that it keeps logs');
  else if (LOG_PREFIX.test(rule.scope.prefix)) say('logBucket', `"${rule.scope.prefix}" is where services of AWS put their logs`);
  const isKept = facts.versioning === 'enabled' || facts.objectLock.status === 'enabled';
  if (current !== null && !isKept) {
    say('noVersions', facts.versioning === 'unknown' ? 'whether versions are kept is not known' : 'no version is kept: what goes is gone');
  }
  const takesHistory = rules.some(
    (other) =>
      other.enabled &&
      (other.noncurrentExpiration?.noncurrentDays ?? 99) <= 7 &&
      other.noncurrentExpiration?.newerNoncurrentVersions === 0 &&
      meet(other.scope, rule.scope),
  );
  if (current !== null && current <= 7 && isKept && takesHistory)
    say('everyCopy', 'together with the rules for noncurrent versions no copy is left');
  if (rule.scope.prefix.includes('*')) say('literalWildcard', 'its prefix has a "*", which S3 takes as a letter, not as a wildcard');
  if (input.known !== undefined && !known.has(meaning(rule))) say('newRule', 'it was not there before');

  // Broad or new alone is how most rules are; it takes haste, logs or the loss of every copy to be a flag.
  const isGrave = patterns.some((pattern) => pattern !== 'wholeBucket' && pattern !== 'newRule' && pattern !== 'noVersions');
  const isWholeAndForGood = patterns.includes('wholeBucket') && (patterns.includes('noVersions') || noncurrent !== null);
  if (!isGrave && !isWholeAndForGood) return null;
  const score = Math.min(
    100,
    patterns.reduce((sum, pattern) => sum + WEIGHT[pattern], 0),
  );
  return { ruleId: rule.id, score, patterns, words: `Rule "${rule.id ?? '(no ID)'}": ${words.join('; ')}.` };
}

const meaning = (rule: CanonicalRule): string => JSON.stringify({ ...rule, id: null });

/** Rules that look like an accident or an attack, the worst first. Disabled rules do nothing and are not judged. */
export function redFlagsOf(input: RedFlagInput): RedFlag[] {
  const rules = (input.configuration?.Rules ?? []).map(canonicalRule).filter(({ enabled }) => enabled);
  const known = new Set((input.known?.Rules ?? []).map(canonicalRule).map(meaning));
  return rules
    .map((rule) => flagOf(rule, rules, input, known))
    .filter((flag) => flag !== null)
    .sort((a, b) => b.score - a.score);
}

/** From this score on a rule is treated as destructive whoever wrote it. */
export const ALARMING_SCORE = 70;
