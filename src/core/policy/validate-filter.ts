import type { Rule } from '../../contract/lifecycle.ts';
import { scopeOf } from './canonical.ts';
import type { Problem } from './problem.ts';

const MAX_PREFIX_BYTES = 1024;
/** The bound S3 gives in its own refusal (s3-domain 4.4). */
const MAX_SIZE_BYTES = 1_099_511_627_776_000;
const MAX_TAG_KEY_LENGTH = 128;
const MAX_TAG_VALUE_LENGTH = 256;

/** Length of a text in UTF-8; a lone surrogate counts as its replacement. */
export function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}

function shapeProblems(rule: Rule): Problem[] {
  const problems: Problem[] = [];
  const { Filter: filter, Prefix: legacy } = rule;
  if (filter === undefined && legacy === undefined)
    problems.push({ field: 'Filter', message: 'the rule has no Filter; write Filter: {} for the whole bucket' });
  if (filter === undefined) return problems;
  if (legacy !== undefined) problems.push({ field: 'Prefix', message: 'the rule has both Filter and the older Prefix' });
  const given = (['Prefix', 'Tag', 'ObjectSizeGreaterThan', 'ObjectSizeLessThan', 'And'] as const).filter(
    (name) => filter[name] !== undefined,
  );
  if (given.length > 1) problems.push({ field: 'Filter', message: `${given.join(' and ')} stand side by side; put them inside And` });
  if (filter.And !== undefined) {
    const { Prefix, Tags, ObjectSizeGreaterThan, ObjectSizeLessThan } = filter.And;
    const predicates =
      [Prefix, ObjectSizeGreaterThan, ObjectSizeLessThan].filter((value) => value !== undefined).length + (Tags?.length ?? 0);
    if (predicates < 2) problems.push({ field: 'Filter.And', message: 'And needs at least two predicates' });
  }
  return problems;
}

function sizeProblems(greater: number | null, less: number | null): Problem[] {
  const problems: Problem[] = [];
  if (greater !== null && (greater < 0 || greater > MAX_SIZE_BYTES)) {
    problems.push({ field: 'Filter.ObjectSizeGreaterThan', message: `must be between 0 and ${MAX_SIZE_BYTES}` });
  }
  if (less !== null && (less < 1 || less > MAX_SIZE_BYTES)) {
    problems.push({ field: 'Filter.ObjectSizeLessThan', message: `must be between 1 and ${MAX_SIZE_BYTES}` });
  }
  if (greater !== null && less !== null && less <= greater) {
    problems.push({ field: 'Filter.ObjectSizeLessThan', message: 'must be greater than ObjectSizeGreaterThan' });
  }
  return problems;
}

/** What S3 would refuse in the filter of a rule, and in the actions that some filters exclude (s3-domain 4.4). */
export function filterProblems(rule: Rule): Problem[] {
  const problems = shapeProblems(rule);
  const scope = scopeOf(rule);
  const prefixBytes = utf8Length(scope.prefix);
  if (prefixBytes > MAX_PREFIX_BYTES) {
    problems.push({ field: 'Filter.Prefix', message: `the prefix has ${prefixBytes} bytes; keys have at most ${MAX_PREFIX_BYTES}` });
  }
  if (new Set(scope.tags.map(({ key }) => key)).size < scope.tags.length) {
    problems.push({ field: 'Filter.Tags', message: 'a tag key is given twice' });
  }
  for (const { key, value } of scope.tags) {
    if (key === '' || key.length > MAX_TAG_KEY_LENGTH || value.length > MAX_TAG_VALUE_LENGTH) {
      problems.push({
        field: 'Filter.Tags',
        message: `a tag key has 1 to ${MAX_TAG_KEY_LENGTH} characters, a value at most ${MAX_TAG_VALUE_LENGTH}`,
      });
    }
  }
  problems.push(...sizeProblems(scope.sizeGreaterThan, scope.sizeLessThan));
  const markerAction = rule.Expiration?.ExpiredObjectDeleteMarker !== undefined ? 'Expiration.ExpiredObjectDeleteMarker' : null;
  const abortAction = rule.AbortIncompleteMultipartUpload !== undefined ? 'AbortIncompleteMultipartUpload' : null;
  for (const action of [markerAction, abortAction]) {
    if (action === null) continue;
    if (scope.tags.length > 0) problems.push({ field: action, message: 'cannot be used with a tag filter' });
    if (scope.sizeGreaterThan !== null || scope.sizeLessThan !== null)
      problems.push({ field: action, message: 'cannot be used with a size filter' });
  }
  return problems;
}
