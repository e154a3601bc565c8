import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { MethodName, ParamsIn, ResultOf } from '../../src/contract/methods.ts';
import type { Result } from '../../src/contract/result.ts';
import { createDispatch } from '../../src/main/engine/dispatch.ts';
import { HANDLERS } from '../../src/main/engine/handlers/index.ts';
import { RESOURCES } from '../support/index-rows.ts';

const NOW = new Date('2026-11-22T12:00:00.000Z');

/** Calls a method as a shell would, heavy ones on this thread too. */
export async function call<M extends MethodName>(method: M, params: ParamsIn<M>, dataDir: string): Promise<Result<ResultOf<M>>> {
  mkdirSync(dataDir, { recursive: true });
  const environment = { version: 'test', dataDir: join(dataDir, 'data'), resourcesDir: RESOURCES, now: () => NOW };
  const dispatch = createDispatch({ environment, handlers: HANDLERS, log: (line) => void process.stderr.write(`${line}\n`) });
  const { signal } = new AbortController();
  return (await dispatch({
    method,
    params,
    signal,
    pause: { paused: false, subscribe: () => () => undefined },
    progress: () => undefined,
  } as never)) as Result<ResultOf<M>>;
}

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

/** Questions to an index whose answers must not depend on where its rows lie. */
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
  ['policy.simulate', { policy: POLICY, months: 24, excludeUnpriced: true }],
  ['policy.simulate', { policy: { Rules: POLICY.Rules.slice(0, 2) }, months: 12, excludeUnpriced: true }],
  ['tree.children', { prefix: '' }],
  ['tree.children', { prefix: 'checkpoints/', sort: 'name', descending: false }],
  ['index.summary', { by: 'category', prefix: 'checkpoints/l' }],
];
