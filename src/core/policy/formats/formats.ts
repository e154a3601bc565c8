import { appError } from '../../../contract/errors.ts';
import type { LifecycleConfiguration, MinimumSize } from '../../../contract/lifecycle.ts';
import type { PolicyFormat } from '../../../contract/policy-formats.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import { readCloudFormation, readCloudFormationYaml, writeCloudFormation, writeCloudFormationYaml } from './cloudformation.ts';
import { isObject, type RawPolicy } from './document.ts';
import { readSdkJson, writeCliJson, writeSdkJson } from './json.ts';
import { readTerraform, readTerraformJson, writeTerraform, writeTerraformJson } from './terraform.ts';
import { readXml, writeXml } from './xml.ts';

const MOST_CHARACTERS = 16_777_216;

/**
 * Reads a policy in whatever spelling it comes; `resource` names one of several in a Terraform file or a CloudFormation template.
 * PolicyInvalid where the text is of none of them, PolicyUnsupported where something in it would have to be evaluated.
 */
export function readPolicyText(text: string, resource?: string | undefined): Result<RawPolicy> {
  if (text.length > MOST_CHARACTERS) return err(appError('PolicyInvalid', 'The policy is larger than any lifecycle configuration can be.'));
  const start = text.replace(/^\uFEFF/, '').trimStart();
  if (start === '') return err(appError('PolicyInvalid', 'The policy is empty.'));
  if (start.startsWith('<')) return readXml(text);
  if (start.startsWith('{') || start.startsWith('[')) return readJsonText(start, resource);
  if (/^\s*(?:"?Resources"?\s*:|AWSTemplateFormatVersion\s*:)/m.test(start)) return readCloudFormationYaml(text, resource);
  if (/^\s*[\p{L}_][\p{L}\p{N}_-]*(?:[ \t]+(?:"[^"\n]*"|[\p{L}_][\w-]*))*[ \t]*[{=]/mu.test(start)) return readTerraform(text, resource);
  const message = 'The policy is in no spelling that is known: neither JSON, XML, Terraform nor CloudFormation.';
  return err(appError('PolicyInvalid', message));
}

function readJsonText(text: string, resource: string | undefined): Result<RawPolicy> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    return err(appError('PolicyInvalid', 'The policy is not JSON.', { detail: String(cause) }));
  }
  if (isObject(json) && 'Resources' in json) return readCloudFormation(json, 'cloudformation', resource);
  if (isObject(json) && 'resource' in json) return readTerraformJson(json, resource);
  return ok(readSdkJson(json));
}

export interface WriteOptions {
  /** The bucket it is for, and the name of the resource in Terraform or CloudFormation. */
  readonly bucket?: string | undefined;
  readonly resource?: string | undefined;
}

/** A placeholder where a spelling wants the name of a bucket and none was given. */
const SOME_BUCKET = 'BUCKET';

/** Writes a configuration; `minimumSize` null leaves the setting for small objects out. */
export function writePolicyText(
  format: PolicyFormat,
  configuration: LifecycleConfiguration,
  minimumSize: MinimumSize,
  { bucket = SOME_BUCKET, resource }: WriteOptions = {},
): Result<string> {
  switch (format) {
    case 'json':
      return ok(writeSdkJson(configuration, minimumSize));
    case 'cli':
      return ok(writeCliJson(configuration, minimumSize, bucket));
    case 'xml':
      return writeXml(configuration, minimumSize);
    case 'terraform':
      return ok(writeTerraform(configuration, minimumSize, bucket, resource ?? 'lifecycle'));
    case 'terraform-json':
      return ok(writeTerraformJson(configuration, minimumSize, bucket, resource ?? 'lifecycle'));
    case 'cloudformation':
      return ok(writeCloudFormation(configuration, minimumSize, resource ?? 'Bucket'));
    case 'cloudformation-yaml':
      return ok(writeCloudFormationYaml(configuration, minimumSize, resource ?? 'Bucket'));
  }
}
