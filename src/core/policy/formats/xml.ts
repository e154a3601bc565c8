import { appError } from '../../../contract/errors.ts';
import type { LifecycleConfiguration, MinimumSize } from '../../../contract/lifecycle.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import { booleanOr, isObject, type Json, type RawPolicy, wholeOr } from './document.ts';
import { escapeXml, parseXml, type XmlElement, XmlFault } from './xml-tree.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
/** The request header that carries the setting in the REST API; S3's XML itself has no place for it. */
const HEADER = 'x-amz-transition-default-minimum-object-size';

/** Elements that repeat, by the element they lie in, and the plural the SDK gives them. */
const PLURALS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  LifecycleConfiguration: { Rule: 'Rules' },
  Rule: { Transition: 'Transitions', NoncurrentVersionTransition: 'NoncurrentVersionTransitions' },
  And: { Tag: 'Tags' },
};
const STRUCTURES = new Set([
  'LifecycleConfiguration',
  'Rule',
  'Filter',
  'And',
  'Tag',
  'Transition',
  'Expiration',
  'NoncurrentVersionTransition',
  'NoncurrentVersionExpiration',
  'AbortIncompleteMultipartUpload',
]);
const WHOLES = new Set([
  'Days',
  'NoncurrentDays',
  'NewerNoncurrentVersions',
  'DaysAfterInitiation',
  'ObjectSizeGreaterThan',
  'ObjectSizeLessThan',
]);

/** One element in the SDK's spelling. An element given twice that may stand once keeps both, for the check of shapes to refuse. */
function sdkValue(element: XmlElement): unknown {
  const { name, text, children } = element;
  if (!STRUCTURES.has(name) && children.length === 0) {
    return WHOLES.has(name) ? wholeOr(text) : name === 'ExpiredObjectDeleteMarker' ? booleanOr(text) : text;
  }
  const members: Record<string, unknown> = {};
  for (const child of children) {
    const plural = PLURALS[name]?.[child.name];
    const value = sdkValue(child);
    if (plural !== undefined) members[plural] = [...((members[plural] as unknown[] | undefined) ?? []), value];
    else members[child.name] = child.name in members ? [members[child.name], value] : value;
  }
  if (text.trim() !== '') members['#text'] = text.trim();
  return members;
}

/** Reads what S3 sends and takes (https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html). */
export function readXml(text: string): Result<RawPolicy> {
  try {
    const { root, comments } = parseXml(text);
    const isKnown = root.name === 'LifecycleConfiguration' || root.name === 'BucketLifecycleConfiguration';
    const value = sdkValue({ ...root, name: isKnown ? 'LifecycleConfiguration' : root.name });
    const header = comments.map((comment) => new RegExp(`^${HEADER}:\\s*(\\S+)$`).exec(comment)?.[1]).find((found) => found !== undefined);
    const configuration = isKnown && isObject(value) ? { Rules: [], ...value } : { [root.name]: value };
    return ok({ format: 'xml', configuration, minimumSize: header });
  } catch (cause) {
    if (!(cause instanceof XmlFault)) throw cause;
    return err(appError('PolicyInvalid', `The policy is not well-formed XML: ${cause.message}.`, { row: cause.row }));
  }
}

/** Order of the elements in S3's schema. */
const ORDER = [
  'ID',
  'Filter',
  'Prefix',
  'Tag',
  'Tags',
  'ObjectSizeGreaterThan',
  'ObjectSizeLessThan',
  'And',
  'Key',
  'Value',
  'Status',
  'Transitions',
  'Date',
  'Days',
  'NoncurrentDays',
  'StorageClass',
  'Expiration',
  'ExpiredObjectDeleteMarker',
  'NoncurrentVersionTransitions',
  'NoncurrentVersionExpiration',
  'NewerNoncurrentVersions',
  'AbortIncompleteMultipartUpload',
  'DaysAfterInitiation',
];
const SINGULARS: Readonly<Record<string, string>> = {
  Rules: 'Rule',
  Tags: 'Tag',
  Transitions: 'Transition',
  NoncurrentVersionTransitions: 'NoncurrentVersionTransition',
};

function elementOf(name: string, value: unknown, indent: string): string {
  if (!isObject(value)) {
    const escaped = escapeXml(String(value));
    if (escaped === undefined) throw new Unwritable(name);
    return `${indent}<${name}>${escaped}</${name}>\n`;
  }
  const inner = membersOf(value, `${indent}  `);
  return inner === '' ? `${indent}<${name}></${name}>\n` : `${indent}<${name}>\n${inner}${indent}</${name}>\n`;
}

const membersOf = (members: Json, indent: string): string =>
  Object.keys(members)
    .filter((name) => members[name] !== undefined)
    .sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b))
    .map((name) => {
      const value = members[name];
      return Array.isArray(value)
        ? value.map((one) => elementOf(SINGULARS[name] ?? name, one, indent)).join('')
        : elementOf(name, value, indent);
    })
    .join('');

class Unwritable extends Error {}

/** PolicyUnsupported where a text holds what XML 1.0 cannot carry. The setting for small objects stands in a comment, as its header. */
export function writeXml(configuration: LifecycleConfiguration, minimumSize: MinimumSize): Result<string> {
  try {
    const header = minimumSize === null ? '' : `<!-- ${HEADER}: ${minimumSize} -->\n`;
    const rules = configuration.Rules.map((rule) => elementOf('Rule', rule, '  ')).join('');
    return ok(
      `<?xml version="1.0" encoding="UTF-8"?>\n${header}<LifecycleConfiguration xmlns="${NAMESPACE}">\n${rules}</LifecycleConfiguration>\n`,
    );
  } catch (cause) {
    if (!(cause instanceof Unwritable)) throw cause;
    const message = 'The policy holds a character that XML cannot carry.';
    return err(appError('PolicyUnsupported', message, { field: cause.message, next: 'Write JSON instead, or another prefix or tag.' }));
  }
}
