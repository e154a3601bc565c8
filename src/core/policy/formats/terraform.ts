import { type AppError, appError } from '../../../contract/errors.ts';
import type { LifecycleConfiguration, MinimumSize, Rule } from '../../../contract/lifecycle.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import { scopeOf } from '../canonical.ts';
import { ruleId } from '../rule-id.ts';
import { booleanOr, isObject, type Json, present, type RawPolicy, wholeOr } from './document.ts';
import { type HclBlock, type HclBody, HclFault, parseHcl, Unresolved, unescaped } from './hcl-reader.ts';
import { hclBody, hclString } from './hcl-writer.ts';

/** https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_lifecycle_configuration */
const RESOURCE = 'aws_s3_bucket_lifecycle_configuration';

/** What cannot be read as a plain value; caught at the edge of this file. */
class Refusal extends Error {
  readonly error: AppError;
  constructor(error: AppError) {
    super(error.message);
    this.error = error;
  }
}

const unsupported = (message: string, where: { row?: number | undefined; field?: string | undefined } = {}): Refusal =>
  new Refusal(
    appError('PolicyUnsupported', message, { ...where, next: 'Write plain values, or export the configuration the bucket has.' }),
  );

/** Blocks as lists of objects, which is also how Terraform's JSON syntax can be written. */
function plainBody(body: HclBody, path: string): Json {
  const plain: Record<string, unknown> = {};
  for (const [name, value] of body.attributes) plain[name] = value;
  for (const block of body.blocks) {
    if (block.type === 'dynamic') throw unsupported('A "dynamic" block has to be evaluated by Terraform.', { row: block.row, field: path });
    const before = plain[block.type];
    const list = Array.isArray(before) ? (before as unknown[]) : [];
    plain[block.type] = [...list, plainBody(block.body, `${path}.${block.type}`)];
  }
  return plain;
}

const isLifecycle = (block: HclBlock): boolean => block.type === 'resource' && block.labels[0] === RESOURCE;

/** The one resource asked for; several of them need a name. */
function choose<T extends { readonly name: string }>(found: readonly T[], name: string | undefined): T {
  const named = name === undefined ? found : found.filter((one) => one.name === name);
  const [first] = named;
  if (first !== undefined && named.length === 1) return first;
  const names = found.map((one) => one.name).join(', ');
  const message =
    first === undefined
      ? `There is no resource "${RESOURCE}"${name === undefined ? '' : ` named "${name}"`} in it.`
      : `It holds several resources "${RESOURCE}": ${names}. Name one of them.`;
  throw new Refusal(appError('PolicyInvalid', message, { next: 'Name the resource, or give a file that has one.' }));
}

const single = (value: unknown): unknown => (Array.isArray(value) && value.length === 1 ? value[0] : value);
const list = (value: unknown): unknown[] => (value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]);

type Convert = (value: unknown, path: string) => unknown;

/** Renames the members of an object; what Terraform does not know here is refused by name, null is as good as absent. */
function renamed(value: unknown, path: string, members: Readonly<Record<string, readonly [string, Convert]>>): Json {
  const body = single(value);
  if (body instanceof Unresolved) throw unsupported(`"${body.source}" has to be evaluated by Terraform.`, { row: body.row, field: path });
  if (!isObject(body)) throw unsupported('This is no block of arguments.', { field: path });
  const result: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(body)) {
    const target = members[name];
    if (target === undefined) throw unsupported(`Terraform has no argument "${name}" here.`, { field: `${path}.${name}` });
    if (one === null || (Array.isArray(one) && one.length === 0)) continue;
    result[target[0]] = target[1](one, `${path}.${name}`);
  }
  return result;
}

const resolved: Convert = (value, path) => {
  if (value instanceof Unresolved)
    throw unsupported(`"${value.source}" has to be evaluated by Terraform.`, { row: value.row, field: path });
  return value;
};
const text: Convert = (value, path) => {
  const plain = resolved(value, path);
  return typeof plain === 'number' || typeof plain === 'boolean' ? String(plain) : plain;
};
const whole: Convert = (value, path) => wholeOr(resolved(value, path));
const flag: Convert = (value, path) => booleanOr(resolved(value, path));
const tagPairs: Convert = (value, path) => {
  const body = single(resolved(value, path));
  if (!isObject(body)) throw unsupported('Tags are a map of texts.', { field: path });
  return Object.entries(body).map(([Key, one]) => ({ Key, Value: text(one, `${path}.${Key}`) }));
};
const block =
  (members: Parameters<typeof renamed>[2]): Convert =>
  (value, path) =>
    renamed(value, path, members);
