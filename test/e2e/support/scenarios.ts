import type { Rule, Tag } from '../../../src/contract/lifecycle.ts';

/** One write into a scenario's bucket, in order. */
export type Write =
  | { readonly kind: 'put'; readonly key: string; readonly sizeBytes?: number; readonly tags?: readonly Tag[]; readonly isLocked?: boolean }
  | { readonly kind: 'delete'; readonly key: string }
  | { readonly kind: 'upload'; readonly key: string };

export interface Scenario {
  readonly name: string;
  readonly versioning: 'unversioned' | 'enabled';
  readonly hasLock?: boolean;
  /** Ceph is seen to leave one delete marker behind that an Expiration by days removes on S3. */
  readonly mayLeaveMarker?: boolean;
  readonly rules: readonly Rule[];
  readonly writes: readonly Write[];
}

const rule = (ID: string, Prefix: string, actions: Partial<Rule>): Rule => ({ ID, Status: 'Enabled', Filter: { Prefix }, ...actions });
const to = (StorageClass: string, Days: number) => ({ Days, StorageClass });
const put = (key: string, more: { sizeBytes?: number; tags?: readonly Tag[]; isLocked?: boolean } = {}): Write => ({
  kind: 'put',
  key,
  ...more,
});
const remove = (key: string): Write => ({ kind: 'delete', key });
const TAG: Tag = { Key: 'class', Value: 'cold data' };

/** What a server that runs lifecycle rules is asked to do, all at the same time. No rule is later than four days. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'a chain of transitions',
    versioning: 'unversioned',
    rules: [rule('chain', 'data/', { Transitions: [to('STANDARD_IA', 1), to('GLACIER', 2), to('DEEP_ARCHIVE', 3)] })],
    writes: [put('data/a', { sizeBytes: 1000 }), put('data/b'), put('data2/a'), put('other')],
  },
  {
    name: 'a chain that ends in expiration',
    versioning: 'unversioned',
    rules: [
      rule('chain', 'tmp/', { Transitions: [to('GLACIER_IR', 1)], Expiration: { Days: 3 } }),
      rule('move', 'keep/', { Transitions: [to('ONEZONE_IA', 2)] }),
    ],
    writes: [put('tmp/a'), put('tmp/b/c'), put('keep/a'), put('tmp')],
  },
  {
    name: 'noncurrent versions move, then go',
    versioning: 'enabled',
    rules: [
      rule('old', 'runs/', {
        NoncurrentVersionTransitions: [{ NoncurrentDays: 1, StorageClass: 'GLACIER' }],
        NoncurrentVersionExpiration: { NoncurrentDays: 3 },
      }),
      rule('moves', 'models/', { NoncurrentVersionTransitions: [{ NoncurrentDays: 1, StorageClass: 'STANDARD_IA' }] }),
    ],
    writes: [put('runs/a'), put('runs/a'), put('runs/a'), put('models/a'), put('models/a'), put('free'), put('free')],
  },
  {
    name: 'current versions expire behind delete markers',
    versioning: 'enabled',
    rules: [rule('hide', 'logs/', { Expiration: { Days: 2 } })],
    writes: [put('logs/a'), put('logs/b'), put('logs/b'), put('other')],
  },
  {
    name: 'everything goes, delete markers last',
    versioning: 'enabled',
    mayLeaveMarker: true,
    rules: [rule('clean', '', { Expiration: { Days: 1 }, NoncurrentVersionExpiration: { NoncurrentDays: 1 } })],
    writes: [put('a'), put('c'), remove('c'), put('d'), put('e')],
  },
  {
    name: 'several versions go, delete markers last',
    versioning: 'enabled',
    mayLeaveMarker: true,
    rules: [rule('clean', '', { Expiration: { Days: 1 }, NoncurrentVersionExpiration: { NoncurrentDays: 1 } })],
    writes: [put('a'), put('a'), put('b'), put('b'), put('b'), put('c')],
  },
  {
    name: 'delete markers with nothing behind them',
    versioning: 'enabled',
    rules: [
      rule('markers', 'old/', { Expiration: { ExpiredObjectDeleteMarker: true }, NoncurrentVersionExpiration: { NoncurrentDays: 1 } }),
    ],
    writes: [put('old/a'), remove('old/a'), put('old/b'), put('old/b'), remove('old/b'), put('old/c'), put('new/a'), remove('new/a')],
  },
  {
    name: 'tags',
    versioning: 'unversioned',
    rules: [
      { ID: 'tagged', Status: 'Enabled', Filter: { Tag: TAG }, Transitions: [to('GLACIER', 1)] },
      {
        ID: 'both',
        Status: 'Enabled',
        Filter: { And: { Prefix: 'tmp/', Tags: [TAG, { Key: 'team', Value: 'a' }] } },
        Expiration: { Days: 2 },
      },
    ],
    writes: [
      put('a', { tags: [TAG] }),
      put('b', { tags: [{ Key: 'class', Value: 'hot' }] }),
      put('c'),
      put('tmp/a', { tags: [TAG, { Key: 'team', Value: 'a' }] }),
      put('tmp/b', { tags: [TAG] }),
    ],
  },
  {
    name: 'incomplete uploads',
    versioning: 'unversioned',
    rules: [rule('abort', 'up/', { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } })],
    writes: [{ kind: 'upload', key: 'up/a' }, { kind: 'upload', key: 'stay/a' }, put('up/done')],
  },
  {
    name: 'locked versions stay',
    versioning: 'enabled',
    hasLock: true,
    rules: [rule('old', '', { NoncurrentVersionExpiration: { NoncurrentDays: 1 } })],
    writes: [put('a', { isLocked: true }), put('a'), put('b'), put('b')],
  },
  {
    name: 'disabled rules do nothing',
    versioning: 'unversioned',
    rules: [
      { ...rule('off', '', { Expiration: { Days: 1 } }), Status: 'Disabled' },
      rule('on', 'data/', { Transitions: [to('GLACIER', 1)] }),
    ],
    writes: [put('data/a'), put('other')],
  },
  {
    name: 'rules that overlap: the shorter expiration, and expiration before a later transition',
    versioning: 'unversioned',
    rules: [
      rule('all', '', { Transitions: [to('GLACIER', 3)] }),
      rule('logs', 'logs/', { Expiration: { Days: 1 } }),
      rule('logs-later', 'logs/app/', { Expiration: { Days: 4 } }),
    ],
    writes: [put('logs/a'), put('logs/app/a'), put('data/a')],
  },
  {
    name: 'a prefix that ends inside names',
    versioning: 'unversioned',
    rules: [rule('cut', 'data/part-0', { Expiration: { Days: 1 } })],
    writes: [put('data/part-00'), put('data/part-01'), put('data/part-1'), put('data/part-0/x')],
  },
];
