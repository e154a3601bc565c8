import { expect, test } from 'vitest';
import { managersOf } from '../../../src/core/apply/managers.ts';

const tags = (all: Record<string, string>) => Object.entries(all).map(([key, value]) => ({ key, value }));
const short = (...args: Parameters<typeof managersOf>) =>
  managersOf(...args).map(({ tool, stack, resource, certainty }) => [tool, stack, resource, certainty].join(' '));

test.each([
  ['nothing', {}, []],
  ['tags of people alone', { team: 'ml', env: 'prod', project: 'terraforming-mars' }, []],
  [
    'a CloudFormation stack',
    { 'aws:cloudformation:stack-name': 'lake', 'aws:cloudformation:logical-id': 'Bucket', 'aws:cloudformation:stack-id': 'arn:…' },
    ['cloudformation lake Bucket certain'],
  ],
  [
    'a CDK stack by its logical id',
    { 'aws:cloudformation:stack-name': 'Lake', 'aws:cloudformation:logical-id': 'RawData9B2C11AF' },
    ['cdk Lake RawData9B2C11AF certain'],
  ],
  [
    'a CDK stack by its own tag',
    { 'aws:cloudformation:stack-name': 'Lake', 'aws:cloudformation:logical-id': 'Bucket', 'aws-cdk:auto-delete-objects': 'true' },
    ['cdk Lake Bucket certain'],
  ],
  ['Terraform by a convention', { ManagedBy: 'Terraform' }, ['terraform   likely']],
  ['another spelling of it', { 'managed-by': 'terraform-cloud' }, ['terraform   likely']],
  ['and a third', { Terraform: 'true' }, ['terraform   likely']],
  ['Pulumi', { 'created-by': 'pulumi' }, ['pulumi   likely']],
  [
    'a stack that calls itself what it is',
    { 'aws:cloudformation:stack-name': 'lake', ManagedBy: 'cloudformation' },
    ['cloudformation lake  certain'],
  ],
  [
    'two tools that both claim it',
    { 'aws:cloudformation:stack-name': 'lake', 'aws:cloudformation:logical-id': 'Bucket', iac: 'terraform' },
    ['cloudformation lake Bucket certain', 'terraform   likely'],
  ],
] as const)('%s', (_what, all, expected) => {
  expect(short(tags(all))).toEqual(expected);
});

test('the names that Terraform gives to rules tell it too', () => {
  expect(short([], ['mine', 'tf-s3-lifecycle-20220310143355843700000001'])).toEqual(['terraform   likely']);
  expect(short([], ['tf-s3-lifecycle-mine'])).toEqual([]);
});