const blocks =
  (members: Parameters<typeof renamed>[2]): Convert =>
  (value, path) =>
    list(value).map((one, at) => renamed(one, `${path}[${at}]`, members));

const SIZES = {
  object_size_greater_than: ['ObjectSizeGreaterThan', whole],
  object_size_less_than: ['ObjectSizeLessThan', whole],
} as const;
const RULE = {
  id: ['ID', text],
  status: ['Status', text],
  prefix: ['Prefix', text],
  filter: [
    'Filter',
    block({
      prefix: ['Prefix', text],
      ...SIZES,
      tag: ['Tag', block({ key: ['Key', text], value: ['Value', text] })],
      and: ['And', block({ prefix: ['Prefix', text], tags: ['Tags', tagPairs], ...SIZES })],
    }),
  ],
  transition: ['Transitions', blocks({ days: ['Days', whole], date: ['Date', text], storage_class: ['StorageClass', text] })],
  expiration: [
    'Expiration',
    block({ days: ['Days', whole], date: ['Date', text], expired_object_delete_marker: ['ExpiredObjectDeleteMarker', flag] }),
  ],
  noncurrent_version_transition: [
    'NoncurrentVersionTransitions',
    blocks({
      noncurrent_days: ['NoncurrentDays', whole],
      newer_noncurrent_versions: ['NewerNoncurrentVersions', whole],
      storage_class: ['StorageClass', text],
    }),
  ],
  noncurrent_version_expiration: [
    'NoncurrentVersionExpiration',
    block({ noncurrent_days: ['NoncurrentDays', whole], newer_noncurrent_versions: ['NewerNoncurrentVersions', whole] }),
  ],
  abort_incomplete_multipart_upload: ['AbortIncompleteMultipartUpload', block({ days_after_initiation: ['DaysAfterInitiation', whole] })],
} as const satisfies Parameters<typeof renamed>[2];

function toRawPolicy(body: Json, format: RawPolicy['format']): RawPolicy {
  const rules = list(body.rule).map((rule, at) => renamed(rule, `rule[${at}]`, RULE));
  const size = body.transition_default_minimum_object_size ?? undefined;
  const minimumSize = size === undefined ? undefined : resolved(size, 'transition_default_minimum_object_size');
  return { format, configuration: { Rules: rules }, minimumSize };
}

function guarded(read: () => RawPolicy): Result<RawPolicy> {
  try {
    return ok(read());
  } catch (cause) {
    if (cause instanceof Refusal) return err(cause.error);
    if (cause instanceof HclFault) {
      return err(appError('PolicyInvalid', `The policy is not in Terraform's language: ${cause.message}.`, { row: cause.row }));
    }
    throw cause;
  }
}

export const readTerraform = (source: string, name: string | undefined): Result<RawPolicy> =>
  guarded(() => {
    const found = parseHcl(source)
      .blocks.filter(isLifecycle)
      .map(({ labels, body }) => ({ name: labels[1] ?? '', body }));
    return toRawPolicy(plainBody(choose(found, name).body, 'rule'), 'terraform');
  });

/** In JSON syntax Terraform evaluates templates in every string; "$${" says "${". */
function withTemplates(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withTemplates);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, one]) => [unescaped(key) ?? key, withTemplates(one)]));
  return typeof value === 'string' ? (unescaped(value) ?? new Unresolved(value, undefined)) : value;
}

/** `*.tf.json`: blocks are objects or lists of them (https://developer.hashicorp.com/terraform/language/syntax/json). */
export const readTerraformJson = (json: Json, name: string | undefined): Result<RawPolicy> =>
  guarded(() => {
    const found = list(json.resource)
      .filter(isObject)
      .flatMap((resources) => list(resources[RESOURCE]))
      .filter(isObject)
      .flatMap((named) => Object.entries(named).flatMap(([key, bodies]) => list(bodies).map((body) => ({ name: key, body }))));
    const { body } = choose(found, name);
    if (!isObject(body)) throw unsupported(`The resource "${RESOURCE}" is no block of arguments.`);
    return toRawPolicy(withTemplates(body) as Json, 'terraform-json');
  });

