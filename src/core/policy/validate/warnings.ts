import type { LifecycleConfiguration, MinimumSize, Rule } from '../../../contract/lifecycle.ts';
import type { PolicyIssue } from '../../../contract/policy-check.ts';
import type { PriceList } from '../../price/price-book.ts';
import { type CanonicalRule, canonicalRule, type Due, type Scope } from '../canonical.ts';
import { type Finding, nameOf, regretted, ruleIssue, wholeIssue } from './issue.ts';
import { payFindings } from './pays.ts';
import type { PolicyDocument } from './shape.ts';

/** What is known beside the policy itself; each makes some warnings possible. */
export interface WarningContext {
  readonly list?: PriceList | undefined;
  /** What the bucket has now. */
  readonly current?: { readonly configuration: LifecycleConfiguration | null; readonly minimumSize: MinimumSize } | undefined;
  /** Roots of tables that are in use (Iceberg, Delta, Hudi, DVC), ending in "/". */
  readonly liveTables?: readonly string[] | undefined;
}

const NEAR_MOST_RULES = 900;
const ARCHIVES = new Set(['GLACIER', 'DEEP_ARCHIVE']);

interface Numbered {
  readonly rule: Rule;
  readonly index: number;
  readonly meaning: CanonicalRule;
}

/** Whether every version that `inner` matches is matched by `outer` too. */
function covers(outer: Scope, inner: Scope): boolean {
  const hasTag = (tag: { key: string; value: string }) => inner.tags.some(({ key, value }) => key === tag.key && value === tag.value);
  return (
    inner.prefix.startsWith(outer.prefix) &&
    outer.tags.every(hasTag) &&
    (outer.sizeGreaterThan ?? -1) <= (inner.sizeGreaterThan ?? -1) &&
    (outer.sizeLessThan ?? Number.POSITIVE_INFINITY) >= (inner.sizeLessThan ?? Number.POSITIVE_INFINITY)
  );
}

const overlaps = (a: Scope, b: Scope): boolean => a.prefix.startsWith(b.prefix) || b.prefix.startsWith(a.prefix);

/** Whether the first is surely the earlier: both in days, or both dates. */
function isSooner(a: Due, b: Due): boolean {
  if (a.days !== null && b.days !== null) return a.days < b.days;
  return a.date !== null && b.date !== null && a.date < b.date;
}

function hastyFindings({ rule, meaning }: Numbered): Finding[] {
  const findings: Finding[] = [];
  const { scope, expiration, noncurrentExpiration } = meaning;
  const field = `Expiration.${rule.Expiration?.Days === undefined ? 'Date' : 'Days'}`;
  if (expiration?.days === 1)
    findings.push(
      regretted(field, 'expires-at-once', 'whatever it matches is gone a day after it was written', 'Give more days to notice a mistake.'),
    );
  if (noncurrentExpiration?.noncurrentDays === 1 && noncurrentExpiration.newerNoncurrentVersions === 0) {
    const words = 'what was overwritten or deleted can be had back for one day only';
    findings.push(regretted('NoncurrentVersionExpiration.NoncurrentDays', 'expires-at-once', words, 'Give more days to notice a mistake.'));
  }
  const isWhole = scope.prefix === '' && scope.tags.length === 0 && scope.sizeGreaterThan === null && scope.sizeLessThan === null;
  if (isWhole && expiration !== null)
    findings.push(regretted('Filter', 'expires-whole-bucket', 'it expires everything in the bucket', 'Name the prefix that is meant.'));
  return findings;
}

/** A longer rule over part of what a shorter one covers does not keep it: the shorter expiration wins (s3-domain 4.5). */
function protectionFindings(one: Numbered, all: readonly Numbered[]): Finding[] {
  const findings: Finding[] = [];
  const { scope, expiration, noncurrentExpiration } = one.meaning;
  const fix = 'There is no way to except keys from a rule: part the prefixes or tag what may go.';
  const shorter = all.find(
    ({ meaning }) =>
      expiration !== null && meaning.expiration !== null && isSooner(meaning.expiration, expiration) && covers(meaning.scope, scope),
  );
  if (shorter !== undefined) {
    const words = `${nameOf(shorter.rule, shorter.index)} expires the same versions sooner, so this one never acts and protects nothing`;
    findings.push(regretted('Expiration', 'cannot-protect', words, fix));
  }
  if (noncurrentExpiration === null) return findings;
  const { noncurrentDays, newerNoncurrentVersions } = noncurrentExpiration;
  const sooner = all.find(({ meaning }) => {
    const other = meaning.noncurrentExpiration;
    if (other === null || meaning === one.meaning || !covers(meaning.scope, scope)) return false;
    const [days, otherDays] = [noncurrentDays ?? 0, other.noncurrentDays ?? 0];
    const isLess = otherDays < days || other.newerNoncurrentVersions < newerNoncurrentVersions;
    return isLess && otherDays <= days && other.newerNoncurrentVersions <= newerNoncurrentVersions;
  });
  if (sooner !== undefined) {
    const words = `${nameOf(sooner.rule, sooner.index)} removes the same noncurrent versions sooner, so this one protects nothing`;
    findings.push(regretted('NoncurrentVersionExpiration', 'cannot-protect', words, fix));
  }
  return findings;
}

