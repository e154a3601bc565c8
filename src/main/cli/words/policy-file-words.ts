import type { PolicyCheck, PolicyComparison } from '../../../contract/policy-check.ts';
import { list, paragraphs } from './table.ts';

export function checkWords({ ok, issues }: PolicyCheck): string {
  const lines = (severity: 'error' | 'warning'): string[] =>
    issues
      .filter((issue) => issue.severity === severity)
      .map(({ message, awsCode, fix }) => `${message}${awsCode === null ? '' : ` (${awsCode})`} ${fix}`);
  return paragraphs(
    ok ? 'S3 would take this configuration.' : 'S3 would refuse this configuration.',
    list('Refused', lines('error')),
    list('Warnings', lines('warning')),
  );
}

export const comparisonWords = ({ same, words }: PolicyComparison): string =>
  same ? 'Both mean the same.' : paragraphs(list('Differences', words));