/** The arguments of the resource. Every rule is written with Filter; Terraform wants an ID for each. */
function resourceOf(configuration: LifecycleConfiguration, minimumSize: MinimumSize, bucket: string): Json {
  const taken = new Set(configuration.Rules.map((rule) => rule.ID));
  const idOf = (rule: Rule, at: number): string => {
    if (rule.ID !== undefined) return rule.ID;
    let id = ruleId('rule', String(at + 1));
    while (taken.has(id)) id += '-';
    taken.add(id);
    return id;
  };
  return present({
    bucket,
    transition_default_minimum_object_size: minimumSize ?? undefined,
    rule: configuration.Rules.map((rule, at) => ruleBody(rule, idOf(rule, at))),
  });
}

function filterBody(rule: Rule): Json {
  const { prefix, tags, sizeGreaterThan, sizeLessThan } = scopeOf(rule);
  const sizes = present({ object_size_greater_than: sizeGreaterThan ?? undefined, object_size_less_than: sizeLessThan ?? undefined });
  const predicates = (prefix === '' ? 0 : 1) + tags.length + Object.keys(sizes).length;
  const [tag] = tags;
  if (predicates > 1) {
    const map = tags.length === 0 ? undefined : Object.fromEntries(tags.map(({ key, value }) => [key, value]));
    return { and: [present({ prefix: prefix === '' ? undefined : prefix, ...sizes, tags: map })] };
  }
  return tag !== undefined ? { tag: [{ ...tag }] } : prefix === '' ? sizes : { prefix };
}

function ruleBody(rule: Rule, id: string): Json {
  const { Expiration: expiration, NoncurrentVersionExpiration: noncurrent, AbortIncompleteMultipartUpload: abort } = rule;
  return present({
    id,
    status: rule.Status,
    filter: [filterBody(rule)],
    transition: rule.Transitions?.map((step) => present({ days: step.Days, date: step.Date, storage_class: step.StorageClass })),
    expiration: expiration && [
      present({ days: expiration.Days, date: expiration.Date, expired_object_delete_marker: expiration.ExpiredObjectDeleteMarker }),
    ],
    noncurrent_version_transition: rule.NoncurrentVersionTransitions?.map((step) =>
      present({
        noncurrent_days: step.NoncurrentDays,
        newer_noncurrent_versions: step.NewerNoncurrentVersions,
        storage_class: step.StorageClass,
      }),
    ),
    noncurrent_version_expiration: noncurrent && [
      present({ noncurrent_days: noncurrent.NoncurrentDays, newer_noncurrent_versions: noncurrent.NewerNoncurrentVersions }),
    ],
    abort_incomplete_multipart_upload: abort && [present({ days_after_initiation: abort.DaysAfterInitiation })],
  });
}

export function writeTerraform(configuration: LifecycleConfiguration, minimumSize: MinimumSize, bucket: string, name: string): string {
  const body = hclBody(resourceOf(configuration, minimumSize, bucket), '  ', new Set(['tags']));
  return `resource "${RESOURCE}" ${hclString(name)} {\n${body}\n}\n`;
}

export function writeTerraformJson(configuration: LifecycleConfiguration, minimumSize: MinimumSize, bucket: string, name: string): string {
  // Terraform evaluates templates in JSON strings too.
  const escaped = (value: unknown): unknown =>
    typeof value === 'string'
      ? value.replaceAll(/[$%](?=\{)/g, '$&$&')
      : Array.isArray(value)
        ? value.map(escaped)
        : isObject(value)
          ? Object.fromEntries(Object.entries(value).map(([key, one]) => [escaped(key), escaped(one)]))
          : value;
  const resource = escaped(resourceOf(configuration, minimumSize, bucket));
  return `${JSON.stringify({ resource: { [RESOURCE]: { [name]: resource } } }, null, 2)}\n`;
}