/** On a versioned bucket: bytes that stay behind delete markers, and markers that stay behind kept versions. */
function versionedFindings(one: Numbered, all: readonly Numbered[]): Finding[] {
  const { scope, expiration } = one.meaning;
  if (expiration === null) return [];
  const removers = all.filter(({ meaning }) => meaning.noncurrentExpiration !== null && overlaps(meaning.scope, scope));
  if (removers.length === 0) {
    const words =
      'on a versioned bucket it hides versions behind delete markers and frees no byte, for no rule removes noncurrent versions here';
    return [regretted('Expiration', 'hides-only', words, 'Add NoncurrentVersionExpiration, if the bucket is versioned.')];
  }
  const keepsNone = ({ meaning }: Numbered): boolean => meaning.noncurrentExpiration?.newerNoncurrentVersions === 0;
  if (removers.some((remover) => keepsNone(remover) && covers(remover.meaning.scope, { ...scope, tags: [] }))) return [];
  const keeper = removers.find((remover) => !keepsNone(remover));
  if (keeper === undefined) return [];
  const words = `${nameOf(keeper.rule, keeper.index)} keeps the newest noncurrent versions of every key, so the delete markers this one makes are never removed`;
  return [regretted('Expiration', 'markers-stuck', words, 'Remove noncurrent versions without NewerNoncurrentVersions where keys expire.')];
}

function liveTableFindings({ meaning }: Numbered, liveTables: readonly string[]): Finding[] {
  const { scope, transitions, expiration } = meaning;
  const table = liveTables.find((root) => root.startsWith(scope.prefix) || scope.prefix.startsWith(root));
  if (table === undefined) return [];
  const findings: Finding[] = [];
  const fix = 'Let the table format expire its own snapshots and files; leave its prefix out.';
  const archive = transitions.find(({ storageClass }) => ARCHIVES.has(storageClass));
  if (archive !== undefined) {
    const words = `it moves files of the live table ${table} to ${archive.storageClass}, where readers of the table cannot open them`;
    findings.push(regretted('Transitions', 'archives-live-table', words, fix));
  }
  if (expiration !== null) {
    const words = `it expires files of the live table ${table} by age, whether the table still needs them or not`;
    findings.push(regretted('Expiration', 'expires-live-table', words, fix));
  }
  return findings;
}

/** The setting for small objects is stored anew by every write; leaving it out stores today's default (s3-domain 4.2). */
function minimumSizeIssues(document: PolicyDocument, enabled: readonly Numbered[], context: WarningContext): PolicyIssue[] {
  if (document.minimumSize !== null) return [];
  const path = 'TransitionDefaultMinimumObjectSize';
  const fix =
    'Write TransitionDefaultMinimumObjectSize: varies_by_storage_class to keep it, or all_storage_classes_128K to say the change is meant.';
  if (context.current?.minimumSize === 'varies_by_storage_class') {
    const message = `${path}: the bucket has varies_by_storage_class, and writing this policy without it turns that to all_storage_classes_128K.`;
    return [wholeIssue(path, 'minimum-size-flips', null, message, fix)];
  }
  const moves = ({ meaning }: Numbered): boolean =>
    meaning.scope.sizeGreaterThan === null &&
    meaning.scope.sizeLessThan === null &&
    [...meaning.transitions, ...meaning.noncurrentTransitions].some(({ storageClass }) => ARCHIVES.has(storageClass));
  if (context.current !== undefined || !enabled.some(moves)) return [];
  const message = `${path}: without it S3 keeps objects below 128 KiB where they are, also those that an older configuration moved to GLACIER or DEEP_ARCHIVE.`;
  return [wholeIssue(path, 'minimum-size-default', null, message, fix)];
}

/** What S3 takes and its owner may regret. Rules that are not enabled are left alone. */
export function warningsOf(document: PolicyDocument, context: WarningContext): PolicyIssue[] {
  const { Rules: rules } = document.configuration;
  const enabled = rules
    .map((rule, index): Numbered => ({ rule, index, meaning: canonicalRule(rule) }))
    .filter(({ meaning }) => meaning.enabled);
  const issues = enabled.flatMap((one) => {
    const findings = [
      ...hastyFindings(one),
      ...protectionFindings(one, enabled),
      ...versionedFindings(one, enabled),
      ...(context.list === undefined ? [] : payFindings(one.rule, context.list)),
      ...(context.liveTables === undefined ? [] : liveTableFindings(one, context.liveTables)),
    ];
    return findings.map((finding) => ruleIssue(one.rule, one.index, finding));
  });
  if (rules.length >= NEAR_MOST_RULES) {
    const message = `There are ${rules.length} rules, and a bucket holds 1000.`;
    issues.push(wholeIssue('Rules', 'rules-near-most', null, message, 'Join rules that do the same.'));
  }
  return [...issues, ...minimumSizeIssues(document, enabled, context)];
}
