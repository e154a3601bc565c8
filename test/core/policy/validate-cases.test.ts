import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readPolicyText } from '../../../src/core/policy/formats/formats.ts';
import { readSdkJson } from '../../../src/core/policy/formats/json.ts';
import { checkPolicy } from '../../../src/core/policy/validate/validate.ts';
import { casePath, needCase } from '../../support/cases.ts';
import { DISAGREEMENTS } from './validate-disagreements.ts';

interface Case {
  readonly origin: string;
  readonly name: string;
  readonly config: unknown;
  readonly xml?: string;
  readonly params?: { readonly TransitionDefaultMinimumObjectSize?: string };
  readonly expect: 'ok' | 'error';
  readonly error_code: string | null;
  readonly authority: string;
  readonly expect_aws?: 'ok' | 'error';
  readonly aws_error_code?: string;
  readonly skip_aws?: boolean;
}

const FILE = 'lifecycle-cases.json';
const AWS = new Set(['aws-recorded', 'aws-acceptance']);

/** What the validator says that the case does not; undefined where they agree. */
function disagreement(row: Case): string | undefined {
  const raw =
    row.config === null
      ? readPolicyText(row.xml ?? '')
      : { ok: true as const, value: readSdkJson({ ...(row.config as object), ...row.params }) };
  const check = raw.ok ? checkPolicy(raw.value) : undefined;
  const code = check?.issues.find(({ severity }) => severity === 'error')?.awsCode ?? null;
  const isOk = check?.ok ?? false;
  const wanted = row.expect_aws ?? row.expect;
  if (isOk !== (wanted === 'ok')) return `${wanted}, and we say ${isOk ? 'ok' : `${code}: ${check?.issues[0]?.message}`}`;
  const wantedCode = row.expect_aws === undefined ? row.error_code : (row.aws_error_code ?? null);
  return isOk || wantedCode === null || code === wantedCode ? undefined : `${wantedCode}, and we say ${code}: ${check?.issues[0]?.message}`;
}

test('every case of AWS agrees; the others agree or are listed with the reason', (context) => {
  needCase(context, FILE);
  const rows = (JSON.parse(readFileSync(casePath(FILE), 'utf8')) as Case[]).filter((row) => row.skip_aws !== true);
  const found = rows.flatMap((row) => {
    const words = disagreement(row);
    return words === undefined ? [] : [{ row, words }];
  });
  expect(found.filter(({ row }) => AWS.has(row.authority)).map(({ row, words }) => `${row.name}: ${words}`)).toEqual([]);
  const others = found.map(({ row, words }) => ({ key: `${row.authority}: ${row.name}`, words }));
  expect(others.filter(({ key }) => DISAGREEMENTS[key] === undefined)).toEqual([]);
  // A reason that no longer holds goes.
  expect(Object.keys(DISAGREEMENTS).filter((key) => !others.some((other) => other.key === key))).toEqual([]);
  expect(rows.filter((row) => AWS.has(row.authority)).length).toBeGreaterThan(40);
});
