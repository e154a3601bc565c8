import type { Rule } from '../../../src/contract/lifecycle.ts';
import type { PlanConsent, Stage } from '../../../src/contract/plan.ts';
import type { PlainRow } from '../../support/index-rows.ts';

/** A prefix that every layer between a rule and a bucket has a chance to spoil. */
export const HOSTILE = 'ü &<>"\'+%2F=\u202e😀//';

/** What is in a bucket, what is planned for it, and what this server makes of that. */
export interface Configured {
  readonly name: string;
  /** What others wrote before. */
  readonly foreign: readonly Rule[];
  /** What was ours before. */
  readonly ours?: readonly Rule[];
  readonly policy: readonly Rule[];
  readonly stage?: Stage;
  readonly consents?: readonly PlanConsent[];
  /** Present where the server drops a part of the policy: how the difference is called, and the versions that only it would have deleted. */
  readonly drops?: { readonly words: string; readonly deletes: (row: PlainRow, rank: number) => boolean };
}

const enabled = (id: string, Prefix: string, actions: Partial<Rule>): Rule => ({
  ID: `isotherm/${id}`,
  Status: 'Enabled',
  Filter: { Prefix },
  ...actions,
});
const filtered = (id: string, Filter: NonNullable<Rule['Filter']>, actions: Partial<Rule>): Rule => ({
  ID: `isotherm/${id}`,
  Status: 'Enabled',
  Filter,
  ...actions,
});

const SCRATCH: Rule = {
  ID: 'ops: drop scratch',
  Status: 'Enabled',
  Filter: { Prefix: 'scratch/' },
  Expiration: { Days: 7 },
  AbortIncompleteMultipartUpload: { DaysAfterInitiation: 3 },
};
const TAGGED: Rule = {
  ID: 'team <b> & "c"',
  Status: 'Enabled',
  Filter: { And: { Prefix: `team/${HOSTILE}`, Tags: [{ Key: 'keep', Value: 'no & <never>' }] } },
  NoncurrentVersionExpiration: { NoncurrentDays: 11 },
};
const MOVED: Rule = {
  ID: 'finance',
  Status: 'Enabled',
  Filter: { Tag: { Key: 'cost-centre', Value: '42' } },
  Transitions: [{ Days: 40, StorageClass: 'STANDARD_IA' }],
};
const OFF: Rule = { ID: 'switched off', Status: 'Disabled', Filter: { Prefix: '' }, Expiration: { Days: 1 } };
const LEGACY: Rule = { ID: 'from 2014', Status: 'Enabled', Prefix: 'legacy/', Expiration: { Days: 3650 } };

const isCurrent = ({ state }: PlainRow): boolean => state === 'current';
const under =
  (prefix: string) =>
  ({ key }: PlainRow): boolean =>
    key.startsWith(prefix);

