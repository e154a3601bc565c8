import { join } from 'node:path';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import type { LifecycleConfiguration } from '../../../src/contract/lifecycle.ts';
import { METHODS, type ParamsIn } from '../../../src/contract/methods.ts';
import type { Result } from '../../../src/contract/result.ts';
import type { CallContext } from '../../../src/main/engine/handler.ts';
import { applyHandlers } from '../../../src/main/engine/handlers/apply.ts';
import { policyHandlers } from '../../../src/main/engine/handlers/policy.ts';
import { daysAgo, inFolder, META, RESOURCES, row, writeIndex } from '../../support/index-rows.ts';

const GIB = 1_073_741_824;
const call = (folder: string): CallContext => ({
  environment: { version: '0.0.0', dataDir: folder, resourcesDir: RESOURCES, now: () => new Date() },
  signal: new AbortController().signal,
  progress: () => undefined,
});
const must = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
};

const simulate = (params: ParamsIn<'policy.simulate'>, context: CallContext) =>
  policyHandlers['policy.simulate'](v.parse(METHODS['policy.simulate'].params, params), context);

test('a prefix that cuts inside names acts on those keys alone', () =>
  inFolder(async (folder) => {
    const index = join(folder, 'x.db');
    const old = { lastModifiedMs: daysAgo(400), sizeBytes: GIB };
    await writeIndex(index, [row('a/log-1', old), row('a/log-2', old), row('a/model', old), row('a/logs/deep', old), row('a/lo', old)]);
    const policy: LifecycleConfiguration = {
      Rules: [{ ID: 'r', Status: 'Enabled', Filter: { Prefix: 'a/log' }, Transitions: [{ Days: 30, StorageClass: 'GLACIER' }] }],
    };
    const simulation = must(await simulate({ index, policy, months: 3 }, call(folder)));
    expect(v.safeParse(METHODS['policy.simulate'].result, simulation).success).toBe(true);
    expect(simulation.effects.transitions).toEqual([{ storageClass: 'GLACIER', versions: 3, bytes: 3 * GIB }]);
    expect(simulation).toMatchObject({ region: 'us-east-1', regionAssumed: false });
  }));

test('a preset finds its prefixes in an index, and its answer keeps the contract', () =>
  inFolder(async (folder) => {
    const index = join(folder, 'x.db');
    const replaced = { state: 'noncurrent' as const, versionId: 'u', lastModifiedMs: daysAgo(90) };
    await writeIndex(index, [
      row('out/run1/checkpoint-500/trainer_state.json'),
      row('out/run1/checkpoint-500/trainer_state.json', replaced),
      row('notes/readme'),
    ]);
    const made = must(await policyHandlers['policy.recommend']({ index, preset: 'ml-basics' }, call(folder)));
    expect(v.safeParse(METHODS['policy.recommend'].result, made).success).toBe(true);
    expect(made.rules).toMatchObject([{ category: 'checkpoint', versions: 2 }]);
    const simulation = must(await simulate({ index, policy: made.policy, months: 12 }, call(folder)));
    expect(simulation.effects.expired).toEqual({ versions: 1, bytes: 1000 });
  }));

test('an unnamed region is taken from the snapshot, and a named one without prices is refused', () =>
  inFolder(async (folder) => {
    const index = join(folder, 'x.db');
    await writeIndex(index, [row('a')]);
    const refused = await simulate({ index, policy: { Rules: [] }, months: 1, region: 'nowhere' }, call(folder));
    expect(refused.ok ? '' : refused.error.code).toBe('RegionUnknown');
    const missing = await policyHandlers['policy.recommend']({ index: join(folder, 'no.db'), preset: 'ml-basics' }, call(folder));
    expect(missing.ok ? '' : missing.error.code).toBe('IndexNotFound');
    expect(must(await applyHandlers['journal.list']({}, call(folder)))).toEqual([]);
  }));

test('the money alone is that of a simulation, and what questions share stays prepared', () =>
  inFolder(async (folder) => {
    const index = join(folder, 'x.db');
    const old = { lastModifiedMs: daysAgo(400), sizeBytes: GIB };
    await writeIndex(index, [
      row('a/log-1', old),
      row('a/model', old),
      row('b/x', old),
      row('a/ver', old),
      row('a/ver', { ...old, state: 'noncurrent', lastModifiedMs: daysAgo(420) }),
    ]);
    const policyOf = (prefix: string, days: number, newer: object = {}): LifecycleConfiguration => ({
      Rules: [
        {
          ID: 'r',
          Status: 'Enabled',
          Filter: { Prefix: prefix },
          Transitions: [{ Days: days, StorageClass: 'GLACIER' }],
          NoncurrentVersionExpiration: { NoncurrentDays: days + 5, ...newer },
        },
      ],
    });
    const ask = async (policy: LifecycleConfiguration, more: object = {}) => {
      const params = { index, policy, months: 14, asOf: '2026-11-20', ...more };
      const brief = must(await policyHandlers['policy.whatIf'](v.parse(METHODS['policy.whatIf'].params, params), call(folder)));
      expect(v.safeParse(METHODS['policy.whatIf'].result, brief).success).toBe(true);
      const whole = must(await simulate(params, call(folder)));
      expect(whole).toMatchObject({ months: brief.months, totals: brief.totals, asOf: brief.asOf, region: brief.region });
      return brief.prepared;
    };
    expect(await ask(policyOf('a/', 30))).toBe('scopes');
    for (const days of [31, 390, 401, 420, 500]) expect(await ask(policyOf('a/', days))).toBe('thresholds');
    expect(await ask(policyOf('a/log', 30))).toBe('scopes');
    expect(await ask(policyOf('a/log', 420))).toBe('thresholds');
    expect(await ask(policyOf('a/', 30, { NewerNoncurrentVersions: 1 }))).toBe('scopes');
    expect(await ask(policyOf('a/', 30, { NewerNoncurrentVersions: 3 }))).toBe('thresholds');
    // Another baseline, another discount, other reads of the same.
    expect(await ask(policyOf('a/', 30, { NewerNoncurrentVersions: 3 }), { discountPercent: '10' })).toBe('scopes');
    expect(await ask(policyOf('a/', 31, { NewerNoncurrentVersions: 3 }), { discountPercent: '10', reads: '20' })).toBe('thresholds');
    const current = { configuration: policyOf('b/', 10), minimumSize: null };
    expect(await ask(policyOf('a/', 31), { current })).toBe('scopes');
    expect(await ask(policyOf('a/', 99), { current })).toBe('thresholds');
    expect(await ask(policyOf('a/', 99), { current, versioning: 'suspended' })).toBe('scopes');
    await writeIndex(index, [row('a/other', old)], { meta: { ...META, asOfMs: META.asOfMs + 1 } });
    expect(await ask(policyOf('a/', 99), { current, versioning: 'suspended' })).toBe('scopes');
  }));

test('refuse-the money alone without a price', () =>
  inFolder(async (folder) => {
    const index = join(folder, 'x.db');
    await writeIndex(index, [row('a', { storageClass: 'SNOW' })]);
    const params = { index, policy: { Rules: [] }, region: 'us-east-1' };
    const refused = await policyHandlers['policy.whatIf'](v.parse(METHODS['policy.whatIf'].params, params), call(folder));
    expect(refused).toMatchObject({ ok: false, error: { code: 'PriceMissing', field: 'SNOW' } });
  }));
