import { expect, test } from 'vitest';
import type { LifecycleConfiguration, MinimumSize } from '../../../src/contract/lifecycle.ts';
import type { Manager, Plan } from '../../../src/contract/plan.ts';
import { patchOf } from '../../../src/core/apply/patch.ts';
import { canonicalText } from '../../../src/core/policy/canonical.ts';
import { readPolicyText } from '../../../src/core/policy/formats/formats.ts';
import { policyDocument } from '../../../src/core/policy/validate/validate.ts';

const THEIRS = { ID: 'theirs', Status: 'Enabled', Filter: { Prefix: 'tmp/' }, Expiration: { Days: 3 } } as const;
const CURRENT: LifecycleConfiguration = { Rules: [THEIRS] };
const PROPOSED: LifecycleConfiguration = {
  Rules: [
    THEIRS,
    {
      ID: 'isotherm/runs',
      Status: 'Enabled',
      Filter: { And: { Prefix: 'runs/ü "q"/', ObjectSizeGreaterThan: 131_071, Tags: [{ Key: 'a', Value: '$\u007bb}' }] } },
      Transitions: [{ Days: 30, StorageClass: 'GLACIER' }],
      NoncurrentVersionExpiration: { NoncurrentDays: 30, NewerNoncurrentVersions: 2 },
    },
  ],
};
const manager = (tool: Manager['tool'], resource: string | null): Manager => ({
  tool,
  stack: resource === null ? null : 'lake',
  resource,
  evidence: ['tag a=b'],
  certainty: 'certain',
});
const plan = (
  managers: Manager[],
  proposed: LifecycleConfiguration | null = PROPOSED,
  minimumSize: MinimumSize = 'varies_by_storage_class',
) =>
  ({
    target: { bucket: 'my-bucket.01' },
    facts: { managers },
    current: { configuration: CURRENT, minimumSize: 'varies_by_storage_class', hash: '' },
    proposed: { configuration: proposed, minimumSize, hash: '' },
  }) as unknown as Plan;
const must = (result: ReturnType<typeof patchOf>) => {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
};

test.each([
  ['terraform', manager('terraform', null)],
  ['cloudformation', manager('cloudformation', 'RawBucket')],
  ['cloudformation-yaml', manager('cloudformation', 'RawBucket')],
] as const)('what %s would have from then on means exactly what the plan does, rules of others included', (format, owner) => {
  const { text, diff } = must(patchOf(plan([owner]), format));
  const raw = readPolicyText(text);
  const document = raw.ok ? policyDocument(raw.value) : raw;
  if (!document.ok) throw new Error(document.error.message);
  expect(canonicalText(document.value.configuration, document.value.minimumSize)).toBe(canonicalText(PROPOSED, 'varies_by_storage_class'));
  expect(diff).toContain('isotherm/runs');
  // Nothing of theirs is touched: all that goes is punctuation that has to move.
  expect(diff.split('\n').filter((line) => /^-[^-]/.test(line) && /[A-Za-z0-9]/.test(line))).toEqual([]);
});

test('the tool is the one the bucket names; without one it is Terraform', () => {
  expect(must(patchOf(plan([]), undefined)).format).toBe('terraform');
  expect(must(patchOf(plan([manager('cloudformation', 'B')]), undefined)).format).toBe('cloudformation');
  const cdk = must(patchOf(plan([manager('cdk', 'RawData9B2C11AF')]), undefined));
  expect(cdk).toMatchObject({ format: 'cdk' });
  expect(cdk.text).toContain('const cfnBucket = RawData.node.defaultChild as s3.CfnBucket;');
  expect(cdk.text).toContain("addPropertyOverride('LifecycleConfiguration', {");
  expect(cdk.text).toContain('"Id": "isotherm/runs"');
});

test('where no rule is left the patch takes all of it out, and says so', () => {
  const gone = must(patchOf(plan([manager('terraform', null)], null), undefined));
  expect(gone.text).toBe('');
  expect(gone.diff).toContain('-  rule {');
  expect(gone.notes.join(' ')).toContain('No rule is left');
  expect(must(patchOf(plan([manager('cdk', 'X12345678')], null), undefined)).text).toContain('addPropertyDeletionOverride');
});
