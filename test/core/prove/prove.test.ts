import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import type { Rule } from '../../../src/contract/lifecycle.ts';
import {
  type Proof,
  type ProofFacts,
  ProofFactsSchema,
  type StatementIn,
  StatementSchema,
  type Verdict,
} from '../../../src/contract/prove.ts';
import { boxOf, intersect } from '../../../src/core/prove/box.ts';
import { prove } from '../../../src/core/prove/prove.ts';
import { dayNumber } from '../../support/cube-builder.ts';

/** A statement without its id. */
type Unnamed = StatementIn extends infer S ? (S extends StatementIn ? Omit<S, 'id'> : never) : never;

const AS_OF = dayNumber('2026-11-22');
const facts = (known: Partial<ProofFacts> = {}): ProofFacts =>
  v.parse(ProofFactsSchema, { versioning: 'enabled', objectLock: 'none', replication: 'none', ...known });

const rule = (ID: string, prefix: string, rest: Partial<Rule>): Rule => ({ ID, Status: 'Enabled', Filter: { Prefix: prefix }, ...rest });

function decide(statement: Unnamed, rules: readonly Rule[], known: Partial<ProofFacts> = {}): Proof {
  const parsed = v.parse(StatementSchema, { id: 's', covers: 'any' as const, ...statement });
  const proof = prove(parsed, { configuration: rules.length === 0 ? null : { Rules: [...rules] }, facts: facts(known), asOfDay: AS_OF });
  if (!proof.ok) throw new Error(proof.error.message);
  return proof.value;
}

const CLEAN = rule('clean', 'gdpr/', { Expiration: { Days: 10 }, NoncurrentVersionExpiration: { NoncurrentDays: 20 } });

