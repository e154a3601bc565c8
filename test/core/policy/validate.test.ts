import { describe, expect, test } from 'vitest';
import type { LifecycleConfiguration, MinimumSize, Rule } from '../../../src/contract/lifecycle.ts';
import type { PolicyIssue } from '../../../src/contract/policy-check.ts';
import { readSdkJson } from '../../../src/core/policy/formats/json.ts';
import { checkPolicy, validate } from '../../../src/core/policy/validate/validate.ts';
import type { WarningContext } from '../../../src/core/policy/validate/warnings.ts';
import { shippedPrices } from '../../support/prices.ts';

const WEEK = { Expiration: { Days: 7 } };
const one = (rule: object): object => ({ Rules: [{ ID: 'r', Status: 'Enabled', Filter: { Prefix: 'a/' }, ...rule }] });
const check = (configuration: object, context?: WarningContext, minimumSize?: MinimumSize) =>
  checkPolicy(readSdkJson(minimumSize ? { ...configuration, TransitionDefaultMinimumObjectSize: minimumSize } : configuration), context);
const errors = (configuration: object): PolicyIssue[] => check(configuration).issues.filter(({ severity }) => severity === 'error');
const transitions = (...steps: [number | string, string][]): object => ({
  Transitions: steps.map(([when, StorageClass]) => ({ [typeof when === 'number' ? 'Days' : 'Date']: when, StorageClass })),
});
const noncurrent = (...steps: [number, string][]): object => ({
  NoncurrentVersionTransitions: steps.map(([NoncurrentDays, StorageClass]) => ({ NoncurrentDays, StorageClass })),
});

