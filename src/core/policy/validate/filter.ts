import type { Rule } from '../../../contract/lifecycle.ts';
import { scopeOf } from '../canonical.ts';
import { type Finding, refused } from './issue.ts';

const MAX_PREFIX_BYTES = 1024;
/** The bound S3 gives in its own refusal (s3-domain 4.4). */
const MAX_SIZE_BYTES = 1_099_511_627_776_000;
const MAX_TAG_KEY_LENGTH = 128;
const MAX_TAG_VALUE_LENGTH = 256;
const PREDICATES = ['Prefix', 'Tag', 'ObjectSizeGreaterThan', 'ObjectSizeLessThan', 'And'] as const;

/** Length of a text in UTF-8; a lone surrogate counts as its replacement. */
export function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}

function shapeFindings(rule: Rule): Finding[] {
  const findings: Finding[] = [];
  const { Filter: filter, Prefix: legacy } = rule;
  const malformed = (field: string, code: string, words: string, fix: string) =>
    findings.push(refused(field, code, 'MalformedXML', words, fix));
  if (filter === undefined && legacy === undefined)
    malformed('Filter', 'filter-missing', 'the rule does not say what it applies to', 'Write Filter: {} for the whole bucket.');
  if (filter === undefined) return findings;
  if (legacy !== undefined)
    malformed('Prefix', 'filter-and-prefix', 'the rule has both Filter and the older Prefix', 'Put the prefix into Filter alone.');
  const given = PREDICATES.filter((name) => filter[name] !== undefined);
  if (given.length > 1)
    malformed('Filter', 'filter-without-and', `${given.join(' and ')} stand side by side`, 'Put all of them inside Filter.And.');
  if (filter.And !== undefined) {
    const { Prefix, Tags, ObjectSizeGreaterThan, ObjectSizeLessThan } = filter.And;
    const singles = [Prefix, ObjectSizeGreaterThan, ObjectSizeLessThan].filter((value) => value !== undefined).length;
    if (singles + (Tags?.length ?? 0) < 2)
      malformed('Filter.And', 'and-too-small', 'And joins fewer than two conditions', 'Write the one condition directly in Filter.');
  }
  return findings;
}

function sizeFindings(greater: number | null, less: number | null, at: string): Finding[] {
  const findings: Finding[] = [];
  const invalid = (name: string, code: string, words: string, fix: string) =>
    findings.push(refused(`${at}.${name}`, code, 'InvalidRequest', words, fix));
  if (greater !== null && (greater < 0 || greater > MAX_SIZE_BYTES))
    invalid(
      'ObjectSizeGreaterThan',
      'size-bound',
      `${greater} is not between 0 and ${MAX_SIZE_BYTES}`,
      'Write a size in bytes in that range.',
    );
  if (less !== null && (less < 1 || less > MAX_SIZE_BYTES))
    invalid('ObjectSizeLessThan', 'size-bound', `${less} is not between 1 and ${MAX_SIZE_BYTES}`, 'Write a size in bytes in that range.');
  if (greater !== null && less !== null && less <= greater)
    invalid(
      'ObjectSizeLessThan',
      'size-order',
      `${less} is not more than ObjectSizeGreaterThan, ${greater}`,
      'Raise it, or lower the other.',
    );
  return findings;
}

function tagFindings(rule: Rule): Finding[] {
  const findings: Finding[] = [];
  const { tags } = scopeOf(rule);
  const at = rule.Filter?.Tag === undefined ? 'Filter.And.Tags' : 'Filter.Tag';
  const seen = new Set<string>();
  const twice = new Set(tags.filter(({ key }) => seen.size === seen.add(key).size).map(({ key }) => key));
  for (const key of twice)
    findings.push(
      refused(
        at,
        'tag-key-twice',
        'InvalidRequest',
        `the tag key "${key}" is given twice`,
        'Keep one of them; all tags must hold together.',
      ),
    );
  for (const { key, value } of tags) {
    if (key !== '' && key.length <= MAX_TAG_KEY_LENGTH && value.length <= MAX_TAG_VALUE_LENGTH) continue;
    const words = `a tag key has 1 to ${MAX_TAG_KEY_LENGTH} characters, a value at most ${MAX_TAG_VALUE_LENGTH}`;
    findings.push(refused(at, 'tag-length', 'InvalidRequest', words, 'Name a tag that an object can have.'));
  }
  return findings;
}

/** What S3 would refuse in the filter of a rule, and in the actions that some filters exclude (s3-domain 4.4). */
export function filterFindings(rule: Rule): Finding[] {
  const findings = shapeFindings(rule);
  const { prefix, tags, sizeGreaterThan, sizeLessThan } = scopeOf(rule);
  const bytes = utf8Length(prefix);
  if (bytes > MAX_PREFIX_BYTES) {
    const field = rule.Filter === undefined ? 'Prefix' : rule.Filter.And === undefined ? 'Filter.Prefix' : 'Filter.And.Prefix';
    const words = `the prefix has ${bytes} bytes and no key is longer than ${MAX_PREFIX_BYTES}`;
    findings.push(refused(field, 'prefix-length', 'InvalidRequest', words, 'Shorten the prefix.'));
  }
  findings.push(...tagFindings(rule));
  findings.push(...sizeFindings(sizeGreaterThan, sizeLessThan, rule.Filter?.And === undefined ? 'Filter' : 'Filter.And'));
  const marker = rule.Expiration?.ExpiredObjectDeleteMarker === true ? 'Expiration.ExpiredObjectDeleteMarker' : null;
  const abort = rule.AbortIncompleteMultipartUpload === undefined ? null : 'AbortIncompleteMultipartUpload';
  for (const action of [marker, abort]) {
    if (action === null) continue;
    const fix = 'Put this action into a rule of its own that filters by prefix alone.';
    if (tags.length > 0)
      findings.push(refused(action, 'action-with-tags', 'InvalidRequest', 'the action cannot be combined with a tag filter', fix));
    if (sizeGreaterThan !== null || sizeLessThan !== null)
      findings.push(refused(action, 'action-with-size', 'InvalidRequest', 'the action cannot be combined with a size filter', fix));
  }
  return findings;
}