export const CONFIGURATIONS: readonly Configured[] = [
  { name: 'days', foreign: [SCRATCH], policy: [enabled('days', 'runs/', { Expiration: { Days: 90 } })] },
  { name: 'a date', foreign: [SCRATCH], policy: [enabled('date', 'runs/', { Expiration: { Date: '2028-02-29T00:00:00.000Z' } })] },
  { name: 'one move', foreign: [], policy: [enabled('move', 'runs/', { Transitions: [{ Days: 30, StorageClass: 'STANDARD_IA' }] })] },
  {
    name: 'moves step by step and an end',
    foreign: [SCRATCH, TAGGED],
    policy: [
      enabled('steps', 'runs/', {
        Transitions: [
          { Days: 30, StorageClass: 'STANDARD_IA' },
          { Days: 90, StorageClass: 'GLACIER' },
          { Days: 200, StorageClass: 'DEEP_ARCHIVE' },
        ],
        Expiration: { Days: 800 },
      }),
    ],
  },
  {
    name: 'noncurrent versions',
    foreign: [TAGGED],
    policy: [enabled('old', 'ckpt/', { NoncurrentVersionExpiration: { NoncurrentDays: 30 } })],
  },
  {
    name: 'noncurrent versions that move',
    foreign: [],
    policy: [
      enabled('old-move', 'ckpt/', {
        NoncurrentVersionTransitions: [{ NoncurrentDays: 10, StorageClass: 'GLACIER_IR' }],
        NoncurrentVersionExpiration: { NoncurrentDays: 100 },
      }),
    ],
  },
  {
    name: 'uploads',
    foreign: [SCRATCH, OFF],
    policy: [enabled('uploads', '', { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } })],
  },
  { name: 'delete markers', foreign: [MOVED], policy: [enabled('markers', 'ckpt/', { Expiration: { ExpiredObjectDeleteMarker: true } })] },
  {
    name: 'one tag',
    foreign: [SCRATCH],
    policy: [filtered('tag', { Tag: { Key: 'stage', Value: 'tmp ü&<' } }, { Expiration: { Days: 20 } })],
  },
  {
    name: 'a prefix and two tags',
    foreign: [TAGGED, MOVED],
    policy: [
      filtered(
        'tags',
        {
          And: {
            Prefix: 'runs/',
            Tags: [
              { Key: 'a', Value: '1' },
              { Key: 'b', Value: '' },
            ],
          },
        },
        { Expiration: { Days: 20 } },
      ),
    ],
  },
  { name: 'a hostile prefix', foreign: [TAGGED], policy: [enabled('hostile', HOSTILE, { Expiration: { Days: 50 } })] },
  {
    name: 'a rule switched off',
    foreign: [OFF],
    policy: [{ ...enabled('off', 'runs/', { Expiration: { Days: 1 } }), Status: 'Disabled' }],
  },
  {
    name: 'a stage that switches off',
    foreign: [SCRATCH],
    policy: [enabled('staged', 'runs/', { Expiration: { Days: 90 } })],
    stage: { name: 'disabled', canaryPrefix: null },
  },
  {
    name: 'a canary prefix',
    foreign: [SCRATCH],
    policy: [enabled('canary', '', { Expiration: { Days: 90 } })],
    stage: { name: 'canary', canaryPrefix: 'runs/' },
  },
  {
    name: 'ours of before, changed, dropped and added to',
    foreign: [SCRATCH, TAGGED, MOVED, OFF],
    ours: [enabled('one', 'runs/', { Expiration: { Days: 90 } }), enabled('two', 'ckpt/', { Expiration: { Days: 400 } })],
    policy: [enabled('one', 'runs/', { Expiration: { Days: 120 } }), enabled('three', 'tmp/', { Expiration: { Days: 3 } })],
  },
  {
    name: 'a rule in the older spelling beside ours',
    foreign: [LEGACY],
    policy: [enabled('beside', 'runs/', { Expiration: { Days: 90 } })],
    consents: ['convertLegacy'],
  },
  {
    name: 'the last rule goes',
    foreign: [],
    ours: [enabled('last', 'runs/', { Expiration: { Days: 90 } })],
    policy: [],
    consents: ['removeLastRule'],
  },
  {
    name: 'three hundred rules',
    foreign: [SCRATCH],
    policy: Array.from({ length: 300 }, (_, at) => enabled(`many-${at}`, `runs/${at}/`, { Expiration: { Days: 60 + at } })),
  },
  {
    name: 'a least size',
    foreign: [SCRATCH],
    policy: [filtered('large', { And: { Prefix: 'runs/', ObjectSizeGreaterThan: 1_000_000 } }, { Expiration: { Days: 30 } })],
    drops: {
      words: 'widened: size filter lost (ObjectSizeGreaterThan 1000000)',
      deletes: (row) => under('runs/')(row) && isCurrent(row) && row.sizeBytes <= 1_000_000,
    },
  },
  {
    name: 'a largest size, and nothing else',
    foreign: [TAGGED, OFF],
    policy: [filtered('small', { ObjectSizeLessThan: 1_000_000 }, { Expiration: { Days: 30 } })],
    drops: {
      words: 'widened: size filter lost (ObjectSizeLessThan 1000000)',
      deletes: (row) => isCurrent(row) && row.sizeBytes >= 1_000_000,
    },
  },
  {
    name: 'sizes from and to, ours of before beside it',
    foreign: [],
    ours: [enabled('before', 'ckpt/', { Expiration: { Days: 400 } })],
    policy: [
      enabled('before', 'ckpt/', { Expiration: { Days: 400 } }),
      filtered(
        'band',
        { And: { Prefix: 'runs/', ObjectSizeGreaterThan: 1_000, ObjectSizeLessThan: 1_000_000 } },
        { Expiration: { Days: 30 } },
      ),
    ],
    drops: {
      words: 'widened: size filter lost (ObjectSizeGreaterThan 1000)',
      deletes: (row) => under('runs/')(row) && isCurrent(row) && (row.sizeBytes <= 1_000 || row.sizeBytes >= 1_000_000),
    },
  },
  {
    name: 'some newer noncurrent versions stay',
    foreign: [SCRATCH],
    policy: [enabled('ranks', 'ckpt/', { NoncurrentVersionExpiration: { NoncurrentDays: 30, NewerNoncurrentVersions: 2 } })],
    drops: {
      words: 'NoncurrentVersionExpiration',
      deletes: (row, rank) => under('ckpt/')(row) && row.state === 'noncurrent' && rank <= 2,
    },
  },
  {
    name: 'some newer noncurrent versions stay unmoved',
    foreign: [MOVED],
    policy: [
      enabled('ranks-move', 'ckpt/', {
        NoncurrentVersionTransitions: [{ NoncurrentDays: 30, NewerNoncurrentVersions: 2, StorageClass: 'GLACIER' }],
      }),
    ],
    drops: { words: 'NoncurrentVersionTransitions', deletes: () => false },
  },
];
