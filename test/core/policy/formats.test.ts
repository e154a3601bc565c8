import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LifecycleConfiguration, MinimumSize, Rule } from '../../../src/contract/lifecycle.ts';
import { POLICY_FORMATS, type PolicyFormat } from '../../../src/contract/policy-formats.ts';
import { canonicalText } from '../../../src/core/policy/canonical.ts';
import { readPolicyText, writePolicyText } from '../../../src/core/policy/formats/formats.ts';
import { differencesOf } from '../../../src/core/policy/same-meaning.ts';
import { policyDocument } from '../../../src/core/policy/validate/validate.ts';
import { minimumSize, validConfiguration } from '../../support/policies.ts';
import { propertyRuns } from '../../support/property-runs.ts';

function written(format: PolicyFormat, configuration: LifecycleConfiguration, size: MinimumSize, resource?: string): string {
  const text = writePolicyText(format, configuration, size, resource === undefined ? {} : { resource });
  if (!text.ok) throw new Error(text.error.message);
  return text.value;
}

function read(text: string, resource?: string): { configuration: LifecycleConfiguration; minimumSize: MinimumSize } {
  const raw = readPolicyText(text, resource);
  const document = raw.ok ? policyDocument(raw.value) : raw;
  if (!document.ok) throw new Error(`${document.error.message} ${document.error.field} ${document.error.row} in\n${text}`);
  return document.value;
}

const errorOf = (text: string, resource?: string) => {
  const raw = readPolicyText(text, resource);
  const document = raw.ok ? policyDocument(raw.value) : raw;
  if (document.ok) throw new Error('it was read');
  return document.error;
};

describe.each(POLICY_FORMATS)('%s', (format) => {
  test('what is written and read again is the same by meaning', () => {
    fc.assert(
      fc.property(validConfiguration(), minimumSize, (configuration, size) => {
        const text = written(format, configuration, size);
        const again = read(text);
        expect(canonicalText(again.configuration, again.minimumSize)).toBe(canonicalText(configuration, size));
        const raw = readPolicyText(text);
        expect(raw.ok && raw.value.format).toBe(format);
      }),
      { numRuns: propertyRuns(150) },
    );
  });

  test('rules without an ID keep their meaning, whatever name a spelling must give them', () => {
    fc.assert(
      fc.property(validConfiguration(true), (configuration) => {
        expect(differencesOf(configuration, read(written(format, configuration, null)).configuration)).toEqual([]);
      }),
      { numRuns: propertyRuns(40) },
    );
  });
});

const rule = (more: Partial<Rule>): LifecycleConfiguration => ({ Rules: [{ ID: 'r', Status: 'Enabled', Filter: {}, ...more }] });
const same = (text: string, configuration: LifecycleConfiguration, size: MinimumSize = null, resource?: string) => {
  const found = read(text, resource);
  expect(canonicalText(found.configuration, found.minimumSize)).toBe(canonicalText(configuration, size));
};

