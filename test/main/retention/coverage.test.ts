import { join } from 'node:path';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import type { Rule } from '../../../src/contract/lifecycle.ts';
import { RETENTION_METHODS } from '../../../src/contract/methods/retention.ts';
import type { Coverage, Schedule } from '../../../src/contract/retention.ts';
import type { Classifier } from '../../../src/core/classify/classifier.ts';
import type { EngineEnvironment } from '../../../src/main/engine/handler.ts';
import { retentionHandlers } from '../../../src/main/engine/handlers/retention.ts';
import { loadClassifier } from '../../../src/main/index/load-classifier.ts';
import { daysAgo, inFolder, type PlainRow, RESOURCES, row, writeIndex } from '../../support/index-rows.ts';

const environment: EngineEnvironment = {
  version: '0',
  dataDir: '/nowhere',
  resourcesDir: RESOURCES,
  now: () => new Date('2026-11-22T10:00:00.000Z'),
};
const context = { environment, signal: new AbortController().signal, progress: () => {} };
const RULES: Rule[] = [
  { ID: 'isotherm/logs', Status: 'Enabled', Filter: { Prefix: 'logs/' }, Expiration: { Days: 400 } },
  { ID: 'tf-train', Status: 'Enabled', Filter: { Prefix: 'logs/train/' }, Expiration: { Days: 180 } },
];
type Given = Omit<Schedule, 'overwrites' | 'scopes'> & { readonly scopes: readonly object[] };

async function cover(schedules: readonly Given[], rows: readonly PlainRow[] | null, rest: object = {}): Promise<Coverage> {
  return inFolder(async (folder) => {
    const index = rows === null ? {} : { index: join(folder, 'x.db') };
    if (rows !== null) await writeIndex(join(folder, 'x.db'), rows);
    const params = v.parse(RETENTION_METHODS['retention.coverage'].params, {
      ...index,
      configuration: { Rules: RULES },
      facts: { versioning: 'unversioned', objectLock: 'none', replication: 'none' },
      file: { format: 'isotherm-retention/1', schedules, review: null },
      ...rest,
    });
    const result = await retentionHandlers['retention.coverage'](params, context);
    if (!result.ok) throw new Error(`${result.error.code} ${result.error.field ?? ''}: ${result.error.message}`);
    return result.value;
  });
}

const cellOf = (coverage: Coverage, scheduleId: string, label: string) =>
  coverage.cells.find((cell) => cell.scheduleId === scheduleId && coverage.places[cell.place]?.label === label);

describe('coverage', () => {
  const schedules: Given[] = [
    { id: 'ai-logs', regime: 'eu-ai-act-logs', scopes: [{ prefix: 'logs/' }, { prefix: 'logs/train/' }] },
    { id: 'erase', maxDays: 180, scopes: [{ prefix: 'logs/train/' }] },
  ];

  test('a matrix of schedules and places: what holds, and the smallest thing that breaks what does not', async () => {
    const coverage = await cover(schedules, null, { asOf: '2026-11-22' });
    // 180 days are fewer than half a year at its longest: the narrower, shorter rule decides under the wider schedule too.
    expect(cellOf(coverage, 'ai-logs', 'logs/')?.verdict).toBe('COUNTEREXAMPLE');
    expect(cellOf(coverage, 'ai-logs', 'logs/')?.proofs[0]?.any?.counterexample).toMatchObject({
      ruleId: 'tf-train',
      key: 'logs/train/',
      ageDays: 180,
    });
    expect(cellOf(coverage, 'erase', 'logs/train/')?.proofs[0]?.any?.verdict).toBe('PROVED');
    expect(cellOf(coverage, 'erase', 'logs/')).toBeUndefined();
    expect(coverage.counts).toEqual({ PROVED: 0, COUNTEREXAMPLE: 2, INSUFFICIENT: 1 });
  });

  test('the effective rule of a place: foreign rules count, the shorter wins', async () => {
    const { places } = await cover(schedules, null);
    const train = places.find(({ label }) => label === 'logs/train/');
    expect(train).toMatchObject({ removedFromDays: 180, removedByRule: 'tf-train', goneByDays: 180, isKnown: true });
    expect(train?.rules.map(({ ruleId, owner, reaches, wins }) => [ruleId, owner, reaches, wins])).toEqual([
      ['tf-train', 'foreign', 'all', true],
      ['isotherm/logs', 'isotherm', 'all', false],
    ]);
    const logs = places.find(({ label }) => label === 'logs/');
    expect(logs).toMatchObject({ removedFromDays: 180, goneByDays: 400 });
    expect(logs?.rules.map(({ ruleId, reaches, wins }) => [ruleId, reaches, wins])).toEqual([
      ['tf-train', 'some', true],
      ['isotherm/logs', 'all', true],
    ]);
  });

  test('schedules that cannot both be met are told, and where they meet', async () => {
    const { conflicts } = await cover([{ id: 'keep', minDays: 365, scopes: [{ prefix: 'logs/' }] }, ...schedules.slice(1)], null);
    expect(conflicts).toEqual([{ first: 'keep', second: 'erase', label: 'logs/train/', words: expect.stringContaining('365 days') }]);
  });

  test('locks are asked for where records are WORM', async () => {
    const { cells } = await cover(
      [{ id: 'w', minDays: 30, worm: true, scopes: [{ prefix: 'm/' }] }],
      [row('m/a'), row('m/b', { retainUntilMs: daysAgo(-400) })],
      {
        facts: { versioning: 'enabled', objectLock: { defaultRetentionDays: 30 }, replication: 'none' },
      },
    );
    const lock = cells[0]?.proofs.find(({ statement }) => statement.kind === 'locked');
    expect(lock?.any?.verdict).toBe('PROVED');
    expect(lock?.existing?.counterexample).toMatchObject({ key: 'm/a', versions: 1 });
  });

  test('what lies under no schedule is what no scope takes in, row by row', async () => {
    const loaded = loadClassifier(RESOURCES);
    if (!loaded.ok) throw new Error(loaded.error.message);
    const classifier: Classifier = loaded.value;
    const keys = fc.constantFrom(
      'logs/a',
      'logs/train/b',
      'lo',
      'x/y/z',
      'x/yy',
      'x/y',
      'root',
      '=1',
      'data/train-00001.tar',
      'checkpoints/run/checkpoint-5/model.safetensors',
    );
    const prefixes = fc.constantFrom('', 'logs/', 'lo', 'x/y', 'x/y/', 'nowhere/', 'checkpoints/run/che');
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(keys, { minLength: 1 }),
        fc.array(fc.record({ prefix: prefixes, checkpointsOnly: fc.boolean() }), { minLength: 1, maxLength: 3 }),
        async (all, scopes) => {
          const rows = all.map((key, at) => row(key, { sizeBytes: 10 + at }));
          const { gaps } = await cover(
            [
              {
                id: 's',
                minDays: 1,
                scopes: scopes.map(({ prefix, checkpointsOnly }) => ({ prefix, ...(checkpointsOnly ? { category: 'checkpoint' } : {}) })),
              },
            ],
            rows,
          );
          const expected = new Map<string, { versions: number; bytes: number }>();
          for (const { key, sizeBytes } of rows) {
            const isCheckpoint = classifier.classify(key).kind.startsWith('checkpoint');
            if (scopes.some(({ prefix, checkpointsOnly }) => key.startsWith(prefix) && (!checkpointsOnly || isCheckpoint))) continue;
            const first = key.includes('/') ? key.slice(0, key.indexOf('/') + 1) : '';
            const gap = expected.get(first) ?? { versions: 0, bytes: 0 };
            expected.set(first, { versions: gap.versions + 1, bytes: gap.bytes + sizeBytes });
          }
          expect(new Map(gaps?.map(({ prefix, ...gap }) => [prefix, gap]))).toEqual(expected);
        },
      ),
      { seed: 5, numRuns: 40 },
    );
  });
});