describe('statements over any key', () => {
  test.each<[string, Unnamed, Rule[], Partial<ProofFacts>, Verdict, RegExp?]>([
    ['success-kept-without-rules', { kind: 'kept', until: { ageDays: 2555 } }, [], {}, 'PROVED'],
    [
      'success-kept-to-the-day',
      { kind: 'kept', scope: { prefix: 'logs/' }, until: { ageDays: 180 } },
      [rule('r', 'logs/train/', { Expiration: { Days: 180 } })],
      { versioning: 'unversioned' },
      'PROVED',
    ],
    [
      'refuse-kept-by-a-day',
      { kind: 'kept', scope: { prefix: 'logs/' }, until: { ageDays: 181 } },
      [rule('r', 'logs/train/', { Expiration: { Days: 180 } })],
      { versioning: 'unversioned' },
      'COUNTEREXAMPLE',
      /180 days/,
    ],
    [
      'success-kept-hidden-is-not-removed',
      { kind: 'kept', until: { ageDays: 999 } },
      [rule('r', '', { Expiration: { Days: 5 } })],
      {},
      'PROVED',
    ],
    [
      'refuse-kept-hidden-counts',
      { kind: 'kept', counts: 'hidden', until: { ageDays: 6 } },
      [rule('r', '', { Expiration: { Days: 5 } })],
      {},
      'COUNTEREXAMPLE',
      /hidden/,
    ],
    [
      'refuse-kept-written-over',
      { kind: 'kept', until: { ageDays: 31 } },
      [rule('r', '', { NoncurrentVersionExpiration: { NoncurrentDays: 30 } })],
      {},
      'COUNTEREXAMPLE',
      /written over/,
    ],
    [
      'success-kept-nobody-writes-over',
      { kind: 'kept', overwrites: 'none', until: { ageDays: 9999 } },
      [rule('r', '', { NoncurrentVersionExpiration: { NoncurrentDays: 30 } })],
      {},
      'PROVED',
    ],
    [
      'refuse-kept-after-a-date',
      { kind: 'kept', until: { ageDays: 1 } },
      [rule('r', '', { Expiration: { Date: '2030-01-01T00:00:00.000Z' } })],
      { versioning: 'unversioned' },
      'COUNTEREXAMPLE',
      /however young/,
    ],
    [
      'success-kept-until-that-date',
      { kind: 'kept', until: { date: '2030-01-01' } },
      [rule('r', '', { Expiration: { Date: '2030-01-01T00:00:00.000Z' } })],
      { versioning: 'unversioned' },
      'PROVED',
    ],
    [
      'refuse-kept-a-day-longer',
      { kind: 'kept', until: { date: '2030-01-02' } },
      [rule('r', '', { Expiration: { Date: '2030-01-01T00:00:00.000Z' } })],
      { versioning: 'unversioned' },
      'COUNTEREXAMPLE',
    ],
    [
      'refuse-kept-tag-can-be-set',
      { kind: 'kept', until: { ageDays: 8 } },
      [{ ...rule('r', '', { Expiration: { Days: 7 } }), Filter: { Tag: { Key: 'temp', Value: 'yes' } } }],
      { versioning: 'unversioned' },
      'COUNTEREXAMPLE',
    ],
    [
      'success-kept-other-tag',
      { kind: 'kept', scope: { tags: [{ Key: 'temp', Value: 'no' }] }, until: { ageDays: 8 } },
      [{ ...rule('r', '', { Expiration: { Days: 7 } }), Filter: { Tag: { Key: 'temp', Value: 'yes' } } }],
      { versioning: 'unversioned' },
      'PROVED',
    ],
    [
      'success-kept-other-size',
      { kind: 'kept', scope: { sizeLessThan: 1001 }, until: { ageDays: 8 } },
      [{ ...rule('r', '', { Expiration: { Days: 7 } }), Filter: { ObjectSizeGreaterThan: 1000 } }],
      { versioning: 'unversioned' },
      'PROVED',
    ],
    [
      'refuse-kept-that-size',
      { kind: 'kept', scope: { sizeLessThan: 1002 }, until: { ageDays: 8 } },
      [{ ...rule('r', '', { Expiration: { Days: 7 } }), Filter: { ObjectSizeGreaterThan: 1000 } }],
      { versioning: 'unversioned' },
      'COUNTEREXAMPLE',
    ],
    [
      'success-kept-disabled',
      { kind: 'kept', until: { ageDays: 8 } },
      [rule('r', '', { Status: 'Disabled', Expiration: { Days: 7 } })],
      { versioning: 'unversioned' },
      'PROVED',
    ],
    [
      'success-kept-default-retention',
      { kind: 'kept', until: { ageDays: 365 } },
      [rule('r', '', { NoncurrentVersionExpiration: { NoncurrentDays: 1 } })],
      { objectLock: { defaultRetentionDays: 365 } },
      'PROVED',
    ],
    [
      'refuse-kept-versioning-open',
      { kind: 'kept', until: { ageDays: 99 } },
      [rule('r', '', { Expiration: { Days: 7 } })],
      { versioning: 'unknown' },
      'INSUFFICIENT',
    ],
    ['success-gone-in-two-steps', { kind: 'gone', scope: { prefix: 'gdpr/' }, by: { ageDays: 30 } }, [CLEAN], {}, 'PROVED'],
    [
      'refuse-gone-a-day-early',
      { kind: 'gone', scope: { prefix: 'gdpr/' }, by: { ageDays: 29 } },
      [CLEAN],
      {},
      'COUNTEREXAMPLE',
      /30 days/,
    ],
    [
      'refuse-gone-noncurrent-stays',
      { kind: 'gone', by: { ageDays: 30 } },
      [rule('r', '', { Expiration: { Days: 10 } })],
      {},
      'COUNTEREXAMPLE',
      /noncurrent/,
    ],
    [
      'refuse-gone-newest-kept',
      { kind: 'gone', by: { ageDays: 900 } },
      [rule('r', '', { Expiration: { Days: 10 }, NoncurrentVersionExpiration: { NoncurrentDays: 20, NewerNoncurrentVersions: 1 } })],
      {},
      'COUNTEREXAMPLE',
    ],
    ['refuse-gone-rule-is-narrower', { kind: 'gone', scope: { prefix: 'gdpr' }, by: { ageDays: 30 } }, [CLEAN], {}, 'COUNTEREXAMPLE'],
    [
      'refuse-gone-sizes-left-out',
      { kind: 'gone', by: { ageDays: 30 } },
      [{ ...rule('r', '', { Expiration: { Days: 10 } }), Filter: { ObjectSizeGreaterThan: 0 } }],
      { versioning: 'unversioned' },
      'COUNTEREXAMPLE',
      /of 0 B/,
    ],
    [
      'success-gone-sizes-add-up',
      { kind: 'gone', by: { ageDays: 30 } },
      [
        { ...rule('a', '', { Expiration: { Days: 10 } }), Filter: { ObjectSizeLessThan: 500 } },
        { ...rule('b', '', { Expiration: { Days: 30 } }), Filter: { ObjectSizeGreaterThan: 499 } },
      ],
      { versioning: 'unversioned' },
      'PROVED',
    ],
    [
      'refuse-gone-uploads',
      { kind: 'gone', scope: { prefix: 'gdpr/' }, uploads: true, by: { ageDays: 30 } },
      [CLEAN],
      {},
      'COUNTEREXAMPLE',
      /no rule aborts it/,
    ],
    [
      'refuse-gone-lock-open',
      { kind: 'gone', scope: { prefix: 'gdpr/' }, by: { ageDays: 30 } },
      [CLEAN],
      { objectLock: 'unknown' },
      'INSUFFICIENT',
    ],
    [
      'refuse-gone-locked-longer',
      { kind: 'gone', scope: { prefix: 'gdpr/' }, by: { ageDays: 30 } },
      [CLEAN],
      { objectLock: { defaultRetentionDays: 40 } },
      'COUNTEREXAMPLE',
      /40 days/,
    ],
    ['success-untouched', { kind: 'untouched', scope: { prefix: 'lake/' } }, [CLEAN], {}, 'PROVED'],
    ['refuse-untouched-by-a-longer-prefix', { kind: 'untouched', scope: { prefix: 'g' } }, [CLEAN], {}, 'COUNTEREXAMPLE'],
    [
      'success-untouched-below-128-KiB',
      { kind: 'untouched', scope: { sizeLessThan: 131_072 } },
      [rule('r', '', { Transitions: [{ Days: 30, StorageClass: 'STANDARD_IA' }] })],
      {},
      'PROVED',
    ],
    [
      'refuse-untouched-exactly-128-KiB',
      { kind: 'untouched', scope: { sizeLessThan: 131_073 } },
      [rule('r', '', { Transitions: [{ Days: 30, StorageClass: 'STANDARD_IA' }] })],
      {},
      'COUNTEREXAMPLE',
    ],
    [
      'refuse-untouched-without-a-minimum-size',
      { kind: 'untouched', scope: { sizeLessThan: 131_072 } },
      [rule('r', '', { Transitions: [{ Days: 30, StorageClass: 'STANDARD_IA' }] })],
      { minimumSize: null },
      'COUNTEREXAMPLE',
    ],
    [
      'success-untouched-uploads-do-not-count',
      { kind: 'untouched' },
      [rule('r', '', { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } })],
      {},
      'PROVED',
    ],
    [
      'refuse-untouched-uploads-count',
      { kind: 'untouched', uploads: true },
      [rule('r', '', { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } })],
      {},
      'COUNTEREXAMPLE',
    ],
    ['success-locked-by-default', { kind: 'locked', until: { ageDays: 365 } }, [], { objectLock: { defaultRetentionDays: 365 } }, 'PROVED'],
    [
      'refuse-locked-without-default',
      { kind: 'locked', until: { ageDays: 1 } },
      [],
      { objectLock: { defaultRetentionDays: null } },
      'COUNTEREXAMPLE',
    ],
    ['refuse-locked-open', { kind: 'locked', until: { ageDays: 1 } }, [], { objectLock: 'unknown' }, 'INSUFFICIENT'],
    ['success-within', { kind: 'within', scope: { prefix: 'gdpr/' }, minDays: 20, maxDays: 30 }, [CLEAN], {}, 'PROVED'],
    ['refuse-within-too-soon', { kind: 'within', scope: { prefix: 'gdpr/' }, minDays: 21, maxDays: 30 }, [CLEAN], {}, 'COUNTEREXAMPLE'],
    ['refuse-within-too-late', { kind: 'within', scope: { prefix: 'gdpr/' }, minDays: 20, maxDays: 29 }, [CLEAN], {}, 'COUNTEREXAMPLE'],
  ])('%s', (_name, statement, rules, known, verdict, words) => {
    const proof = decide(statement, rules, known);
    expect(proof.verdict, JSON.stringify(proof.any)).toBe(verdict);
    if (words !== undefined) expect(`${proof.any?.basis} ${proof.any?.counterexample?.words}`).toMatch(words);
    expect(proof.any?.missing.length === 0).toBe(verdict !== 'INSUFFICIENT');
    expect(proof.any?.counterexample === null).toBe(verdict !== 'COUNTEREXAMPLE');
  });

  test('the counterexample is the soonest, then the shortest key, and names the rule', () => {
    const rules = [
      rule('late', '', { Expiration: { Days: 90 } }),
      rule('deep', 'a/b/c/', { Expiration: { Days: 30 } }),
      rule('near', 'a/', { Expiration: { Days: 30 } }),
      rule('foreign', 'a/b/', { Expiration: { Days: 31 } }),
    ];
    const { any } = decide({ kind: 'kept', until: { ageDays: 365 } }, rules, { versioning: 'unversioned' });
    expect(any?.counterexample).toMatchObject({
      key: 'a/',
      keyShape: 'a/*',
      ruleId: 'near',
      ageDays: 30,
      state: 'current',
      versionId: null,
    });
  });

  test.each(['\u202eevil/', 'emoji-\u{1F525}/', 'a+b/', '%2F/', 'a//b/', '=cmd', 'x'.repeat(1024)])(
    'hostile prefixes mean themselves: %j',
    (prefix) => {
      const rules = [rule('r', prefix, { Expiration: { Days: 3 } })];
      expect(decide({ kind: 'untouched', scope: { prefix } }, rules).verdict).toBe('COUNTEREXAMPLE');
      expect(decide({ kind: 'untouched', scope: { prefix: `!${prefix.slice(0, 900)}` } }, rules).verdict).toBe('PROVED');
    },
  );

  test('a statement of what nobody could write is proved: eleven tags, an empty range, a key too long', () => {
    const tags = Array.from({ length: 11 }, (_, at) => ({ Key: `t${at}`, Value: '' }));
    const all = [rule('r', '', { Expiration: { Days: 1 } })];
    expect(decide({ kind: 'untouched', scope: { tags } }, all).any?.basis).toContain('no version can ever match');
    expect(decide({ kind: 'untouched', scope: { sizeGreaterThan: 5, sizeLessThan: 6 } }, all).verdict).toBe('PROVED');
    expect(decide({ kind: 'untouched', scope: { prefix: 'x'.repeat(1025) } }, all).verdict).toBe('PROVED');
  });

  test('a category under a mixed prefix is open: a rule cannot tell it from its neighbours', () => {
    const statement = { kind: 'untouched', scope: { category: 'log' } } as const;
    expect(decide(statement, [rule('r', 'x/', { Expiration: { Days: 1 } })]).verdict).toBe('INSUFFICIENT');
    expect(decide(statement, []).verdict).toBe('PROVED');
  });

  test('without a snapshot only what holds for any key is proved for what exists', () => {
    const both = (statement: Unnamed): Verdict => decide({ ...statement, covers: 'both' }, []).verdict;
    expect(both({ kind: 'kept', until: { ageDays: 9 } })).toBe('PROVED');
    expect(both({ kind: 'untouched' })).toBe('PROVED');
    expect(both({ kind: 'kept', until: { date: '2030-01-01' } })).toBe('INSUFFICIENT');
    expect(decide({ kind: 'untouched', covers: 'existing' }, []).verdict).toBe('INSUFFICIENT');
  });

  test('every answer names what it rests on; "gone" says that S3 has no deadline', () => {
    expect(decide({ kind: 'gone', by: { ageDays: 1 } }, []).assumptions.join(' ')).toMatch(/stays as it is.*no deadline/s);
  });
});

