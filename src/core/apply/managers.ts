import type { Manager } from '../../contract/plan.ts';

interface BucketTag {
  readonly key: string;
  readonly value: string;
}

/** CDK names resources after their path with eight hex digits behind (https://docs.aws.amazon.com/cdk/v2/guide/identifiers.html). */
const CDK_LOGICAL_ID = /[A-Za-z][0-9A-F]{8}$/;
/** Tags by which people say what manages a resource; the value names the tool. */
const MANAGED_BY =
  /^(managed[-_ ]?by|provisioned[-_ ]?(by|with)|created[-_ ]?(by|with)|iac|provisioner|automation|deployed[-_ ]?(by|with))$/i;
const TOOLS = ['terraform', 'cloudformation', 'cdk', 'pulumi'] as const;
const YES = /^(true|yes|1)$/i;
/** The name older Terraform providers give to a rule without one (hashicorp/terraform-provider-aws, aws_s3_bucket lifecycle_rule). */
const TERRAFORM_RULE = /^tf-s3-lifecycle-[0-9a-f]{26}/;

/**
 * The tools that manage a bucket besides people, as its tags and the IDs of its rules tell. CloudFormation leaves tags nobody else can set
 * (aws:…, https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html); the rest are conventions.
 */
export function managersOf(tags: readonly BucketTag[], ruleIds: readonly string[] = []): Manager[] {
  const found: Manager[] = [];
  const value = (key: string): string | undefined => tags.find((tag) => tag.key === key)?.value;

  const stack = value('aws:cloudformation:stack-name');
  if (stack !== undefined) {
    const resource = value('aws:cloudformation:logical-id') ?? null;
    const cdkTags = tags.filter(({ key }) => key.startsWith('aws-cdk:'));
    const isCdk = stack === 'CDKToolkit' || cdkTags.length > 0 || (resource !== null && CDK_LOGICAL_ID.test(resource));
    const marks = tags.filter(({ key }) => key.startsWith('aws:cloudformation:') || key.startsWith('aws-cdk:'));
    found.push({ tool: isCdk ? 'cdk' : 'cloudformation', stack, resource, evidence: marks.map(tagWords), certainty: 'certain' });
  }

  for (const tool of TOOLS) {
    if (found.some((known) => known.tool === tool || (tool === 'cloudformation' && known.tool === 'cdk'))) continue;
    const marks = tags.filter(
      ({ key, value: text }) =>
        (MANAGED_BY.test(key) && text.toLowerCase().includes(tool)) || (key.toLowerCase() === tool && (YES.test(text) || text !== '')),
    );
    const evidence = marks.map(tagWords);
    if (tool === 'terraform') evidence.push(...ruleIds.filter((id) => TERRAFORM_RULE.test(id)).map((id) => `rule "${id}"`));
    if (evidence.length > 0) found.push({ tool, stack: null, resource: null, evidence, certainty: 'likely' });
  }
  return found;
}

const tagWords = ({ key, value }: BucketTag): string => `tag ${key}=${value}`;

const TOOL_WORDS: Readonly<Record<Manager['tool'], string>> = {
  terraform: 'Terraform',
  cloudformation: 'CloudFormation',
  cdk: 'the CDK',
  pulumi: 'Pulumi',
};

/** "CloudFormation stack data-lake (resource Bucket)". */
export function managerInWords({ tool, stack, resource }: Manager): string {
  if (stack === null) return TOOL_WORDS[tool];
  return `${TOOL_WORDS[tool]} stack ${stack}${resource === null ? '' : ` (resource ${resource})`}`;
}