/** s3-domain 4.4, row by row: S3's code, where it is, and what it is called here. */
describe('what S3 refuses', () => {
  test.each<[string, object, string, string, string]>([
    ['refuse-no-rules', { Rules: [] }, 'MalformedXML', 'Rules', 'no-rules'],
    [
      'refuse-1001-rules',
      { Rules: Array.from({ length: 1001 }, (_, n) => ({ ID: `r${n}`, Status: 'Enabled', Filter: { Prefix: `${n}/` }, ...WEEK })) },
      'InvalidRequest',
      'Rules',
      'too-many-rules',
    ],
    ['refuse-id-too-long', one({ ID: 'x'.repeat(256), ...WEEK }), 'InvalidArgument', 'Rules[0].ID', 'id-length'],
    [
      'refuse-id-twice',
      { Rules: [1, 2].map((n) => ({ ID: 'r', Status: 'Enabled', Filter: { Prefix: `${n}` }, ...WEEK })) },
      'InvalidArgument',
      'Rules[1].ID',
      'id-twice',
    ],
    ['refuse-no-filter', one({ Filter: undefined, ...WEEK }), 'MalformedXML', 'Rules[0].Filter', 'filter-missing'],
    [
      'refuse-two-predicates',
      one({ Filter: { Prefix: 'a', ObjectSizeGreaterThan: 1 }, ...WEEK }),
      'MalformedXML',
      'Rules[0].Filter',
      'filter-without-and',
    ],
    ['refuse-and-of-one', one({ Filter: { And: { Prefix: 'a' } }, ...WEEK }), 'MalformedXML', 'Rules[0].Filter.And', 'and-too-small'],
    ['refuse-filter-and-prefix', one({ Prefix: 'a', ...WEEK }), 'MalformedXML', 'Rules[0].Prefix', 'filter-and-prefix'],
    [
      'refuse-prefix-after-filter',
      {
        Rules: [
          { ID: 'a', Status: 'Enabled', Filter: {}, ...WEEK },
          { ID: 'b', Status: 'Enabled', Prefix: 'b', ...WEEK },
        ],
      },
      'InvalidRequest',
      'Rules[1].Prefix',
      'spellings-mixed',
    ],
    [
      'refuse-filter-after-prefix',
      {
        Rules: [
          { ID: 'a', Status: 'Enabled', Prefix: 'a', ...WEEK },
          { ID: 'b', Status: 'Enabled', Filter: {}, ...WEEK },
        ],
      },
      'InvalidRequest',
      'Rules[1].Filter',
      'spellings-mixed',
    ],
    [
      'refuse-legacy-overlap',
      {
        Rules: [
          { ID: 'a', Status: 'Enabled', Prefix: 'x', ...WEEK },
          { ID: 'b', Status: 'Enabled', Prefix: '', ...WEEK },
        ],
      },
      'InvalidRequest',
      'Rules[0].Prefix',
      'prefixes-overlap',
    ],
    ['refuse-no-action', one({}), 'InvalidRequest', 'Rules[0]', 'no-action'],
    [
      'refuse-tag-key-twice',
      one({
        Filter: {
          And: {
            Tags: [
              { Key: 'k', Value: '1' },
              { Key: 'k', Value: '2' },
            ],
          },
        },
        ...WEEK,
      }),
      'InvalidRequest',
      'Rules[0].Filter.And.Tags',
      'tag-key-twice',
    ],
    [
      'refuse-size-below',
      one({ Filter: { ObjectSizeGreaterThan: -1 }, ...WEEK }),
      'InvalidRequest',
      'Rules[0].Filter.ObjectSizeGreaterThan',
      'size-bound',
    ],
    [
      'refuse-size-above',
      one({ Filter: { ObjectSizeLessThan: 1_099_511_627_776_001 }, ...WEEK }),
      'InvalidRequest',
      'Rules[0].Filter.ObjectSizeLessThan',
      'size-bound',
    ],
    [
      'refuse-size-order',
      one({ Filter: { And: { ObjectSizeGreaterThan: 9, ObjectSizeLessThan: 9 } }, ...WEEK }),
      'InvalidRequest',
      'Rules[0].Filter.And.ObjectSizeLessThan',
      'size-order',
    ],
    [
      'refuse-date-not-midnight',
      one({ Expiration: { Date: '2030-01-01T02:00:00Z' } }),
      'InvalidArgument',
      'Rules[0].Expiration.Date',
      'date-midnight',
    ],
    ['refuse-no-date', one({ Expiration: { Date: '20300101' } }), 'MalformedXML', 'Rules[0].Expiration.Date', 'date-form'],
    [
      'refuse-marker-and-days',
      one({ Expiration: { Days: 1, ExpiredObjectDeleteMarker: true } }),
      'MalformedXML',
      'Rules[0].Expiration',
      'expiration-one',
    ],
    ['refuse-empty-expiration', one({ Expiration: {} }), 'MalformedXML', 'Rules[0].Expiration', 'expiration-one'],
    ['refuse-expiration-of-0-days', one({ Expiration: { Days: 0 } }), 'InvalidArgument', 'Rules[0].Expiration.Days', 'days-range'],
    [
      'refuse-noncurrent-0-days',
      one({ NoncurrentVersionExpiration: { NoncurrentDays: 0 } }),
      'InvalidArgument',
      'Rules[0].NoncurrentVersionExpiration.NoncurrentDays',
      'days-range',
    ],
    [
      'refuse-abort-0-days',
      one({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 0 } }),
      'InvalidArgument',
      'Rules[0].AbortIncompleteMultipartUpload.DaysAfterInitiation',
      'days-range',
    ],
    [
      'refuse-abort-without-days',
      one({ AbortIncompleteMultipartUpload: {} }),
      'MalformedXML',
      'Rules[0].AbortIncompleteMultipartUpload.DaysAfterInitiation',
      'abort-days-missing',
    ],
    [
      'refuse-transition-without-time',
      one({ Transitions: [{ StorageClass: 'GLACIER' }] }),
      'MalformedXML',
      'Rules[0].Transitions[0]',
      'transition-when',
    ],
    [
      'refuse-transition-with-both-times',
      one({ Transitions: [{ Days: 1, Date: '2030-01-01', StorageClass: 'GLACIER' }] }),
      'MalformedXML',
      'Rules[0].Transitions[0]',
      'transition-when',
    ],
    [
      'refuse-noncurrent-transition-without-days',
      one({ NoncurrentVersionTransitions: [{ StorageClass: 'GLACIER' }] }),
      'MalformedXML',
      'Rules[0].NoncurrentVersionTransitions[0].NoncurrentDays',
      'noncurrent-days-missing',
    ],
    [
      'refuse-transition-without-class',
      one({ Transitions: [{ Days: 1 }] }),
      'MalformedXML',
      'Rules[0].Transitions[0].StorageClass',
      'malformed',
    ],
    ['refuse-negative-days', one(transitions([-1, 'GLACIER'])), 'InvalidArgument', 'Rules[0].Transitions[0].Days', 'days-range'],
    ['refuse-early-ia', one(transitions([29, 'STANDARD_IA'])), 'InvalidArgument', 'Rules[0].Transitions[0].Days', 'infrequent-too-early'],
    [
      'refuse-early-noncurrent-ia',
      one(noncurrent([29, 'ONEZONE_IA'])),
      'InvalidArgument',
      'Rules[0].NoncurrentVersionTransitions[0].NoncurrentDays',
      'infrequent-too-early',
    ],
    [
      'refuse-class-twice',
      one(transitions([1, 'GLACIER'], [9, 'GLACIER'])),
      'InvalidRequest',
      'Rules[0].Transitions[1].StorageClass',
      'target-twice',
    ],
    [
      'refuse-colder-first',
      one(transitions([90, 'GLACIER_IR'], [60, 'GLACIER'])),
      'InvalidArgument',
      'Rules[0].Transitions[1].Days',
      'transition-order',
    ],
    [
      'refuse-colder-date-first',
      one(transitions(['2030-02-01', 'GLACIER'], ['2030-02-01', 'DEEP_ARCHIVE'])),
      'InvalidArgument',
      'Rules[0].Transitions[1].Date',
      'transition-order',
    ],
    [
      'refuse-29-days-of-ia',
      one(transitions([30, 'STANDARD_IA'], [59, 'GLACIER'])),
      'InvalidArgument',
      'Rules[0].Transitions[1].Days',
      'transition-gap',
    ],
    [
      'refuse-89-days-of-ir',
      one(transitions([4, 'GLACIER_IR'], [93, 'GLACIER'])),
      'InvalidArgument',
      'Rules[0].Transitions[1].Days',
      'transition-gap',
    ],
    ['refuse-to-standard', one(transitions([30, 'STANDARD'])), 'InvalidArgument', 'Rules[0].Transitions[0].StorageClass', 'target-class'],
    [
      'refuse-to-rrs',
      one(transitions([30, 'REDUCED_REDUNDANCY'])),
      'InvalidArgument',
      'Rules[0].Transitions[0].StorageClass',
      'target-class',
    ],
    ['refuse-to-unknown', one(transitions([30, 'FREEZER'])), 'MalformedXML', 'Rules[0].Transitions[0].StorageClass', 'target-class'],
    [
      'refuse-days-and-date',
      one(transitions([30, 'GLACIER'], ['2030-01-01', 'DEEP_ARCHIVE'])),
      'InvalidRequest',
      'Rules[0].Transitions',
      'days-date-mixed',
    ],
    [
      'refuse-date-expiration-with-days',
      one({ ...transitions([30, 'GLACIER']), Expiration: { Date: '2030-01-01' } }),
      'InvalidRequest',
      'Rules[0].Expiration',
      'days-date-mixed',
    ],
    [
      'refuse-expiration-not-after-transition',
      one({ ...transitions([30, 'GLACIER']), Expiration: { Days: 30 } }),
      'InvalidArgument',
      'Rules[0].Expiration.Days',
      'expiration-order',
    ],
    [
      'refuse-noncurrent-expiration-not-after-transition',
      one({ ...noncurrent([30, 'GLACIER']), NoncurrentVersionExpiration: { NoncurrentDays: 30 } }),
      'InvalidArgument',
      'Rules[0].NoncurrentVersionExpiration.NoncurrentDays',
      'expiration-order',
    ],
    [
      'refuse-newer-without-days',
      one({ NoncurrentVersionExpiration: { NewerNoncurrentVersions: 3 } }),
      'MalformedXML',
      'Rules[0].NoncurrentVersionExpiration.NoncurrentDays',
      'noncurrent-days-missing',
    ],
    [
      'refuse-newer-in-a-legacy-rule',
      one({ Filter: undefined, Prefix: 'a', NoncurrentVersionExpiration: { NoncurrentDays: 3, NewerNoncurrentVersions: 3 } }),
      'InvalidRequest',
      'Rules[0].NoncurrentVersionExpiration.NewerNoncurrentVersions',
      'newer-needs-filter',
    ],
    [
      'refuse-newer-0',
      one({ NoncurrentVersionExpiration: { NoncurrentDays: 3, NewerNoncurrentVersions: 0 } }),
      'InvalidArgument',
      'Rules[0].NoncurrentVersionExpiration.NewerNoncurrentVersions',
      'newer-range',
    ],
    [
      'refuse-abort-with-tags',
      one({ Filter: { Tag: { Key: 'k', Value: 'v' } }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }),
      'InvalidRequest',
      'Rules[0].AbortIncompleteMultipartUpload',
      'action-with-tags',
    ],
    [
      'refuse-marker-with-size',
      one({ Filter: { ObjectSizeGreaterThan: 5 }, Expiration: { ExpiredObjectDeleteMarker: true } }),
      'InvalidRequest',
      'Rules[0].Expiration.ExpiredObjectDeleteMarker',
      'action-with-size',
    ],
    [
      'refuse-long-prefix',
      one({ Filter: { Prefix: 'ü'.repeat(513) }, ...WEEK }),
      'InvalidRequest',
      'Rules[0].Filter.Prefix',
      'prefix-length',
    ],
    ['refuse-status', one({ Status: 'enabled', ...WEEK }), 'MalformedXML', 'Rules[0].Status', 'malformed'],
    ['refuse-unknown-element', one({ Expiry: {}, ...WEEK }), 'MalformedXML', 'Rules[0].Expiry', 'malformed'],
    ['refuse-fraction-of-a-day', one({ Expiration: { Days: 1.5 } }), 'MalformedXML', 'Rules[0].Expiration.Days', 'malformed'],
    [
      'refuse-unknown-setting',
      { ...one(WEEK), TransitionDefaultMinimumObjectSize: 'value' },
      'InvalidRequest',
      'TransitionDefaultMinimumObjectSize',
      'minimum-size-unknown',
    ],
    ['refuse-no-configuration', { wrong: 1 }, 'MalformedXML', 'Rules', 'malformed'],
  ])('%s', (_name, configuration, awsCode, path, code) => {
    const found = errors(configuration);
    expect(found.map((issue) => [issue.awsCode, issue.path, issue.code])).toContainEqual([awsCode, path, code]);
    expect(found[0]?.awsCode).toBe(awsCode);
    for (const { message, fix } of found) {
      expect(message).toMatch(/\.$/);
      expect(fix).toMatch(/\.$/);
      if (path.startsWith('Rules[')) expect(message).toContain('Rule "');
    }
  });

  test.each<[string, object]>([
    ['success-and-90-days-of-ir', one(transitions([4, 'GLACIER_IR'], [94, 'GLACIER']))],
    ['success-zero-days', one(transitions([0, 'GLACIER']))],
    ['success-marker-rule-with-transition', one({ Expiration: { ExpiredObjectDeleteMarker: true }, ...transitions([12, 'DEEP_ARCHIVE']) })],
    ['success-intelligent-tiering-before-one-zone', one(transitions([20, 'INTELLIGENT_TIERING'], [30, 'ONEZONE_IA']))],
    [
      'success-legacy-prefixes-apart',
      {
        Rules: [
          { ID: 'a', Status: 'Enabled', Prefix: 'a/', ...WEEK },
          { ID: 'b', Status: 'Enabled', Prefix: 'b/', ...WEEK },
        ],
      },
    ],
    ['success-no-ids', { Rules: [1, 2].map((n) => ({ Status: 'Enabled', Filter: { Prefix: `${n}` }, ...WEEK })) }],
  ])('%s', (_name, configuration) => expect(errors(configuration)).toEqual([]));

  test('a plan is refused by the first rule and field at fault, with the rest beside it', () => {
    const result = validate(one({ Expiration: { Days: 0 }, ...transitions([3, 'STANDARD_IA']) }) as LifecycleConfiguration);
    expect(result).toMatchObject({ ok: false, error: { code: 'PolicyInvalid', field: 'Transitions[0].Days' } });
    expect(result.ok ? '' : result.error.detail).toContain('Expiration.Days');
  });
});

