import { type AppError, appError } from '../../contract/errors.ts';
import type { LifecycleConfiguration, Rule } from '../../contract/lifecycle.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { Problem } from './problem.ts';
import { actionProblems } from './validate-actions.ts';
import { filterProblems } from './validate-filter.ts';

export interface RuleProblem extends Problem {
  readonly rule: string;
}

const MAX_RULES = 1000;
const MAX_ID_LENGTH = 255;

/** A rule by its ID, or by its 1-based place where it has none. */
const nameOf = (rule: Rule, index: number): string => rule.ID ?? `rule ${index + 1}`;

function ruleProblems(rule: Rule): Problem[] {
  const problems: Problem[] = [];
  if (rule.ID !== undefined && rule.ID.length > MAX_ID_LENGTH) {
    problems.push({ field: 'ID', message: `the ID has ${rule.ID.length} characters; ${MAX_ID_LENGTH} are allowed` });
  }
  return [...problems, ...filterProblems(rule), ...actionProblems(rule)];
}

/** Everything S3 would refuse in a configuration, in order. */
export function problemsOf(configuration: LifecycleConfiguration): RuleProblem[] {
  const rules = configuration.Rules;
  const problems: RuleProblem[] = [];
  if (rules.length === 0) problems.push({ rule: '', field: 'Rules', message: 'there is no rule; a configuration needs at least one' });
  if (rules.length > MAX_RULES) {
    problems.push({ rule: '', field: 'Rules', message: `there are ${rules.length} rules; a bucket holds ${MAX_RULES}` });
  }
  const seen = new Set<string>();
  for (const [index, rule] of rules.entries()) {
    const name = nameOf(rule, index);
    if (rule.ID !== undefined && rule.ID !== '') {
      if (seen.has(rule.ID)) problems.push({ rule: name, field: 'ID', message: 'the ID is used by more than one rule' });
      seen.add(rule.ID);
    }
    problems.push(...ruleProblems(rule).map((problem) => ({ rule: name, ...problem })));
  }
  const legacy = rules.findIndex((rule) => rule.Filter === undefined && rule.Prefix !== undefined);
  const filtered = rules.some((rule) => rule.Filter !== undefined);
  const first = rules[legacy];
  if (first !== undefined && filtered) {
    problems.push({
      rule: nameOf(first, legacy),
      field: 'Prefix',
      message: 'rules with Prefix and rules with Filter cannot be in one configuration',
    });
  }
  return problems;
}

const SHOWN_PROBLEMS = 3;

/** The configuration itself, or PolicyInvalid naming the first rule and field at fault; further ones are in `detail`. */
export function validate(configuration: LifecycleConfiguration): Result<LifecycleConfiguration> {
  const problems = problemsOf(configuration);
  return problems.length === 0 ? ok(configuration) : err(policyInvalid(problems));
}

export function policyInvalid(problems: readonly RuleProblem[]): AppError {
  const [first] = problems;
  const line = ({ rule, field, message }: RuleProblem) => `${rule === '' ? '' : `Rule "${rule}", `}${field}: ${message}.`;
  const more = problems.slice(1, SHOWN_PROBLEMS + 1).map(line);
  const unsaid = problems.length - 1 - more.length;
  return appError('PolicyInvalid', first === undefined ? 'The policy is not valid.' : line(first), {
    field: first?.field,
    detail: more.length === 0 ? undefined : [...more, ...(unsaid > 0 ? [`and ${unsaid} more`] : [])].join(' '),
  });
}
