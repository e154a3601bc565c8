import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { answer, bareEnvironment, failure, isotherm, scratch } from '../../support/command-line.ts';

const folder = scratch('policy-files');
const environment = bareEnvironment(folder.path('home'));
afterAll(folder.remove);

const policy = {
  Rules: [{ ID: 'old "logs"', Status: 'Enabled', Filter: { Prefix: 'logs/' }, Transitions: [{ Days: 90, StorageClass: 'GLACIER' }] }],
};
const file = (name: string, value: unknown): string => {
  const path = folder.path(name);
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
};

test('validate answers in JSON whatever it is given, and its status says whether S3 would take it', async () => {
  const good = await isotherm(['validate', file('good.json', policy), '--json'], environment);
  expect(good.status).toBe(0);
  expect(JSON.parse(good.stdout)).toMatchObject({
    ok: true,
    issues: [{ severity: 'warning', code: 'minimum-size-default', awsCode: null }],
  });

  const bad = await isotherm(
    ['validate', file('bad.json', { Rules: [{ Status: 'Enabled', Filter: {}, Expiration: { Days: 0 } }] }), '--json'],
    environment,
  );
  expect(bad.status).toBe(3);
  expect(JSON.parse(bad.stdout)).toEqual({
    ok: false,
    issues: [
      {
        severity: 'error',
        code: 'days-range',
        awsCode: 'InvalidArgument',
        message: 'Rule 1, Expiration.Days: 0 is not a positive number of days.',
        path: 'Rules[0].Expiration.Days',
        fix: 'Write 1 or more.',
      },
    ],
  });

  for (const path of [file('none.txt', 'nothing of the kind'), folder.path('absent.json')]) {
    const none = await isotherm(['validate', path, '--json'], environment);
    expect(none.status).toBe(3);
    expect(JSON.parse(none.stdout)).toMatchObject({ ok: false, issues: [{ severity: 'error' }] });
  }
  const words = await isotherm(['validate', folder.path('bad.json')], environment);
  expect(words).toMatchObject({ status: 3, stderr: '' });
  expect(words.stdout).toContain('S3 would refuse');
});

test('a configuration goes through every spelling and comes back with the same hash', async () => {
  const first = await answer<{ hash: string }>(['convert', file('policy.json', policy), '--to', 'json'], environment);
  let from = folder.path('policy.json');
  for (const to of ['terraform', 'xml', 'cloudformation-yaml', 'terraform-json', 'cloudformation', 'cli', 'json']) {
    const next = folder.path(`policy.${to}`);
    const made = await answer<{ hash: string; file: string }>(['convert', from, '--to', to, '-o', next], environment);
    expect(made).toMatchObject({ hash: first.hash, file: next });
    from = next;
  }
  expect(JSON.parse(readFileSync(from, 'utf8'))).toEqual(policy);
  const compared = await answer<object>(['compare', folder.path('policy.xml'), folder.path('policy.terraform')], environment);
  expect(compared).toMatchObject({ same: true, words: [] });
});

test('compare says in words what changed, and which change reaches further', async () => {
  const wider = structuredClone(policy);
  wider.Rules[0]!.Filter.Prefix = '';
  const compared = await answer<object>(
    [
      'compare',
      file('before.json', policy),
      file('after.json', { ...wider, TransitionDefaultMinimumObjectSize: 'varies_by_storage_class' }),
    ],
    environment,
  );
  expect(compared).toMatchObject({
    same: false,
    rules: [{ change: 'changed', fields: [{ field: 'Filter.Prefix', widens: true }] }],
    minimumSize: { before: null, after: 'varies_by_storage_class' },
    words: [expect.stringContaining('is changed'), expect.stringContaining('128 KiB')],
  });
});

test('refuse-unknown-format and refuse-variable-by-row', async () => {
  expect(await failure(['convert', folder.path('policy.json'), '--to', 'pulumi'], environment)).toMatchObject({
    status: 2,
    error: { code: 'Usage' },
  });
  const source = 'resource "aws_s3_bucket_lifecycle_configuration" "x" {\n  rule {\n    id = var.x\n  }\n}\n';
  expect(await failure(['convert', file('x.tf', source), '--to', 'json'], environment)).toMatchObject({
    status: 3,
    error: { code: 'PolicyUnsupported', row: 3, file: folder.path('x.tf') },
  });
});
