import { type AppError, appError } from '../../../contract/errors.ts';
import type { LifecycleConfiguration, Rule } from '../../../contract/lifecycle.ts';
import type { PolicyCheck, PolicyIssue } from '../../../contract/policy-check.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import type { RawPolicy } from '../formats/document.ts';
import { actionFindings } from './actions.ts';
import { filterFindings } from './filter.ts';
import { type Finding, nameOf, refused, ruleIssue, wholeIssue } from './issue.ts';
import { type PolicyDocument, shapeOf } from './shape.ts';
import { type WarningContext, warningsOf } from './warnings.ts';

const MAX_RULES = 1000;
const MAX_ID_LENGTH = 255;

/** Everything S3 would refuse in a configuration, what its schema refuses first; and what is doubtful of single fields. */
function issuesOf({ Rules: rules }: LifecycleConfiguration): PolicyIssue[] {
  const issues: PolicyIssue[] = [];
  if (rules.length === 0) {
    const fix = 'Add a rule, or delete the configuration of the bucket instead.';
    issues.push(wholeIssue('Rules', 'no-rules', 'MalformedXML', 'There is no rule, and a configuration needs at least one.', fix));
  }
  if (rules.length > MAX_RULES) {
    const message = `There are ${rules.length} rules, and a bucket holds ${MAX_RULES}.`;
    issues.push(wholeIssue('Rules', 'too-many-rules', 'InvalidRequest', message, 'Join rules that do the same, or leave some out.'));
  }
  const seen = new Set<string>();
  for (const [index, rule] of rules.entries()) {
    const findings = [...filterFindings(rule), ...actionFindings(rule), ...idFindings(rule, seen)];
    issues.push(...findings.map((finding) => ruleIssue(rule, index, finding)));
  }
  issues.push(...spellingIssues(rules), ...overlapIssues(rules));
  const isSchema = (issue: PolicyIssue): number => (issue.awsCode === 'MalformedXML' ? 0 : issue.severity === 'error' ? 1 : 2);
  return issues.sort((a, b) => isSchema(a) - isSchema(b));
}

function idFindings({ ID: id }: Rule, seen: Set<string>): Finding[] {
  if (id === undefined || id === '') return [];
  const isTwice = seen.has(id);
  seen.add(id);
  return [
    ...(id.length > MAX_ID_LENGTH
      ? [
          refused(
            'ID',
            'id-length',
            'InvalidArgument',
            `the ID has ${id.length} characters, and ${MAX_ID_LENGTH} are allowed`,
            'Shorten the ID.',
          ),
        ]
      : []),
    ...(isTwice ? [refused('ID', 'id-twice', 'InvalidArgument', 'another rule has the same ID', 'Give every rule its own ID.')] : []),
  ];
}

const isLegacy = (rule: Rule): boolean => rule.Filter === undefined && rule.Prefix !== undefined;

/** The older spelling and the newer one do not go together; S3 names the one that differs from the first rule. */
function spellingIssues(rules: readonly Rule[]): PolicyIssue[] {
  const [first] = rules;
  if (first === undefined) return [];
  const at = rules.findIndex((rule) => (isLegacy(first) ? rule.Filter !== undefined : isLegacy(rule)));
  if (at < 0 || (first.Filter === undefined && first.Prefix === undefined)) return [];
  const [field, words] = isLegacy(first)
    ? ['Filter', 'the first rule uses the older Prefix, and Filter cannot stand beside it']
    : ['Prefix', 'the first rule uses Filter, and the older Prefix cannot stand beside it'];
  return [ruleIssue(rules[at], at, refused(field, 'spellings-mixed', 'InvalidRequest', words, 'Write every rule with Filter.'))];
}

const ACTIONS = [
  'Expiration',
  'Transitions',
  'NoncurrentVersionExpiration',
  'NoncurrentVersionTransitions',
  'AbortIncompleteMultipartUpload',
] as const;

/** In the older spelling two rules with the same kind of action must not overlap (s3-domain 4.4). */
function overlapIssues(rules: readonly Rule[]): PolicyIssue[] {
  const issues: PolicyIssue[] = [];
  const legacy = rules.map((rule, index) => ({ rule, index })).filter(({ rule }) => isLegacy(rule));
  for (const action of ACTIONS) {
    const acting = legacy
      .filter(({ rule }) => rule[action] !== undefined)
      .map(({ rule, index }) => ({ rule, index, prefix: rule.Prefix ?? '' }))
      .sort((a, b) => (a.prefix < b.prefix ? -1 : a.prefix > b.prefix ? 1 : 0));
    // In key order whatever a prefix contains follows it directly.
    for (const [at, later] of acting.entries()) {
      const earlier = acting[at - 1];
      if (earlier === undefined || !later.prefix.startsWith(earlier.prefix)) continue;
      const words = `the prefix "${later.prefix}" overlaps "${earlier.prefix}" of ${nameOf(earlier.rule, earlier.index)} for the same kind of action, ${action}`;
      const fix = 'Write all rules with Filter, where they may overlap, or part the prefixes.';
      issues.push(ruleIssue(later.rule, later.index, refused('Prefix', 'prefixes-overlap', 'InvalidRequest', words, fix)));
    }
  }
  return issues;
}

/** Only what S3 would refuse. */
export const errorsOf = (configuration: LifecycleConfiguration): PolicyIssue[] =>
  issuesOf(configuration).filter(({ severity }) => severity === 'error');

/** The configuration itself, or PolicyInvalid naming the first rule and field at fault; further ones are in `detail`. */
export function validate(configuration: LifecycleConfiguration): Result<LifecycleConfiguration> {
  const errors = errorsOf(configuration);
  return errors.length === 0 ? ok(configuration) : err(policyInvalid(errors));
}

/** Everything there is to say about a policy file: what S3 would refuse, then what it takes and its owner may regret. */
export function checkPolicy(raw: RawPolicy, context: WarningContext = {}): PolicyCheck {
  const { document, issues: shape } = shapeOf(raw);
  const found = document === null ? [] : issuesOf(document.configuration);
  const errors = [...shape, ...found.filter(({ severity }) => severity === 'error')];
  const doubts = found.filter(({ severity }) => severity === 'warning');
  const warnings = document === null || errors.length > 0 ? doubts : [...doubts, ...warningsOf(document, context)];
  return { ok: errors.length === 0, issues: [...errors, ...warnings] };
}

/** A policy file whose elements are S3's, for what reads one; PolicyInvalid names the first that is not. Rules are not judged here. */
export function policyDocument(raw: RawPolicy): Result<PolicyDocument> {
  const { document, issues } = shapeOf(raw);
  return document === null || issues.length > 0 ? err(policyInvalid(issues)) : ok(document);
}

const SHOWN_ISSUES = 3;

export function policyInvalid(issues: readonly PolicyIssue[]): AppError {
  const [first] = issues;
  const more = issues.slice(1, SHOWN_ISSUES + 1).map(({ message }) => message);
  const unsaid = issues.length - 1 - more.length;
  return appError('PolicyInvalid', first === undefined ? 'The policy is not valid.' : first.message, {
    field: first?.path.replace(/^Rules\[\d+\]\./, ''),
    next: first?.fix,
    detail: more.length === 0 ? undefined : [...more, ...(unsaid > 0 ? [`and ${unsaid} more`] : [])].join(' '),
  });
}
