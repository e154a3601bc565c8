import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LifecycleConfiguration, Rule } from '../../../src/contract/lifecycle.ts';
import { canonicalRule, canonicalText, respell } from '../../../src/core/policy/canonical.ts';
import { deletesAnything, diffRules } from '../../../src/core/policy/diff.ts';
import { merge } from '../../../src/core/policy/merge.ts';
import { ruleId } from '../../../src/core/policy/rule-id.ts';
import { differencesInWords, differencesOf } from '../../../src/core/policy/same-meaning.ts';
import { errorsOf } from '../../../src/core/policy/validate/validate.ts';
import { ruleInWords } from '../../../src/core/policy/words.ts';

const hash = (configuration: LifecycleConfiguration) => createHash('sha256').update(canonicalText(configuration, null)).digest('hex');
const rules = (...list: Partial<Rule>[]): LifecycleConfiguration => ({
  Rules: list.map((rule, at) => ({ ID: `r${at}`, Status: 'Enabled', Expiration: { Days: 7 }, ...rule })),
});
const isSame = (a: LifecycleConfiguration, b: LifecycleConfiguration) => differencesOf(a, b).length === 0 && hash(a) === hash(b);

describe('canonical', () => {
  test.each<[string, LifecycleConfiguration, LifecycleConfiguration]>([
    ['success-whole-bucket', rules({ Filter: {} }), rules({ Filter: { Prefix: '' } })],
    ['success-legacy-whole-bucket', rules({ Filter: {} }), rules({ Prefix: '' })],
    ['success-legacy-prefix', rules({ Filter: { Prefix: 'a/' } }), rules({ Prefix: 'a/' })],
    ['success-and-with-one-predicate', rules({ Filter: { Prefix: 'a/' } }), rules({ Filter: { And: { Prefix: 'a/' } } })],
    [
      'success-and-with-one-tag',
      rules({ Filter: { Tag: { Key: 'k', Value: 'v' } } }),
      rules({ Filter: { And: { Tags: [{ Key: 'k', Value: 'v' }] } } }),
    ],
    [
      'success-tag-order',
      rules({
        Filter: {
          And: {
            Prefix: 'a',
            Tags: [
              { Key: 'k', Value: 'v' },
              { Key: 'l', Value: 'w' },
            ],
          },
        },
      }),
      rules({
        Filter: {
          And: {
            Prefix: 'a',
            Tags: [
              { Key: 'l', Value: 'w' },
              { Key: 'k', Value: 'v' },
            ],
          },
        },
      }),
    ],
    [
      'success-date-spelling',
      rules({ Filter: {}, Expiration: { Date: '2027-01-01' } }),
      rules({ Filter: {}, Expiration: { Date: '2027-01-01T00:00:00.000Z' } }),
    ],
    ['success-empty-list-is-absent', rules({ Filter: {}, Transitions: [] }), rules({ Filter: {} })],
    [
      'success-false-marker-is-absent',
      rules({ Filter: {}, Expiration: { Days: 7, ExpiredObjectDeleteMarker: false } }),
      rules({ Filter: {} }),
    ],
    [
      'success-rule-order',
      rules({ Filter: { Prefix: 'a' } }, { Filter: { Prefix: 'b' } }),
      { Rules: [...rules({ Filter: { Prefix: 'a' } }, { Filter: { Prefix: 'b' } }).Rules].reverse() },
    ],
  ])('%s', (_name, a, b) => expect(isSame(a, b)).toBe(true));

  test.each<[string, LifecycleConfiguration, LifecycleConfiguration, string]>([
    [
      'refuse-size-filter-lost',
      rules({ Filter: { And: { Prefix: 'a', ObjectSizeGreaterThan: 9 } } }),
      rules({ Filter: { Prefix: 'a' } }),
      'widened: size filter lost',
    ],
    [
      'refuse-size-bound-moved',
      rules({ Filter: { ObjectSizeGreaterThan: 9 } }),
      rules({ Filter: { ObjectSizeGreaterThan: 8 } }),
      'widened: ObjectSizeGreaterThan 9 became 8',
    ],
    ['refuse-tag-lost', rules({ Filter: { Tag: { Key: 'k', Value: 'v' } } }), rules({ Filter: {} }), 'widened: tag filter lost'],
    ['refuse-prefix-lost', rules({ Filter: { Prefix: 'a/' } }), rules({ Filter: {} }), 'widened: prefix "a/" became ""'],
    [
      'refuse-days-changed',
      rules({ Filter: {} }),
      rules({ Filter: {}, Expiration: { Days: 8 } }),
      'Expiration: {"days":7,"date":null} became {"days":8,"date":null}',
    ],
    ['refuse-rule-enabled', rules({ Filter: {}, Status: 'Disabled' }), rules({ Filter: {} }), 'widened: a disabled rule became enabled'],
    ['refuse-rule-missing', rules({ Filter: {} }), { Rules: [] }, 'rule "r0", Rule: the rule is missing'],
    ['refuse-rule-added', { Rules: [] }, rules({ Filter: {} }), 'a rule that was not asked for'],
  ])('%s', (_name, wanted, found, words) => {
    expect(differencesInWords(differencesOf(wanted, found))).toContain(words);
    expect(hash(wanted)).not.toBe(hash(found));
  });

  test('a rule sent without an ID may come back with one, but not the other way round', () => {
    const { ID: _id, ...unnamed } = rules({ Filter: {} }).Rules[0]!;
    expect(differencesOf({ Rules: [unnamed] }, rules({ Filter: {} }))).toEqual([]);
    expect(differencesOf(rules({ Filter: {} }), { Rules: [unnamed] })).not.toEqual([]);
  });
});

