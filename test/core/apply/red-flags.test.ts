import { expect, test } from 'vitest';
import type { LifecycleConfiguration, Rule } from '../../../src/contract/lifecycle.ts';
import { ALARMING_SCORE, type RedFlagInput, redFlagsOf } from '../../../src/core/apply/red-flags.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const enabled = (rule: Partial<Rule>): Rule => ({ ID: 'r', Status: 'Enabled', Filter: {}, ...rule });
const flags = (rules: readonly Rule[], more: Partial<RedFlagInput> = {}) =>
  redFlagsOf({
    bucket: 'datasets-prod',
    configuration: { Rules: [...rules] } satisfies LifecycleConfiguration,
    facts: { versioning: 'enabled', objectLock: { status: 'disabled', defaultMode: null, defaultRetentionDays: null } },
    nowMs: NOW,
    ...more,
  });
const patterns = (...args: Parameters<typeof flags>) => flags(...args).flatMap((flag) => flag.patterns);
const unversioned = {
  facts: { versioning: 'unversioned' as const, objectLock: { status: 'disabled' as const, defaultMode: null, defaultRetentionDays: null } },
};

test.each([
  ['hygiene: uploads', { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }],
  ['hygiene: markers', { Expiration: { ExpiredObjectDeleteMarker: true } }],
  ['moves alone', { Transitions: [{ Days: 0, StorageClass: 'GLACIER' }] }],
  ['a prefix after a month', { Filter: { Prefix: 'tmp/' }, Expiration: { Days: 30 } }],
  ['old versions after a month', { Filter: { Prefix: 'a/' }, NoncurrentVersionExpiration: { NoncurrentDays: 30 } }],
  ['what is disabled', { Status: 'Disabled' as const, Expiration: { Days: 1 } }],
  ['the whole bucket after a year, with versions kept', { Expiration: { Days: 365 } }],
  ['a date a year away', { Filter: { Prefix: 'a/' }, Expiration: { Date: '2027-11-24T00:00:00.000Z' } }],
] as const)('no flag: %s', (_what, rule) => {
  expect(flags([enabled(rule as Partial<Rule>)])).toEqual([]);
});

test.each([
  ['one day', { Filter: { Prefix: 'a/' }, Expiration: { Days: 1 } }, ['withinOneDay']],
  ['a date that has passed', { Filter: { Prefix: 'a/' }, Expiration: { Date: '2026-01-01T00:00:00.000Z' } }, ['withinOneDay']],
  ['three days', { Filter: { Prefix: 'a/' }, Expiration: { Days: 3 } }, ['withinThreeDays']],
  ['the seven days of an ultimatum', { Expiration: { Days: 7 } }, ['withinSevenDays', 'wholeBucket']],
  ['history in a day', { NoncurrentVersionExpiration: { NoncurrentDays: 1 } }, ['withinOneDay', 'wholeBucket']],
  [
    'everything by another spelling of it',
    { Filter: { ObjectSizeGreaterThan: 0 }, Expiration: { Days: 1 } },
    ['withinOneDay', 'wholeBucket'],
  ],
  ['logs of AWS', { Filter: { Prefix: 'org/AWSLogs/111122223333/CloudTrail/' }, Expiration: { Days: 90 } }, ['logBucket']],
] as const)('a flag: %s', (_what, rule, expected) => {
  expect(patterns([enabled(rule as Partial<Rule>)])).toEqual(expected);
});

test('without versions a rule over the whole bucket is a flag however slow it is', () => {
  expect(patterns([enabled({ Expiration: { Days: 400 } })], unversioned)).toEqual(['wholeBucket', 'noVersions']);
});

test('current and noncurrent rules together that leave no copy are seen together', () => {
  const rules = [
    enabled({ ID: 'a', Filter: { Prefix: 'runs/' }, Expiration: { Days: 2 } }),
    enabled({ ID: 'b', NoncurrentVersionExpiration: { NoncurrentDays: 1 } }),
  ];
  const [first] = flags(rules).filter(({ ruleId }) => ruleId === 'a');
  expect(first?.patterns).toEqual(['withinThreeDays', 'everyCopy']);
  const apart = [rules[0]!, enabled({ ID: 'b', Filter: { Prefix: 'other/' }, NoncurrentVersionExpiration: { NoncurrentDays: 1 } })];
  expect(flags(apart).find(({ ruleId }) => ruleId === 'a')?.patterns).toEqual(['withinThreeDays']);
});

test('the attack itself is alarming, and worse than any part of it', () => {
  const attack = enabled({ ID: 'x', Expiration: { Days: 1 }, NoncurrentVersionExpiration: { NoncurrentDays: 1 } });
  const [flag] = flags([attack], { known: null });
  expect(flag?.patterns).toEqual(['withinOneDay', 'wholeBucket', 'everyCopy', 'newRule']);
  expect(flag?.score).toBe(100);
  const [known] = flags([attack], { known: { Rules: [{ ...attack, ID: 'other name' }] } });
  expect(known?.patterns).not.toContain('newRule');
  expect(ALARMING_SCORE).toBeLessThan(known?.score ?? 0);
});