describe('what S3 takes and its owner may regret', () => {
  const codes = (configuration: object, context?: WarningContext, size: MinimumSize = 'all_storage_classes_128K'): string[] => {
    const { ok, issues } = check(configuration, context, size);
    expect(ok).toBe(true);
    expect(issues.every(({ severity, awsCode }) => severity === 'warning' && awsCode === null)).toBe(true);
    return issues.map(({ code }) => code);
  };
  const gone = { NoncurrentVersionExpiration: { NoncurrentDays: 30 } };
  const rules = (...list: Partial<Rule>[]): object => ({
    Rules: list.map((rule, n) => ({ ID: `r${n}`, Status: 'Enabled', Filter: { Prefix: 'a/' }, ...rule })),
  });

  test('success-nothing-to-say', () => expect(codes(one({ Expiration: { Days: 30 }, ...gone }))).toEqual([]));
  test('success-a-day-at-most', () => {
    expect(codes(one({ Expiration: { Days: 1 }, ...gone }))).toEqual(['expires-at-once']);
    expect(codes(one({ NoncurrentVersionExpiration: { NoncurrentDays: 1 } }))).toEqual(['expires-at-once']);
    expect(codes(one({ NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 2 } }))).toEqual([]);
  });
  test.each([{}, { Prefix: '' }])('success-whole-bucket %j', (Filter) =>
    expect(codes(one({ Filter, Expiration: { Days: 30 }, ...gone }))).toEqual(['expires-whole-bucket']),
  );
  test('success-longer-rule-protects-nothing', () => {
    const broad = { Expiration: { Days: 30 }, ...gone };
    expect(codes(rules(broad, { Filter: { Prefix: 'a/keep/' }, Expiration: { Days: 900 } }))).toEqual(['cannot-protect']);
    expect(codes(rules({ ...broad, Status: 'Disabled' }, { Filter: { Prefix: 'a/keep/' }, Expiration: { Days: 900 }, ...gone }))).toEqual(
      [],
    );
    expect(codes(rules(broad, { Filter: { Prefix: 'b/' }, Expiration: { Days: 900 }, ...gone }))).toEqual([]);
    expect(
      codes(
        rules(gone, { Filter: { Prefix: 'a/keep/' }, NoncurrentVersionExpiration: { NoncurrentDays: 900, NewerNoncurrentVersions: 5 } }),
      ),
    ).toEqual(['cannot-protect']);
    // A shorter rule on tagged versions alone does not cover the longer one.
    expect(
      codes(
        rules({ ...broad, Filter: { Tag: { Key: 'k', Value: 'v' } } }, { Filter: { Prefix: 'a/' }, Expiration: { Days: 900 }, ...gone }),
      ),
    ).toEqual([]);
  });
  test('success-markers-stuck', () => {
    const keeps = { NoncurrentVersionExpiration: { NoncurrentDays: 3, NewerNoncurrentVersions: 2 } };
    expect(codes(one({ Expiration: { Days: 30 }, ...keeps }))).toEqual(['markers-stuck']);
    expect(
      codes(rules({ Expiration: { Days: 30 }, ...keeps }, { Filter: {}, NoncurrentVersionExpiration: { NoncurrentDays: 90 } })),
    ).toEqual([]);
  });
  test('success-hides-only', () => expect(codes(one({ Expiration: { Days: 30 } }))).toEqual(['hides-only']));
  test('success-rules-near-1000', () => {
    const many = Array.from({ length: 900 }, (_, n) => ({ Filter: { Prefix: `${n}/` }, ...gone }));
    expect(codes(rules(...many))).toEqual(['rules-near-most']);
  });
  test('success-newer-above-documented', () =>
    expect(codes(one({ NoncurrentVersionExpiration: { NoncurrentDays: 3, NewerNoncurrentVersions: 500 } }))).toEqual([
      'newer-above-documented',
    ]));
  test('success-dead-end', () => expect(codes(one(transitions([30, 'ONEZONE_IA'], [90, 'GLACIER_IR'])))).toEqual(['transition-dead-end']));
  test('success-live-table', () => {
    const context = { liveTables: ['tables/orders/'] };
    const moves = transitions([90, 'GLACIER']);
    expect(codes(one({ Filter: { Prefix: 'tables/' }, ...moves }), context)).toEqual(['archives-live-table']);
    expect(codes(one({ Filter: { Prefix: 'tables/orders/data/' }, Expiration: { Days: 90 }, ...gone }), context)).toEqual([
      'expires-live-table',
    ]);
    expect(codes(one({ Filter: { Prefix: 'other/' }, ...moves }), context)).toEqual([]);
    expect(codes(one({ Filter: { Prefix: 'tables/' }, ...transitions([90, 'GLACIER_IR']) }), context)).toEqual([]);
  });
  test('success-setting-flips', () => {
    const moves = one(transitions([90, 'GLACIER']));
    const varies = { current: { configuration: null, minimumSize: 'varies_by_storage_class' as const } };
    expect(codes(moves, varies, null)).toEqual(['minimum-size-flips']);
    expect(codes(moves, varies, 'varies_by_storage_class')).toEqual([]);
    expect(codes(moves, {}, null)).toEqual(['minimum-size-default']);
    expect(codes(one({ Filter: { ObjectSizeGreaterThan: 9 }, ...transitions([90, 'GLACIER']) }), {}, null)).toEqual([]);
    expect(codes(one(transitions([90, 'GLACIER_IR'])), {}, null)).toEqual([]);
  });
  test('success-never-pays', () => {
    const context = { list: shippedPrices() };
    // 180 days are paid at 0.00099 for 5 days that would cost 0.023 each: 0.1782 against 0.115.
    expect(codes(one({ ...transitions([30, 'DEEP_ARCHIVE']), Expiration: { Days: 35 }, ...gone }), context)).toEqual(['never-pays']);
    expect(codes(one({ ...transitions([30, 'DEEP_ARCHIVE']), Expiration: { Days: 400 }, ...gone }), context)).toEqual([]);
    expect(codes(one({ ...transitions([30, 'STANDARD_IA'], [60, 'ONEZONE_IA']) }), context)).toEqual([]);
    // 69.6 KB is the least size that ever pays in STANDARD_IA (s3-domain 8.2).
    const below = (ObjectSizeLessThan: number) => one({ Filter: { ObjectSizeLessThan }, ...transitions([30, 'STANDARD_IA']) });
    expect(codes(below(71_234), context)).toEqual(['never-pays']);
    expect(codes(below(71_500), context)).toEqual([]);
    expect(codes(one({ ...noncurrent([1, 'GLACIER']), NoncurrentVersionExpiration: { NoncurrentDays: 10 } }), context)).toEqual([
      'never-pays',
    ]);
  });
});