const text = fc.oneof(fc.constantFrom('', 'a', 'a/', 'logs/', 'x y+z/', '🧪/'), fc.string({ maxLength: 6 }));
const tag = fc.record({ Key: fc.string({ minLength: 1, maxLength: 3 }), Value: text });
const size = fc.option(fc.integer({ min: 0, max: 1e6 }), { nil: undefined });
const anyRule = fc
  .record({
    ID: fc.uuid(),
    Status: fc.constantFrom('Enabled' as const, 'Disabled' as const),
    prefix: text,
    tags: fc.uniqueArray(tag, { maxLength: 2, selector: ({ Key }) => Key }),
    greater: size,
    days: fc.integer({ min: 100, max: 400 }),
    first: fc.integer({ min: 30, max: 60 }),
  })
  .map(({ ID, Status, prefix, tags, greater, days, first }) => ({
    spelled: { ID, Status, prefix, tags, greater, days, first },
    rule: respell({
      ID,
      Status,
      Filter: { And: { Prefix: prefix, Tags: tags, ...(greater === undefined ? {} : { ObjectSizeGreaterThan: greater }) } },
      Transitions: [{ Days: first, StorageClass: 'STANDARD_IA' }],
      Expiration: { Days: days },
    }),
  }));

test('a rule means the same however its filter is spelled', () => {
  fc.assert(
    fc.property(anyRule, ({ rule, spelled }) => {
      const and: Rule = {
        ...rule,
        Filter: {
          And: {
            Prefix: spelled.prefix,
            Tags: [...spelled.tags].reverse(),
            ...(spelled.greater === undefined ? {} : { ObjectSizeGreaterThan: spelled.greater }),
          },
        },
      };
      expect(canonicalRule(and)).toEqual(canonicalRule(rule));
      expect(differencesOf({ Rules: [rule] }, { Rules: [rule] })).toEqual([]);
      expect(differencesOf({ Rules: [rule] }, { Rules: [and] })).toEqual([]);
      expect(errorsOf({ Rules: [rule] }).filter(({ path }) => path.startsWith('Rules[0].Filter'))).toEqual([]);
    }),
    { seed: 11, numRuns: 300 },
  );
});

test('a merge keeps every foreign rule with its meaning and in order, and only our new rules beside them', () => {
  fc.assert(
    fc.property(
      fc.array(anyRule, { maxLength: 6 }),
      fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
      fc.array(anyRule, { maxLength: 3 }),
      (existing, owned, policy) => {
        const current = { Rules: existing.map(({ rule }, at) => (owned[at] ? { ...rule, ID: `isotherm/old/${at}` } : rule)) };
        const merged = merge({ current, policy: { Rules: policy.map(({ rule }) => rule) }, convertLegacy: false, isCustomEndpoint: false });
        if (!merged.ok) throw new Error(merged.error.message);
        const result = merged.value.configuration?.Rules ?? [];
        const foreign = current.Rules.filter((_rule, at) => !owned[at]);
        expect(result.slice(0, foreign.length).map(canonicalRule)).toEqual(foreign.map(canonicalRule));
        expect(result.slice(foreign.length).map(({ ID }) => ID?.startsWith('isotherm/'))).toEqual(policy.map(() => true));
        expect(result.some(({ ID }) => ID?.startsWith('isotherm/old/'))).toBe(false);
      },
    ),
    { seed: 5, numRuns: 200 },
  );
});

