import { parseDocument, stringify } from 'yaml';
import { appError } from '../../../contract/errors.ts';
import type { LifecycleConfiguration, MinimumSize, Rule } from '../../../contract/lifecycle.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import { scopeOf } from '../canonical.ts';
import { booleanOr, isObject, type Json, present, type RawPolicy, wholeOr } from './document.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-rule.html */
const BUCKET_TYPE = 'AWS::S3::Bucket';

class Refusal extends Error {
  readonly field: string;
  constructor(message: string, field: string) {
    super(message);
    this.field = field;
  }
}

/** A plain value; functions such as Ref and Fn::Sub are for CloudFormation to evaluate. */
function scalar(value: unknown, path: string): unknown {
  if (isObject(value)) throw new Refusal(`"${Object.keys(value)[0] ?? '{}'}" has to be evaluated by CloudFormation.`, path);
  return value;
}

type Member = readonly [string, (value: unknown, path: string) => unknown];
const whole: Member[1] = (value, path) => wholeOr(scalar(value, path));
const flag: Member[1] = (value, path) => booleanOr(scalar(value, path));
const list: Member[1] = (value) => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

function renamed(value: unknown, path: string, members: Readonly<Record<string, Member>>): Json {
  if (!isObject(value)) throw new Refusal('This is no list of properties.', path);
  const result: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(value)) {
    const target = members[name];
    if (target === undefined) throw new Refusal(`CloudFormation has no property "${name}" here.`, `${path}.${name}`);
    result[target[0]] = target[1](one, `${path}.${name}`);
  }
  return result;
}

const structure =
  (members: Readonly<Record<string, Member>>): Member[1] =>
  (value, path) =>
    renamed(value, path, members);
const structures =
  (members: Readonly<Record<string, Member>>): Member[1] =>
  (value, path) =>
    (list(value, path) as unknown[]).map((one, at) => renamed(one, `${path}[${at}]`, members));

const TRANSITION = { StorageClass: ['StorageClass', scalar], TransitionInDays: ['Days', whole], TransitionDate: ['Date', scalar] } as const;
const NONCURRENT_TRANSITION = {
  StorageClass: ['StorageClass', scalar],
  TransitionInDays: ['NoncurrentDays', whole],
  NewerNoncurrentVersions: ['NewerNoncurrentVersions', whole],
} as const;
const RULE: Readonly<Record<string, Member>> = {
  Id: ['ID', scalar],
  Status: ['Status', scalar],
  Prefix: ['Prefix', scalar],
  TagFilters: ['Tags', structures({ Key: ['Key', scalar], Value: ['Value', scalar] })],
  ObjectSizeGreaterThan: ['ObjectSizeGreaterThan', whole],
  ObjectSizeLessThan: ['ObjectSizeLessThan', whole],
  Transitions: ['Transitions', structures(TRANSITION)],
  Transition: ['Transition', structures(TRANSITION)],
  ExpirationInDays: ['Days', whole],
  ExpirationDate: ['Date', scalar],
  ExpiredObjectDeleteMarker: ['ExpiredObjectDeleteMarker', flag],
  NoncurrentVersionTransitions: ['NoncurrentVersionTransitions', structures(NONCURRENT_TRANSITION)],
  NoncurrentVersionTransition: ['NoncurrentVersionTransition', structures(NONCURRENT_TRANSITION)],
  NoncurrentVersionExpiration: [
    'NoncurrentVersionExpiration',
    structure({ NoncurrentDays: ['NoncurrentDays', whole], NewerNoncurrentVersions: ['NewerNoncurrentVersions', whole] }),
  ],
  NoncurrentVersionExpirationInDays: ['NoncurrentVersionExpiration', (value, path) => ({ NoncurrentDays: whole(value, path) })],
  AbortIncompleteMultipartUpload: ['AbortIncompleteMultipartUpload', structure({ DaysAfterInitiation: ['DaysAfterInitiation', whole] })],
};

/** CloudFormation lays the filter and the expiration flat into the rule; the older singular transitions still count. */
function toRule(value: unknown, path: string): Json {
  const {
    Prefix,
    Tags,
    ObjectSizeGreaterThan,
    ObjectSizeLessThan,
    Days,
    Date: date,
    ExpiredObjectDeleteMarker,
    Transition,
    Transitions,
    NoncurrentVersionTransition,
    NoncurrentVersionTransitions,
    ...rest
  } = renamed(value, path, RULE);
  const tags = (Tags ?? []) as readonly Json[];
  const predicates = present({ Prefix, ObjectSizeGreaterThan, ObjectSizeLessThan });
  const count = Object.keys(predicates).length + tags.length;
  const [tag] = tags;
  const filter =
    count > 1 ? { And: { ...predicates, ...(tags.length > 0 ? { Tags: tags } : {}) } } : tag === undefined ? predicates : { Tag: tag };
  const expiration = present({ Days, Date: date, ExpiredObjectDeleteMarker });
  const steps = [...(list(Transitions, '') as unknown[]), ...(list(Transition, '') as unknown[])];
  const noncurrentSteps = [
    ...(list(NoncurrentVersionTransitions, '') as unknown[]),
    ...(list(NoncurrentVersionTransition, '') as unknown[]),
  ];
  return {
    ...rest,
    Filter: filter,
    ...(steps.length > 0 ? { Transitions: steps } : {}),
    ...(Object.keys(expiration).length > 0 ? { Expiration: expiration } : {}),
    ...(noncurrentSteps.length > 0 ? { NoncurrentVersionTransitions: noncurrentSteps } : {}),
  };
}