describe('what people have', () => {
  test('success-sdk-request-with-setting', () =>
    same(
      JSON.stringify({
        Bucket: 'b',
        LifecycleConfiguration: rule({ Expiration: { Days: 7 } }),
        TransitionDefaultMinimumObjectSize: 'varies_by_storage_class',
      }),
      rule({ Expiration: { Days: 7 } }),
      'varies_by_storage_class',
    ));
  test('success-sdk-setting-beside-rules', () =>
    same(
      JSON.stringify({
        ...rule({ Expiration: { Date: '2030-01-01T00:00:00+00:00' } }),
        TransitionDefaultMinimumObjectSize: 'all_storage_classes_128K',
      }),
      rule({ Expiration: { Date: '2030-01-01' } }),
      'all_storage_classes_128K',
    ));
  test('success-own-lifecycle-output', () => same(JSON.stringify({ configuration: null, minimumSize: null, hash: 'x' }), { Rules: [] }));

  test('success-xml-namespace-prefix-cdata-legacy', () =>
    same(
      `\uFEFF<?xml version="1.0"?>\n<s3:LifecycleConfiguration xmlns:s3="http://s3.amazonaws.com/doc/2006-03-01/"><!-- hi -->
        <s3:Rule><s3:ID><![CDATA[r]]></s3:ID><s3:Prefix>a&amp;b&#x2f;</s3:Prefix><s3:Status>Enabled</s3:Status>
        <s3:Transition><s3:Days> 30 </s3:Days><s3:StorageClass>GLACIER</s3:StorageClass></s3:Transition></s3:Rule></s3:LifecycleConfiguration>`,
      rule({ Filter: { Prefix: 'a&b/' }, Transitions: [{ Days: 30, StorageClass: 'GLACIER' }] }),
    ));

  test('success-terraform-with-the-rest-of-a-file', () =>
    same(
      `
terraform { required_version = ">= 1.5" }
variable "days" {
  type    = number
  default = 3 * 10 // an expression
}
resource "aws_s3_bucket" "b" {
  bucket = "b-\${terraform.workspace}"
  tags   = merge(local.tags, { Name = "x", other = [for k, v in var.m : "\${k}=\${v}"] })
}
/* comment } */
resource "aws_s3_bucket_lifecycle_configuration" "b" {
  bucket = aws_s3_bucket.b.id # not needed here
  transition_default_minimum_object_size = "varies_by_storage_class"
  rule {
    id     = "r"
    status = "Enabled"
    filter {
      and {
        prefix                   = "logs/$\${x}"
        object_size_greater_than = "500"
        tags = {
          team  = "ml"
          "a b" = "c"
        }
      }
    }
    transition {
      days          = 30
      storage_class = "STANDARD_IA"
    }
    expiration { days = 90 }
  }
}
`,
      rule({
        Filter: {
          And: {
            Prefix: 'logs/\u0024{x}',
            ObjectSizeGreaterThan: 500,
            Tags: [
              { Key: 'team', Value: 'ml' },
              { Key: 'a b', Value: 'c' },
            ],
          },
        },
        Transitions: [{ Days: 30, StorageClass: 'STANDARD_IA' }],
        Expiration: { Days: 90 },
      }),
      'varies_by_storage_class',
    ));

  test('success-cloudformation-yaml-with-functions-elsewhere-and-older-properties', () =>
    same(
      `AWSTemplateFormatVersion: "2010-09-09"
Parameters: { Name: { Type: String } }
Resources:
  Topic: { Type: AWS::SNS::Topic }
  Data:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub "\${Name}-data"
      LifecycleConfiguration:
        Rules:
          - Id: r
            Status: Enabled
            Prefix: logs/
            Transition: { StorageClass: GLACIER, TransitionInDays: "30" }
            NoncurrentVersionExpirationInDays: 9
            ExpirationDate: 2030-01-01T00:00:00Z
`,
      rule({
        Filter: { Prefix: 'logs/' },
        Transitions: [{ Days: 30, StorageClass: 'GLACIER' }],
        NoncurrentVersionExpiration: { NoncurrentDays: 9 },
        Expiration: { Date: '2030-01-01' },
      }),
    ));

  test('success-one-of-several-named', () => {
    const two = `${written('terraform', rule({ Expiration: { Days: 1 } }), null, 'one')}${written('terraform', rule({ Expiration: { Days: 2 } }), null, 'two')}`;
    same(two, rule({ Expiration: { Days: 2 } }), null, 'two');
    expect(errorOf(two)).toMatchObject({ code: 'PolicyInvalid', message: expect.stringContaining('one, two') as string });
    expect(errorOf(two, 'three').message).toContain('three');
  });
});

