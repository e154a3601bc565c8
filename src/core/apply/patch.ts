import type { Manager, Plan } from '../../contract/plan.ts';
import { ok, type Result } from '../../contract/result.ts';
import { writePolicyText } from '../policy/formats/formats.ts';
import { unifiedDiff } from '../report/unified-diff.ts';
import { managerInWords } from './managers.ts';

export type PatchFormat = 'terraform' | 'cloudformation' | 'cloudformation-yaml' | 'cdk';

export interface Patch {
  readonly format: PatchFormat;
  /** What the bucket has, as the tool would have it, turned into what the plan wants: a unified diff. */
  readonly diff: string;
  /** The whole of what the tool shall have from then on. */
  readonly text: string;
  readonly notes: readonly string[];
}

const FORMAT_OF: Readonly<Record<Manager['tool'], PatchFormat>> = {
  terraform: 'terraform',
  cloudformation: 'cloudformation',
  cdk: 'cdk',
  pulumi: 'terraform',
};
const FILE: Readonly<Record<PatchFormat, string>> = {
  terraform: 'lifecycle.tf',
  cloudformation: 'template.json',
  'cloudformation-yaml': 'template.yaml',
  cdk: 'stack.ts',
};

/** The CDK puts eight digits behind the path of a construct; what people wrote is before them. */
const constructOf = (resource: string | null): string => resource?.replace(/(Resource)?[0-9A-F]{8}$/, '') || 'bucket';

/** A name that Terraform and CloudFormation take: letters, digits, and for the former "_". */
const nameOf = (bucket: string, format: PatchFormat): string => {
  const plain = bucket.replaceAll(/[^A-Za-z0-9]+/g, format === 'terraform' ? '_' : '');
  return /^[A-Za-z]/.test(plain) ? plain : `bucket${format === 'terraform' ? '_' : ''}${plain}`;
};

function cdkText(plan: Plan, side: 'current' | 'proposed', resource: string | null): Result<string> {
  const { configuration, minimumSize } = plan[side];
  const construct = constructOf(resource);
  const head = [
    `// ${construct}: the construct of bucket ${plan.target.bucket}. Put this where it is made; it sets what the construct itself cannot say.`,
    `const cfnBucket = ${construct}.node.defaultChild as s3.CfnBucket;`,
  ];
  if (configuration === null) return ok([...head, "cfnBucket.addPropertyDeletionOverride('LifecycleConfiguration');", ''].join('\n'));
  const template = writePolicyText('cloudformation', configuration, minimumSize, { resource: 'Bucket' });
  if (!template.ok) return template;
  const { Resources } = JSON.parse(template.value) as { Resources: { Bucket: { Properties: { LifecycleConfiguration: unknown } } } };
  const value = JSON.stringify(Resources.Bucket.Properties.LifecycleConfiguration, null, 2);
  return ok([...head, `cfnBucket.addPropertyOverride('LifecycleConfiguration', ${value});`, ''].join('\n'));
}

function textOf(plan: Plan, side: 'current' | 'proposed', format: PatchFormat, resource: string | null): Result<string> {
  if (format === 'cdk') return cdkText(plan, side, resource);
  const { configuration, minimumSize } = plan[side];
  if (configuration === null) return ok('');
  const name = format === 'terraform' ? nameOf(plan.target.bucket, format) : (resource ?? nameOf(plan.target.bucket, format));
  return writePolicyText(format, configuration, minimumSize, { bucket: plan.target.bucket, resource: name });
}

/**
 * The change of a plan for the tool that manages its bucket, so that the next deployment makes it instead of undoing it. All rules are in
 * it, those of others too: these tools know no rules but their own.
 */
export function patchOf(plan: Plan, wanted: PatchFormat | undefined): Result<Patch> {
  const [manager] = plan.facts.managers;
  const format = wanted ?? FORMAT_OF[manager?.tool ?? 'terraform'];
  const resource = manager?.resource ?? null;
  const before = textOf(plan, 'current', format, resource);
  if (!before.ok) return before;
  const after = textOf(plan, 'proposed', format, resource);
  if (!after.ok) return after;
  const notes = [
    manager === undefined
      ? 'Nothing on the bucket says that a tool manages it.'
      : `The bucket is managed by ${managerInWords(manager)} (${manager.evidence.join(', ')}).`,
    'The names of resources are guesses where the bucket does not tell them; the rules are exact.',
    ...(manager?.tool === 'pulumi' ? ['Pulumi takes the same values in aws.s3.BucketLifecycleConfiguration.'] : []),
    ...(plan.proposed.configuration === null ? ['No rule is left: take the resource, or the property, out.'] : []),
  ];
  return ok({ format, diff: unifiedDiff(before.value, after.value, FILE[format]), text: after.value, notes });
}
