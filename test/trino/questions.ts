import type { MethodName } from '../../src/contract/methods.ts';

const POLICY = {
  Rules: [
    {
      ID: 'cold',
      Status: 'Enabled' as const,
      Filter: { Prefix: '' },
      Transitions: [{ Days: 90, StorageClass: 'GLACIER_IR' }],
      NoncurrentVersionExpiration: { NoncurrentDays: 30 },
    },
    { ID: 'logs', Status: 'Enabled' as const, Filter: { Prefix: 'logs/' }, Expiration: { Days: 180 } },
    { ID: 'markers', Status: 'Enabled' as const, Filter: { Prefix: 'checkpoints/' }, Expiration: { ExpiredObjectDeleteMarker: true } },
    {
      ID: 'ranks',
      Status: 'Enabled' as const,
      Filter: { Prefix: 'models/' },
      NoncurrentVersionExpiration: { NoncurrentDays: 7, NewerNoncurrentVersions: 1 },
    },
    {
      ID: 'sizes',
      Status: 'Enabled' as const,
      Filter: { And: { Prefix: 'datasets/', ObjectSizeGreaterThan: 1_000_000 } },
      Transitions: [{ Days: 60, StorageClass: 'STANDARD_IA' }],
    },
    { ID: 'cut', Status: 'Enabled' as const, Filter: { Prefix: 'experiments/a' }, Expiration: { Days: 400 } },
  ],
};
const PLAIN = { Rules: POLICY.Rules.slice(0, 2) };
const minimumSize = 'all_storage_classes_128K';
const OWNERS = {
  format: 'isotherm-owners/1',
  rules: [
    { prefix: 'checkpoints/', team: 'training' },
    { prefix: 'datasets/', team: 'data' },
    { prefix: 'experiments/a', team: 'research' },
  ],
};
const SCHEDULES = {
  format: 'isotherm-retention/1',
  schedules: [
    { id: 'models', minDays: 365, scopes: [{ prefix: 'models/' }] },
    { id: 'logs', maxDays: 200, scopes: [{ prefix: 'logs/' }] },
  ],
  review: null,
};
const facts = { versioning: 'enabled', objectLock: 'none', replication: 'none' };
const STATEMENTS = [
  { id: 'models', kind: 'kept', scope: { prefix: 'models/' }, until: { ageDays: 365 } },
  { id: 'logs', kind: 'gone', scope: { prefix: 'logs/' }, by: { date: '2028-01-01' } },
  { id: 'sizes', kind: 'untouched', scope: { prefix: 'datasets/' } },
  { id: 'everything', kind: 'kept', until: { ageDays: 20 } },
];

/** Questions to an index whose answers must not depend on where its rows lie: those that cells and units answer first, then those that need rows. */
export const QUESTIONS: readonly (readonly [MethodName, object])[] = [
  ...(['category', 'storageClass', 'age', 'state', 'prefix'] as const).map((by) => ['index.summary', { by }] as const),
  ['index.summary', { by: 'prefix', prefix: 'checkpoints/' }],
  ['index.pivot', { row: 'category', column: 'storageClass' }],
  ['index.pivot', { row: 'prefix', column: 'age' }],
  ['index.ages', {}],
  ['tree.map', { prefix: '', depth: 4, limit: 2000 }],
  ['policy.recommend', { preset: 'ml-basics' }],
  ['units.groups', { kinds: ['checkpoint', 'dataset', 'experiment', 'log', 'model'], limit: 1000 }],
  ['units.list', { limit: 1000 }],
  ['units.list', { limit: 1000, sort: 'bytes', descending: false }],
  ['checkpoints.board', {}],
  ['recommend.list', { limit: 1000 }],
  ['policy.breakEven', {}],
  ['owners.unitCosts', { file: OWNERS, per: 'run' }],
  ['owners.top', { file: OWNERS }],
  ['index.sql', { sql: 'SELECT path, versions, bytes FROM directories ORDER BY path LIMIT 500' }],
  ['index.sql', { sql: 'SELECT kind, count(*) AS units, sum(bytes) AS bytes FROM units GROUP BY kind ORDER BY kind' }],
  [
    'scenario.compile',
    {
      name: 'x',
      intents: [
        { id: 'logs', target: 'log', act: 'expire', days: 90 },
        { id: 'old', target: 'any', act: 'expireNoncurrent', days: 30 },
      ],
    },
  ],
  ['policy.simulate', { policy: POLICY, months: 24, excludeUnpriced: true }],
  ['policy.simulate', { policy: PLAIN, months: 12, excludeUnpriced: true }],
  ['policy.simulate', { policy: PLAIN, months: 12, excludeUnpriced: true, reads: '20' }],
  ['policy.stateAt', { policy: POLICY, date: '2027-03-01', excludeUnpriced: true }],
  ['prove.check', { configuration: POLICY, facts, statements: STATEMENTS }],
  ['prove.check', { configuration: PLAIN, facts, statements: STATEMENTS }],
  ['prove.check', { configuration: null, statements: STATEMENTS }],
  ['retention.coverage', { configuration: PLAIN, facts, file: SCHEDULES }],
  ['restore.drill', { prefix: '', days: 7 }],
  ['tree.children', { prefix: '' }],
  ['tree.children', { prefix: 'checkpoints/', sort: 'name', descending: false }],
  ['index.summary', { by: 'category', prefix: 'checkpoints/l' }],
  ['owners.costs', { file: OWNERS }],
  [
    'budget.check',
    {
      file: OWNERS,
      budgets: { format: 'isotherm-budgets/1', budgets: [{ owner: 'data', monthlyUsd: '5' }] },
      current: { configuration: PLAIN, minimumSize },
    },
  ],
  ['report.manager', { policy: PLAIN, owners: { file: OWNERS }, excludeUnpriced: true }],
  ['policy.impact', { current: { configuration: PLAIN, minimumSize }, proposed: { configuration: POLICY, minimumSize } }],
  ['recommend.duplicates', { leastBytes: 1 }],
];

/** Questions that go through every row by themselves: where rows lie elsewhere they say so and give no part of an answer. */
export const ROW_QUESTIONS: readonly (readonly [MethodName, object])[] = [
  ['objects.search', { text: 'checkpoint' }],
  ['index.sql', { sql: 'SELECT count(key) AS versions FROM objects' }],
];

/** Questions about one key, as the two indexes list it. */
export const keyQuestions = (key: string): readonly (readonly [MethodName, object])[] => [
  ['objects.show', { key }],
  ['policy.explain', { policy: POLICY, key, excludeUnpriced: true }],
  ['classify.explain', { key }],
];