describe('what is refused, by name', () => {
  test.each<[string, string, string, RegExp]>([
    ['refuse-empty', ' \n', 'PolicyInvalid', /empty/],
    ['refuse-prose', 'delete everything, please', 'PolicyInvalid', /no spelling/],
    ['refuse-broken-json', '{"Rules": [', 'PolicyInvalid', /not JSON/],
    [
      'refuse-unknown-element',
      '{"Rules":[{"ID":"r","Status":"Enabled","Filter":{},"Expiry":{"Days":1}}]}',
      'PolicyInvalid',
      /no element "Expiry"/,
    ],
    ['refuse-xml-entity', '<LifecycleConfiguration>&bomb;</LifecycleConfiguration>', 'PolicyInvalid', /entity/],
    ['refuse-xml-doctype', '<!DOCTYPE x [<!ENTITY a "b">]><LifecycleConfiguration/>', 'PolicyInvalid', /document type/],
    ['refuse-xml-unclosed', '<LifecycleConfiguration><Rule></LifecycleConfiguration>', 'PolicyInvalid', /not closed/],
    ['refuse-xml-other-root', '<ListBucketResult></ListBucketResult>', 'PolicyInvalid', /ListBucketResult|Rules/],
    [
      'refuse-xml-twice',
      '<LifecycleConfiguration><Rule><ID>a</ID><ID>b</ID><Status>Enabled</Status></Rule></LifecycleConfiguration>',
      'PolicyInvalid',
      /Rule 1, ID/,
    ],
    [
      'refuse-terraform-variable',
      'resource "aws_s3_bucket_lifecycle_configuration" "x" {\n  rule {\n    id = "r"\n    status = var.status\n  }\n}',
      'PolicyUnsupported',
      /var\.status/,
    ],
    [
      'refuse-terraform-template',
      'resource "aws_s3_bucket_lifecycle_configuration" "x" {\n  rule {\n    id = "r-\u0024{var.a}"\n    status = "Enabled"\n  }\n}',
      'PolicyUnsupported',
      /var\.a/,
    ],
    [
      'refuse-terraform-dynamic',
      'resource "aws_s3_bucket_lifecycle_configuration" "x" {\n  dynamic "rule" {\n    for_each = var.r\n    content {}\n  }\n}',
      'PolicyUnsupported',
      /dynamic/,
    ],
    [
      'refuse-terraform-unknown-argument',
      'resource "aws_s3_bucket_lifecycle_configuration" "x" {\n  rule {\n    idd = "r"\n  }\n}',
      'PolicyUnsupported',
      /"idd"/,
    ],
    ['refuse-terraform-none', 'resource "aws_s3_bucket" "x" {\n}\n', 'PolicyInvalid', /no resource/],
    ['refuse-terraform-unclosed', 'resource "aws_s3_bucket_lifecycle_configuration" "x" {\n', 'PolicyInvalid', /not closed/],
    [
      'refuse-terraform-json-template',
      '{"resource":{"aws_s3_bucket_lifecycle_configuration":{"x":{"rule":[{"id":"\u0024{var.a}","status":"Enabled"}]}}}}',
      'PolicyUnsupported',
      /var\.a/,
    ],
    [
      'refuse-cloudformation-function',
      'Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n      LifecycleConfiguration:\n        Rules:\n          - Status: !Ref S\n',
      'PolicyUnsupported',
      /Ref/,
    ],
    ['refuse-cloudformation-none', '{"Resources":{}}', 'PolicyInvalid', /LifecycleConfiguration/],
    [
      'refuse-cloudformation-aliases',
      `Resources:\n  a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((n, i) => `  ${n}: &${n} [${Array(9).fill(`*${'abcdefghi'[i]}`).join(',')}]`).join('\n')}\n`,
      'PolicyInvalid',
      /YAML|LifecycleConfiguration/,
    ],
  ])('%s', (_name, text, code, words) => {
    const error = errorOf(text);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(words);
  });

  test('refuse-terraform-row', () =>
    expect(
      errorOf('resource "aws_s3_bucket_lifecycle_configuration" "x" {\n  rule {\n    id = "r"\n    status = var.status\n  }\n}'),
    ).toMatchObject({ row: 4, field: 'rule[0].status' }));

  test('refuse-xml-control-character', () => {
    const text = writePolicyText('xml', rule({ Filter: { Prefix: 'a\u0001' }, Expiration: { Days: 1 } }), null);
    expect(text).toMatchObject({ ok: false, error: { code: 'PolicyUnsupported', field: 'Prefix' } });
  });

  test('any text is read or refused, never thrown', () => {
    const pieces = fc.constantFrom(
      '<Rule>',
      '</Rule>',
      '{',
      '}',
      '"',
      '\\',
      '\u0024{',
      'resource "aws_s3_bucket_lifecycle_configuration" "x" {',
      'rule {',
      'id = ',
      '[',
      ']',
      '\n',
      'Resources:',
      '- a',
      ': ',
      '<<EOT\n',
      'EOT',
      '&#',
      ';',
      '<!--',
      '-->',
      '1',
      'true',
      '=',
      ',',
      'Properties:\n',
      '  ',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 4 })), { maxLength: 30 }), (parts) => {
        const raw = readPolicyText(parts.join(''));
        if (raw.ok) policyDocument(raw.value);
      }),
      { numRuns: propertyRuns(600) },
    );
  });
});
