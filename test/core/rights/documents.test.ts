import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { RIGHTS_PROFILES } from '../../../src/contract/rights.ts';
import { ACTION_OF } from '../../../src/core/rights/actions.ts';
import { rightsDocument } from '../../../src/core/rights/documents.ts';

const README = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
const blocks = [...README.matchAll(/```json\n(.*?)```/gs)].map(([, text]) => JSON.parse(text ?? '') as unknown);
const inventory = 'inventory-bucket/prefix/';
const all = {
  bucket: 'my-bucket',
  inventory,
  inventoryKey: 'arn:aws:kms:us-east-1:111122223333:key/k',
  account: '111122223333',
  role: 'arn:aws:iam::111122223333:role/batch',
  manifests: 'ops/manifests/',
  reports: 'ops/reports/',
};

test('the documents of the README are the ones that are printed', () => {
  expect(blocks).toContainEqual(rightsDocument({ profile: 'read', bucket: 'my-bucket', inventory }).document);
  expect(blocks).toContainEqual(rightsDocument({ profile: 'apply', bucket: 'my-bucket' }).document);
});

test('every request the product sends has its action in some document', () => {
  const given = new Set(
    RIGHTS_PROFILES.flatMap((profile) => rightsDocument({ profile, ...all }).document.Statement.flatMap(({ Action }) => Action)),
  );
  expect(Object.values(ACTION_OF).filter((action) => !given.has(action))).toEqual([]);
});

test('reading writes nothing, applying deletes nothing, and neither reads an object of the data bucket', () => {
  const actions = (profile: 'read' | 'apply') => rightsDocument({ profile, bucket: 'my-bucket', inventory }).document.Statement;
  expect(
    actions('read')
      .flatMap(({ Action }) => Action)
      .filter((action) => !/^s3:(Get|List)/.test(action)),
  ).toEqual([]);
  expect(
    actions('apply')
      .flatMap(({ Action }) => Action)
      .filter((action) => /Delete/.test(action)),
  ).toEqual([]);
  for (const { Action, Resource } of [...actions('read'), ...actions('apply')]) {
    if (Action.includes('s3:GetObject')) expect(Resource?.join()).not.toContain('my-bucket');
  }
});

test('the right to write is in one statement of one document', () => {
  const writers = (['read', 'apply'] as const).flatMap((profile) =>
    rightsDocument({ profile, bucket: 'b' }).document.Statement.filter(({ Action }) => Action.some((action) => action.includes(':Put'))),
  );
  expect(writers.map(({ Sid, Resource }) => [Sid, Resource])).toEqual([['WriteLifecycle', ['arn:aws:s3:::b']]]);
});

test('who must not delete must not write rules either', () => {
  const [deny] = rightsDocument({ profile: 'deny', bucket: 'b' }).document.Statement;
  expect(deny).toMatchObject({ Effect: 'Deny', Action: ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:PutLifecycleConfiguration'] });
});

test('China and GovCloud have partitions of their own, and every statement says what it is for', () => {
  for (const [region, partition] of [
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['eu-west-1', 'aws'],
  ] as const) {
    for (const profile of RIGHTS_PROFILES) {
      const { document, reasons } = rightsDocument({ profile, ...all, role: undefined, inventoryKey: undefined, region });
      const arns = document.Statement.flatMap(({ Resource = [] }) => Resource).filter((arn) => arn !== '*');
      expect(arns.every((arn) => arn.startsWith(`arn:${partition}:`))).toBe(true);
      expect(reasons.map(({ sid }) => sid)).toEqual(document.Statement.map(({ Sid }) => Sid));
      expect(reasons.every(({ why, without }) => why.endsWith('.') && without.endsWith('.'))).toBe(true);
    }
  }
});