describe('a file of schedules', () => {
  const file = {
    format: 'isotherm-retention/1' as const,
    schedules: [{ id: 'a', regime: 'pci-audit-logs', scopes: [{ prefix: 'logs/' }] }],
    review: null,
  };

  test('once reviewed says so, and a later change shows', async () => {
    const params = v.parse(RETENTION_METHODS['retention.review'].params, { file, by: 'Rita' });
    const reviewed = await retentionHandlers['retention.review'](params, context);
    if (!reviewed.ok) throw new Error(reviewed.error.message);
    expect(reviewed.value.review).toMatchObject({ by: 'Rita', at: '2026-11-22T10:00:00.000Z' });
    const same = await cover(file.schedules, null, { file: reviewed.value });
    expect(same.review).toMatchObject({ status: 'reviewed', by: 'Rita' });
    const changed = { ...reviewed.value, schedules: [{ ...file.schedules[0], minDays: 1 }] };
    expect((await cover(file.schedules, null, { file: changed })).review.status).toBe('changed');
    expect((await cover(file.schedules, null)).review).toEqual({ status: 'none', by: null, at: null });
  });

  test.each<[string, Partial<Schedule>, RegExp]>([
    ['refuse-unknown-regime', { regime: 'nobody' }, /PolicyInvalid regime/],
    ['refuse-asks-nothing', {}, /neither how long/],
    ['refuse-keeps-longer-than-it-may', { minDays: 10, maxDays: 9 }, /PolicyInvalid maxDays/],
    ['refuse-lock-without-a-period', { maxDays: 9, worm: true }, /PolicyInvalid worm/],
  ])('%s', async (_name, rest, words) => {
    await expect(cover([{ id: 'a', scopes: [{ prefix: '' }], ...rest }], null)).rejects.toThrow(words);
  });

  test('an id used twice is refused', async () => {
    const one = { id: 'a', minDays: 1, scopes: [{ prefix: '' }] };
    await expect(cover([one, one], null)).rejects.toThrow(/used twice/);
  });

  test('the shipped regimes are told with their notice, and every one can be used', async () => {
    const told = await retentionHandlers['retention.regimes']({}, context);
    if (!told.ok) throw new Error(told.error.message);
    expect(told.value.notice).toContain('not legal advice');
    const usable = told.value.regimes.filter(({ minDays, maxDays }) => minDays !== null || maxDays !== null);
    expect(usable.length).toBeGreaterThan(8);
    const { schedules } = await cover(
      usable.map(({ id }) => ({ id, regime: id, scopes: [{ prefix: `${id}/` }] })),
      null,
    );
    expect(schedules.map(({ source }) => source)).toEqual(usable.map(({ source }) => source));
  });
});