describe('boxes', () => {
  const box = (scope: Partial<Parameters<typeof boxOf>[0]>) =>
    boxOf({ prefix: '', tags: [], sizeGreaterThan: null, sizeLessThan: null, ...scope });
  test('size bounds are exclusive in a filter and inclusive in a box', () => {
    expect(box({ sizeGreaterThan: 131_071, sizeLessThan: 131_073 })).toMatchObject({ sizeFrom: 131_072, sizeTo: 131_072 });
    expect(box({ sizeGreaterThan: 5, sizeLessThan: 6 })).toBeNull();
    expect(box({ sizeLessThan: 0 })).toBeNull();
  });
  test('two boxes meet where one prefix begins the other and no tag contradicts', () => {
    const a = box({ prefix: 'a/', tags: [{ key: 't', value: '1' }], sizeLessThan: 10 });
    const b = box({ prefix: 'a/b', tags: [{ key: 'u', value: '2' }], sizeGreaterThan: 4 });
    expect(a && b && intersect(a, b)).toEqual({
      prefix: 'a/b',
      tags: new Map([
        ['t', '1'],
        ['u', '2'],
      ]),
      sizeFrom: 5,
      sizeTo: 9,
    });
    const other = box({ tags: [{ key: 't', value: '2' }] });
    expect(a && other && intersect(a, other)).toBeNull();
    const elsewhere = box({ prefix: 'b' });
    expect(a && elsewhere && intersect(a, elsewhere)).toBeNull();
  });
});