/** The bucket of a template that has a lifecycle configuration; several of them need a name. */
export function readCloudFormation(template: unknown, format: RawPolicy['format'], name: string | undefined): Result<RawPolicy> {
  const resources = isObject(template) && isObject(template.Resources) ? template.Resources : {};
  const buckets = Object.entries(resources).filter(
    (entry): entry is [string, Json] =>
      isObject(entry[1]) &&
      entry[1].Type === BUCKET_TYPE &&
      isObject(entry[1].Properties) &&
      'LifecycleConfiguration' in entry[1].Properties,
  );
  const named = name === undefined ? buckets : buckets.filter(([key]) => key === name);
  const [first] = named;
  if (first === undefined || named.length > 1) {
    const names = buckets.map(([key]) => key).join(', ');
    const message =
      first === undefined
        ? `There is no ${BUCKET_TYPE}${name === undefined ? '' : ` named "${name}"`} with a LifecycleConfiguration in it.`
        : `It holds several buckets with a LifecycleConfiguration: ${names}. Name one of them.`;
    return err(appError('PolicyInvalid', message, { next: 'Name the resource, or give a template that has one.' }));
  }
  const path = `Resources.${first[0]}.Properties.LifecycleConfiguration`;
  try {
    const configuration = (first[1].Properties as Json).LifecycleConfiguration;
    const { Rules, minimumSize } = renamed(configuration, path, {
      Rules: ['Rules', (rules, at) => (list(rules, at) as unknown[]).map((rule, index) => toRule(rule, `${at}[${index}]`))],
      TransitionDefaultMinimumObjectSize: ['minimumSize', scalar],
    });
    return ok({ format, configuration: { Rules: Rules ?? [] }, minimumSize });
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    const next = 'Write plain values, or export the configuration the bucket has.';
    return err(appError('PolicyUnsupported', cause.message, { field: cause.field, next }));
  }
}

/** YAML with CloudFormation's short tags (`!Ref x`), which stay functions and are refused only where a plain value is needed. */
export function readCloudFormationYaml(text: string, name: string | undefined): Result<RawPolicy> {
  const tags = [
    'Ref',
    'Sub',
    'GetAtt',
    'If',
    'FindInMap',
    'Join',
    'Select',
    'Split',
    'ImportValue',
    'Base64',
    'Cidr',
    'GetAZs',
    'Transform',
  ];
  const functions = [...tags, 'And', 'Equals', 'Not', 'Or', 'Condition'].flatMap((tag) => {
    const wrap = (): Json => ({ [`!${tag}`]: true });
    return [
      { tag: `!${tag}`, resolve: wrap },
      { tag: `!${tag}`, collection: 'seq' as const, resolve: wrap },
      { tag: `!${tag}`, collection: 'map' as const, resolve: wrap },
    ];
  });
  try {
    const document = parseDocument(text, { customTags: functions, version: '1.1', schema: 'core', logLevel: 'silent' });
    const [fault] = document.errors;
    if (fault !== undefined) {
      const message = `The policy is not YAML: ${fault.message.split('\n')[0]?.replace(/ at line \d+.*$/, '')}.`;
      return err(appError('PolicyInvalid', message, { row: fault.linePos?.[0].line }));
    }
    return readCloudFormation(document.toJS(), 'cloudformation-yaml', name);
  } catch (cause) {
    // The library throws where aliases multiply without end.
    return err(appError('PolicyInvalid', 'The policy is YAML that cannot be read.', { detail: String(cause) }));
  }
}

function ruleProperties(rule: Rule): Json {
  const { prefix, tags, sizeGreaterThan, sizeLessThan } = scopeOf(rule);
  const { Expiration: expiration, NoncurrentVersionExpiration, AbortIncompleteMultipartUpload } = rule;
  const sizes = { ObjectSizeGreaterThan: sizeGreaterThan?.toString(), ObjectSizeLessThan: sizeLessThan?.toString() };
  return present({
    Id: rule.ID,
    Status: rule.Status,
    Prefix: prefix === '' ? undefined : prefix,
    TagFilters: tags.length === 0 ? undefined : tags.map(({ key, value }) => ({ Key: key, Value: value })),
    ...sizes,
    Transitions: rule.Transitions?.map((step) =>
      present({ StorageClass: step.StorageClass, TransitionInDays: step.Days, TransitionDate: step.Date }),
    ),
    ExpirationInDays: expiration?.Days,
    ExpirationDate: expiration?.Date,
    ExpiredObjectDeleteMarker: expiration?.ExpiredObjectDeleteMarker,
    NoncurrentVersionTransitions: rule.NoncurrentVersionTransitions?.map((step) =>
      present({
        StorageClass: step.StorageClass,
        TransitionInDays: step.NoncurrentDays,
        NewerNoncurrentVersions: step.NewerNoncurrentVersions,
      }),
    ),
    NoncurrentVersionExpiration,
    AbortIncompleteMultipartUpload,
  });
}

const templateOf = (configuration: LifecycleConfiguration, minimumSize: MinimumSize, name: string): Json => ({
  AWSTemplateFormatVersion: '2010-09-09',
  Resources: {
    [name]: {
      Type: BUCKET_TYPE,
      Properties: {
        LifecycleConfiguration: present({
          TransitionDefaultMinimumObjectSize: minimumSize ?? undefined,
          Rules: configuration.Rules.map(ruleProperties),
        }),
      },
    },
  },
});

export const writeCloudFormation = (configuration: LifecycleConfiguration, minimumSize: MinimumSize, name: string): string =>
  `${JSON.stringify(templateOf(configuration, minimumSize, name), null, 2)}\n`;

/** Strings that an older YAML reader would take for something else are quoted. */
export const writeCloudFormationYaml = (configuration: LifecycleConfiguration, minimumSize: MinimumSize, name: string): string =>
  stringify(templateOf(configuration, minimumSize, name), {
    version: '1.1',
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
    lineWidth: 0,
  });
