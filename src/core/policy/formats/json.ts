import type { LifecycleConfiguration, MinimumSize } from '../../../contract/lifecycle.ts';
import { isObject, type Json, type RawPolicy } from './document.ts';

const MINIMUM_SIZE = 'TransitionDefaultMinimumObjectSize';
/** What requests and answers of the SDK and the CLI carry beside the configuration. */
const REQUEST_MEMBERS = new Set([
  'LifecycleConfiguration',
  'Bucket',
  'ExpectedBucketOwner',
  'ChecksumAlgorithm',
  'ContentMD5',
  MINIMUM_SIZE,
]);

/**
 * The SDK's JSON in the forms it comes in: `{Rules}` (what the CLI's --lifecycle-configuration takes and its get prints), a request
 * `{LifecycleConfiguration}` (--cli-input-json), or what "isotherm lifecycle --json" prints; the setting for small objects beside either.
 * Anything else is given back as it is: the check of shapes then names what is wrong with it.
 */
export function readSdkJson(json: unknown): RawPolicy {
  if (!isObject(json)) return { format: 'json', configuration: json, minimumSize: undefined };
  if ('LifecycleConfiguration' in json) {
    const strange = Object.keys(json).filter((name) => !REQUEST_MEMBERS.has(name));
    const configuration = strange.length === 0 ? json.LifecycleConfiguration : json;
    return { format: 'Bucket' in json ? 'cli' : 'json', configuration, minimumSize: json[MINIMUM_SIZE] };
  }
  if ('configuration' in json && 'hash' in json) {
    return { format: 'json', configuration: json.configuration, minimumSize: json.minimumSize ?? undefined };
  }
  const { [MINIMUM_SIZE]: minimumSize, ResponseMetadata: _answer, ...configuration } = json;
  return { format: 'json', configuration, minimumSize };
}

const text = (value: Json): string => `${JSON.stringify(value, null, 2)}\n`;
const sizeMember = (minimumSize: MinimumSize): Json => (minimumSize === null ? {} : { [MINIMUM_SIZE]: minimumSize });

export const writeSdkJson = (configuration: LifecycleConfiguration, minimumSize: MinimumSize): string =>
  text({ ...configuration, ...sizeMember(minimumSize) });

/** What `aws s3api put-bucket-lifecycle-configuration --cli-input-json` takes. */
export const writeCliJson = (configuration: LifecycleConfiguration, minimumSize: MinimumSize, bucket: string): string =>
  text({ Bucket: bucket, LifecycleConfiguration: configuration, ...sizeMember(minimumSize) });