describe('merge', () => {
  const ours: LifecycleConfiguration = {
    Rules: [{ ID: 'isotherm/p/1', Status: 'Enabled', Filter: { Prefix: 'a/' }, Expiration: { Days: 9 } }],
  };
  const input = { policy: ours, convertLegacy: false, isCustomEndpoint: false };
  const legacy = rules({ Prefix: 'old/' });

  test('refuse-legacy-rules-on-aws', () => {
    const merged = merge({ ...input, current: legacy });
    expect(merged.ok ? '' : merged.error.code).toBe('LegacyRules');
  });
  test.each([
    ['success-legacy-rules-converted-on-request', { ...input, convertLegacy: true }],
    ['success-legacy-rules-converted-elsewhere', { ...input, convertLegacy: true, isCustomEndpoint: true }],
  ])('%s', (_name, how) => {
    const merged = merge({ ...how, current: legacy });
    if (!merged.ok) throw new Error(merged.error.message);
    expect(merged.value.configuration?.Rules[0]).toMatchObject({ ID: 'r0', Filter: { Prefix: 'old/' } });
    expect(merged.value.configuration?.Rules[0]).not.toHaveProperty('Prefix');
    expect(merged.value.warnings.join()).toContain('older spelling');
  });
  test('success-legacy-rules-kept-elsewhere-without-consent', () => {
    const merged = merge({ ...input, current: legacy, isCustomEndpoint: true });
    if (!merged.ok) throw new Error(merged.error.message);
    expect(merged.value.configuration?.Rules[0]).toMatchObject({ ID: 'r0', Prefix: 'old/' });
    expect(merged.value.configuration?.Rules[0]).not.toHaveProperty('Filter');
    expect(merged.value.warnings.join()).toContain('as this endpoint answered');
  });
  test('success-only-our-rules-left-then-none', () => {
    const merged = merge({ ...input, policy: { Rules: [] }, current: ours });
    expect(merged.ok && merged.value.configuration).toBeNull();
  });
  test('refuse-foreign-id-with-another-meaning', () => {
    const merged = merge({ ...input, current: rules({ Filter: {} }), policy: rules({ Filter: { Prefix: 'x' } }) });
    expect(merged.ok ? '' : merged.error.message).toContain('already has a rule of this name');
  });
  test('success-foreign-rule-repeated-in-the-policy-stays-foreign', () => {
    const merged = merge({
      ...input,
      current: rules({ Filter: {} }),
      policy: { Rules: [...rules({ Prefix: '' }).Rules.map(respell), ...ours.Rules] },
    });
    expect(merged.ok && merged.value.configuration?.Rules.map(({ ID }) => ID)).toEqual(['r0', 'isotherm/p/1']);
  });
  test('refuse-more-rules-than-a-bucket-holds', () => {
    const current = { Rules: Array.from({ length: 1000 }, (_, at) => ({ ...ours.Rules[0]!, ID: `t${at}` })) };
    const merged = merge({ ...input, current });
    expect(merged.ok ? '' : merged.error.message).toContain('1001 rules');
  });
});

test('a diff pairs rules by name and tells kept, changed, added and removed apart', () => {
  const before = rules(
    { ID: 'keep', Filter: {} },
    { ID: 'isotherm/a', Filter: { Prefix: 'a/' } },
    { ID: 'isotherm/b', Filter: { Prefix: 'b/' } },
  );
  const after = rules(
    { ID: 'keep', Prefix: '' },
    { ID: 'isotherm/a', Filter: { Prefix: 'a/' }, Expiration: { Days: 8 } },
    { ID: 'isotherm/c', Filter: { Prefix: 'c/' } },
  );
  const changes = diffRules(before, after);
  expect(changes.map(({ change, owner, ruleId: id }) => `${change} ${owner} ${id}`)).toEqual([
    'kept foreign keep',
    'changed isotherm isotherm/a',
    'added isotherm isotherm/c',
    'removed isotherm isotherm/b',
  ]);
  expect(changes[1]?.words).toBe(
    'before: versions under a/ would expire 7 days after they were written; after: versions under a/ would expire 8 days after they were written',
  );
});

test('words say what a rule would do, in the conditional', () => {
  expect(
    ruleInWords({
      Status: 'Enabled',
      Filter: { Prefix: 'datasets/' },
      Transitions: [
        { Days: 30, StorageClass: 'STANDARD_IA' },
        { Days: 90, StorageClass: 'GLACIER' },
      ],
    }),
  ).toBe(
    'versions under datasets/ would move to Standard-IA 30 days after they were written, and move to Glacier Flexible Retrieval 90 days after they were written',
  );
  expect(
    ruleInWords({ Status: 'Disabled', Filter: {}, NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 3 } }),
  ).toBe(
    'disabled: noncurrent versions anywhere in the bucket would be removed for good 1 day after they were replaced, except the newest 3 of each key',
  );
});

test('only enabled expirations count as deleting', () => {
  expect(deletesAnything(rules({ Filter: {} }))).toBe(true);
  expect(deletesAnything(rules({ Filter: {}, Status: 'Disabled' }))).toBe(false);
  expect(deletesAnything(null)).toBe(false);
});

test('rule IDs are printable ASCII, below 255 characters, stable, and differ where names differ', () => {
  const names = ['a/b', 'a b', 'a+b', 'ä', 'ö', '🧪', '', 'x'.repeat(1024), `${'x'.repeat(1023)}y`];
  const ids = names.map((name) => ruleId('isotherm/ml-basics/dataset', name));
  for (const id of ids) expect(id).toMatch(/^[ -~]{1,255}$/);
  expect(new Set(ids).size).toBe(names.length);
  expect(ids[0]).toBe('isotherm/ml-basics/dataset/a/b');
});
