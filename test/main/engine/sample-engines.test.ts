import * as v from 'valibot';
import { afterAll, expect, test } from 'vitest';
import { METHODS, type ResultOf } from '../../../src/contract/methods.ts';
import type { CallContext } from '../../../src/main/engine/handler.ts';
import { policyHandlers } from '../../../src/main/engine/handlers/policy.ts';
import { answer, bareEnvironment, scratch } from '../../support/command-line.ts';
import { RESOURCES } from '../../support/index-rows.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const folder = scratch('sample-engines');
afterAll(folder.remove);

/** A share of the built-in sample in `npm test`; 200,000 versions in a deep run. */
const VERSIONS = propertyRuns(1000, 200_000);

const POLICY = {
  Rules: [
    { ID: 'all', Status: 'Enabled', Filter: { Prefix: '' }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
    {
      ID: 'data',
      Status: 'Enabled',
      Filter: { Prefix: 'd' },
      Transitions: [
        { Days: 30, StorageClass: 'STANDARD_IA' },
        { Days: 200, StorageClass: 'GLACIER' },
        { Days: 400, StorageClass: 'DEEP_ARCHIVE' },
      ],
    },
    {
      ID: 'large',
      Status: 'Enabled',
      Filter: { And: { Prefix: 'e', ObjectSizeGreaterThan: 1_000_000 } },
      Transitions: [{ Days: 10, StorageClass: 'GLACIER_IR' }],
      Expiration: { Days: 700 },
    },
    {
      ID: 'old',
      Status: 'Enabled',
      Filter: { Prefix: '' },
      Expiration: { Days: 1000 },
      NoncurrentVersionTransitions: [{ NoncurrentDays: 30, NewerNoncurrentVersions: 1, StorageClass: 'STANDARD_IA' }],
      NoncurrentVersionExpiration: { NoncurrentDays: 90, NewerNoncurrentVersions: 2 },
    },
    { ID: 'tiers', Status: 'Enabled', Filter: { Prefix: 'm' }, Transitions: [{ Days: 60, StorageClass: 'INTELLIGENT_TIERING' }] },
  ],
};

test(`both engines tell the same of ${VERSIONS.toLocaleString('en-US')} versions of the sample for 36 months`, async () => {
  const environment = bareEnvironment(folder.path('home'));
  const [report, index] = [folder.path('report'), folder.path('x.db')];
  await answer(['sample', '--out', report, '--versions', String(VERSIONS), '--seed', '11'], environment);
  await answer(['scan', report, '--index', index], environment);
  // In this process: the oracle takes its time.
  const context: CallContext = {
    environment: { version: '0.0.0', dataDir: folder.path('home'), resourcesDir: RESOURCES, now: () => new Date() },
    signal: new AbortController().signal,
    progress: () => undefined,
  };
  const told = { index, policy: POLICY, region: 'us-east-1' };
  const ask = async <M extends 'policy.simulate' | 'policy.stateAt'>(method: M, engine: 'oracle' | 'cube', more: object) => {
    const result = await policyHandlers[method](v.parse(METHODS[method].params, { ...told, engine, ...more }) as never, context);
    if (!result.ok) throw new Error(result.error.message);
    return result.value as ResultOf<M>;
  };
  const oracle = await ask('policy.simulate', 'oracle', { months: 36 });
  const cube = await ask('policy.simulate', 'cube', { months: 36 });
  expect({ ...oracle, engine: 'cube' }).toEqual(cube);
  // It is not for want of anything to do that they agree.
  expect(cube.effects.transitions.length).toBeGreaterThanOrEqual(4);
  expect(cube.effects.expired.versions).toBeGreaterThan(0);
  const day = { date: '2029-06-15' };
  expect(await ask('policy.stateAt', 'oracle', day)).toEqual(await ask('policy.stateAt', 'cube', day));
}, 3_600_000);
