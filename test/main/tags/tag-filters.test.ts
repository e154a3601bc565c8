import { join } from 'node:path';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import type { LifecycleConfiguration } from '../../../src/contract/lifecycle.ts';
import { METHODS, type ParamsIn } from '../../../src/contract/methods.ts';
import type { Result } from '../../../src/contract/result.ts';
import { policyHandlers } from '../../../src/main/engine/handlers/policy.ts';
import { changeIn } from '../../../src/main/index/small-changes.ts';
import { type TagRead, writeTags } from '../../../src/main/index/tags.ts';
import { daysAgo, inFolder, RESOURCES, row, writeIndex } from '../../support/index-rows.ts';

const GIB = 2 ** 30;
const context = {
  environment: { version: '0', dataDir: '', resourcesDir: RESOURCES, now: () => new Date(0) },
  signal: new AbortController().signal,
  progress: () => undefined,
};
const must = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
};
const simulate = async (params: ParamsIn<'policy.simulate'>) =>
  must(await policyHandlers['policy.simulate'](v.parse(METHODS['policy.simulate'].params, params), context));

const OLD = { lastModifiedMs: daysAgo(400), sizeBytes: GIB };
const POLICY: LifecycleConfiguration = {
  Rules: [
    {
      ID: 'cold',
      Status: 'Enabled',
      Filter: { And: { Prefix: 'runs/a', Tags: [{ Key: 'temperature', Value: 'cold' }] } },
      Transitions: [{ Days: 30, StorageClass: 'GLACIER' }],
    },
    { ID: 'gone', Status: 'Enabled', Filter: { Tag: { Key: 'keep', Value: 'no' } }, NoncurrentVersionExpiration: { NoncurrentDays: 5 } },
  ],
};
/** Ten keys that are cold, six that are not, four nobody knows of; of one of each kind an old version that need not be kept. */
const read = (key: string, versionId: string, ...tags: [string, string][]): TagRead => ({ key, versionId, tags });
const KEYS = Array.from({ length: 20 }, (_, i) => `runs/a${i}`);
const OTHERS = ['runs/b0', 'elsewhere'];
const ROWS = [...KEYS, ...OTHERS].flatMap((key, i) => [
  row(key, { ...OLD, versionId: 'now' }),
  ...(i % 7 === 0 ? [row(key, { ...OLD, versionId: 'old', state: 'noncurrent', lastModifiedMs: daysAgo(500) })] : []),
]);

test('both engines go by tags where they are known, and by neither end of the range there', () =>
  inFolder(async (folder) => {
    const index = join(folder, 'x.db');
    await writeIndex(index, ROWS);
    const both = async () => {
      const [cube, oracle] = [
        await simulate({ index, policy: POLICY, months: 3 }),
        await simulate({ index, policy: POLICY, months: 3, engine: 'oracle' }),
      ];
      expect({ ...cube, engine: '' }).toEqual({ ...oracle, engine: '' });
      return cube;
    };
    const unknown = await both();
    expect(unknown.effects.transitions).toEqual([]);
    expect(unknown.redFlags).toHaveLength(1);

    must(
      changeIn(index, (database) =>
        writeTags(database, 1, [
          ...KEYS.slice(0, 10).map((key) => read(key, 'now', ['team', 'ml'], ['temperature', 'cold'])),
          ...KEYS.slice(10, 16).map((key) => read(key, 'now', ['temperature', 'Cold'])),
          read('runs/a0', 'old', ['keep', 'no']),
          read('runs/a7', 'old', ['keep', 'yes']),
          read('runs/b0', 'now', ['temperature', 'cold']),
        ]),
      ),
    );
    const some = await both();
    expect(some.effects.transitions).toEqual([{ storageClass: 'GLACIER', versions: 10, bytes: 10 * GIB }]);
    expect(some.effects.expired).toEqual({ versions: 1, bytes: GIB });
    // Only the old versions nobody read the tags of could go besides.
    expect(some.redFlags).toEqual([expect.stringContaining('up to 2 more versions')]);
    expect(some.assumptions.some((words) => words.includes('rules that filter by tags'))).toBe(true);
    const explained = must(
      await policyHandlers['policy.explain'](
        v.parse(METHODS['policy.explain'].params, { index, policy: POLICY, key: 'runs/a0', months: 3 }),
        context,
      ),
    );
    expect(explained.versions.map(({ matchedBy }) => matchedBy)).toEqual([[0], [1]]);

    must(
      changeIn(index, (database) =>
        writeTags(
          database,
          1,
          ROWS.filter(
            ({ key, versionId }) =>
              !(versionId === 'now' && KEYS.indexOf(key) < 16 && KEYS.includes(key)) && !(versionId === 'old' && key === 'runs/a0'),
          ).map(({ key, versionId }) => read(key, versionId)),
        ),
      ),
    );
    const all = await both();
    expect(all.effects.transitions).toEqual(some.effects.transitions);
    expect(all.redFlags).toEqual([]);
    expect(all.assumptions.some((words) => words.includes('rules that filter by tags'))).toBe(false);
  }));
