import type { AppError } from '../../../contract/errors.ts';
import type { Rule } from '../../../contract/lifecycle.ts';
import type { PolicyCheck, PolicyIssue } from '../../../contract/policy-check.ts';

/** S3's answers (s3-domain 4.4). */
export type AwsCode = 'MalformedXML' | 'InvalidRequest' | 'InvalidArgument';

/** A finding inside one rule: `field` is its path below the rule, '' for the rule itself. */
export interface Finding {
  readonly field: string;
  readonly code: string;
  readonly awsCode: AwsCode | null;
  /** What is wrong, as the end of a sentence that begins with the rule and the field. */
  readonly words: string;
  readonly fix: string;
}

export const refused = (field: string, code: string, awsCode: AwsCode, words: string, fix: string): Finding => ({
  field,
  code,
  awsCode,
  words,
  fix,
});
export const regretted = (field: string, code: string, words: string, fix: string): Finding => ({ field, code, awsCode: null, words, fix });

/** A rule by its ID, or by its 1-based place where it has none. */
export const nameOf = (rule: Pick<Rule, 'ID'> | undefined, index: number): string =>
  rule?.ID === undefined || rule.ID === '' ? `Rule ${index + 1}` : `Rule "${rule.ID}"`;

export function ruleIssue(rule: Pick<Rule, 'ID'> | undefined, index: number, { field, code, awsCode, words, fix }: Finding): PolicyIssue {
  return {
    severity: awsCode === null ? 'warning' : 'error',
    code,
    awsCode,
    message: `${nameOf(rule, index)}${field === '' ? '' : `, ${field}`}: ${words}.`,
    path: `Rules[${index}]${field === '' ? '' : `.${field}`}`,
    fix,
  };
}

/** A finding about the configuration as a whole. */
export const wholeIssue = (path: string, code: string, awsCode: AwsCode | null, message: string, fix: string): PolicyIssue => ({
  severity: awsCode === null ? 'warning' : 'error',
  code,
  awsCode,
  message,
  path,
  fix,
});

/** The check of a policy that could not even be read. */
export const failedCheck = ({ code, message, next, field }: AppError): PolicyCheck => ({
  ok: false,
  issues: [{ severity: 'error', code, awsCode: code === 'PolicyInvalid' ? 'MalformedXML' : null, message, path: field ?? '', fix: next }],
});
