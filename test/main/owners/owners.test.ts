import { join } from 'node:path';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { OWNER_METHODS } from '../../../src/contract/methods/owners.ts';
import type { OwnerCosts, OwnersFile } from '../../../src/contract/owners.ts';
import { bucketOwner, ownerOfKey } from '../../../src/core/owners/assign.ts';
import type { EngineEnvironment } from '../../../src/main/engine/handler.ts';
import { ownerHandlers } from '../../../src/main/engine/handlers/owners.ts';
import { AS_OF_MS, daysAgo, inFolder, META, type PlainRow, RESOURCES, row, writeIndex } from '../../support/index-rows.ts';

const environment: EngineEnvironment = { version: '0', dataDir: '/nowhere', resourcesDir: RESOURCES, now: () => new Date(AS_OF_MS) };
const context = { environment, signal: new AbortController().signal, progress: () => {} };

/** us-east-1, first bands (s3-domain 3.2), nano-dollars a GB-month. */
const PRICE: Readonly<Record<string, number>> = { STANDARD: 23_000_000, STANDARD_IA: 12_500_000, GLACIER: 3_600_000 };

/** One version's month, from the price list by hand: the 128 KiB floor, the 32 KiB and 8 KiB of the archive. */
function monthly({ storageClass, sizeBytes }: PlainRow): number {
  const gb = (bytes: number): number => bytes / 2 ** 30;
  if (storageClass === 'STANDARD_IA') return gb(Math.max(sizeBytes, 131_072)) * (PRICE.STANDARD_IA as number);
  if (storageClass === 'GLACIER') return gb(sizeBytes + 32_768) * (PRICE.GLACIER as number) + gb(8_192) * (PRICE.STANDARD as number);
  return gb(sizeBytes) * (PRICE.STANDARD as number);
}

async function costs(
  rows: readonly PlainRow[],
  file: OwnersFile,
  by: string,
  bucketTags: Record<string, string> = {},
): Promise<OwnerCosts> {
  return inFolder(async (folder) => {
    const index = join(folder, 'x.db');
    await writeIndex(index, rows);
    const params = v.parse(OWNER_METHODS['owners.costs'].params, { index, file, by, bucketTags });
    const result = await ownerHandlers['owners.costs'](params, context);
    if (!result.ok) throw new Error(result.error.message);
    return result.value;
  });
}

const KEYS = ['a/x', 'a/b/x', 'a/bc', 'ab', 'b/\u202ex', '=1', 'a//y', 'c/d/e'];
const PREFIXES = ['', 'a', 'a/', 'a/b', 'a/b/', 'b/\u202e', 'nowhere/', 'a//'];

describe('owners.costs', () => {
  test('what each owner holds and pays is what its keys hold and pay, one by one', async () => {
    const rowsArbitrary = fc.uniqueArray(
      fc.record({
        key: fc.constantFrom(...KEYS),
        sizeBytes: fc.integer({ min: 0, max: 3_000_000 }),
        storageClass: fc.constantFrom('STANDARD', 'STANDARD_IA', 'GLACIER'),
        state: fc.constantFrom('current' as const, 'noncurrent' as const, 'marker' as const),
      }),
      { minLength: 1, maxLength: 12, selector: ({ key, state }) => `${key} ${state === 'noncurrent' ? 'old' : 'new'}` },
    );
    const rulesArbitrary = fc.array(
      fc.record({
        prefix: fc.constantFrom(...PREFIXES),
        team: fc.option(fc.constantFrom('red', 'blue'), { nil: undefined }),
        project: fc.option(fc.constantFrom('p', 'q'), { nil: undefined }),
      }),
      { maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(rowsArbitrary, rulesArbitrary, fc.constantFrom('team' as const, 'project' as const), async (facts, rules, by) => {
        const rows = facts.map(({ key, ...rest }, at) =>
          row(key, { ...rest, versionId: `v${at}`, lastModifiedMs: daysAgo(rest.state === 'noncurrent' ? 20 : 5) }),
        );
        const clean = rules.map(({ prefix, team, project }) => ({
          prefix,
          ...(team === undefined ? {} : { team }),
          ...(project === undefined ? {} : { project }),
        }));
        const file: OwnersFile = { format: 'isotherm-owners/1', rules: clean, bucketTags: {}, unowned: 'share' };
        const told = await costs(rows, file, by);
        const base = bucketOwner(file, {});
        const expected = new Map<string | null, { versions: number; bytes: number; noncurrentBytes: number; money: number }>();
        for (const one of rows) {
          if (one.state === 'marker') continue;
          const owner = ownerOfKey(one.key, file, base)[by];
          const own = expected.get(owner) ?? { versions: 0, bytes: 0, noncurrentBytes: 0, money: 0 };
          own.versions += 1;
          own.bytes += one.sizeBytes;
          if (one.state === 'noncurrent') own.noncurrentBytes += one.sizeBytes;
          own.money += monthly(one);
          expected.set(owner, own);
        }
        expect(
          new Map(told.rows.map(({ owner, versions, bytes, noncurrentBytes }) => [owner, { versions, bytes, noncurrentBytes }])),
        ).toEqual(new Map([...expected].map(([owner, { money: _money, ...rest }]) => [owner, rest])));
        for (const one of told.rows) expect(Math.abs(Number(one.monthlyNanoUsd) - (expected.get(one.owner)?.money ?? 0))).toBeLessThan(1);
        const sum = (pick: (one: OwnerCosts['rows'][number]) => string): bigint =>
          told.rows.reduce((all, one) => all + BigInt(pick(one)), 0n);
        expect(sum(({ sharedNanoUsd }) => sharedNanoUsd)).toBe(0n);
        expect(sum(({ chargedNanoUsd }) => chargedNanoUsd)).toBe(sum(({ monthlyNanoUsd }) => monthlyNanoUsd));
        expect(told.total.bytes).toBe(told.rows.reduce((all, one) => all + one.bytes, 0));
      }),
      { seed: 9, numRuns: 30 },
    );
  });

  test('the bucket says what no prefix says, and what is nobody\u2019s can be left where it is', async () => {
    const rows = [row('a/x', { sizeBytes: 2 ** 30 }), row('z', { sizeBytes: 2 ** 30 })];
    const rules = [{ prefix: 'a/', team: 'red' }];
    const left = await costs(rows, { format: 'isotherm-owners/1', rules, bucketTags: {}, unowned: 'leave' }, 'team');
    expect(
      left.rows.map(({ owner, monthlyNanoUsd, sharedNanoUsd, chargedNanoUsd }) => [owner, monthlyNanoUsd, sharedNanoUsd, chargedNanoUsd]),
    ).toEqual([
      ['red', '23000000', '0', '23000000'],
      [null, '23000000', '0', '23000000'],
    ]);
    const shared = await costs(rows, { format: 'isotherm-owners/1', rules, bucketTags: {}, unowned: 'share' }, 'team');
    expect(shared.rows.map(({ owner, sharedNanoUsd, chargedNanoUsd }) => [owner, sharedNanoUsd, chargedNanoUsd])).toEqual([
      ['red', '23000000', '46000000'],
      [null, '-23000000', '0'],
    ]);
    const tagged = await costs(rows, { format: 'isotherm-owners/1', rules, bucketTags: { team: 'Team' }, unowned: 'share' }, 'team', {
      Team: 'green',
    });
    expect(tagged.rows.map(({ owner }) => owner)).toEqual(['green', 'red']);
  });
});

describe('what one thing costs', () => {
  const GB = 2 ** 30;
  const run = (name: string, step: number, sizeBytes: number): PlainRow[] => [
    row(`runs/${name}/checkpoint-${step}/model.safetensors`, { sizeBytes, lastModifiedMs: daysAgo(20) }),
    row(`runs/${name}/checkpoint-${step}/config.json`, { sizeBytes: 0, lastModifiedMs: daysAgo(20) }),
  ];
  const file: OwnersFile = { format: 'isotherm-owners/1', rules: [{ prefix: 'runs/a/', team: 'red' }], bucketTags: {}, unowned: 'share' };

  test('runs by their checkpoints, the dearest first, beside the week before', async () => {
    await inFolder(async (folder) => {
      const index = join(folder, 'x.db');
      await writeIndex(index, run('a', 10, GB), { meta: { ...META, asOfMs: AS_OF_MS - 9 * 86_400_000 } });
      await writeIndex(index, [...run('a', 10, GB), ...run('a', 20, GB), ...run('b', 5, 3 * GB)], {
        meta: { ...META, manifestMd5: 'f'.repeat(32) },
      });
      const ask = v.parse(OWNER_METHODS['owners.unitCosts'].params, { index, file, per: 'run' });
      const told = await ownerHandlers['owners.unitCosts'](ask, context);
      if (!told.ok) throw new Error(told.error.message);
      expect(told.value).toMatchObject({ count: 2, totalNanoUsd: '115000000', meanNanoUsd: '57500000', medianNanoUsd: '57500000' });
      expect(
        told.value.things.map(({ path, owner, monthlyNanoUsd, weekBeforeNanoUsd }) => [
          path,
          owner.team,
          monthlyNanoUsd,
          weekBeforeNanoUsd,
        ]),
      ).toEqual([
        ['runs/b/', null, '69000000', null],
        // Seven days of 23,000,000 in a month of 30.
        ['runs/a/', 'red', '46000000', '5366667'],
      ]);
      const top = await ownerHandlers['owners.top'](v.parse(OWNER_METHODS['owners.top'].params, { index, file, limit: 1 }), context);
      expect(top.ok && top.value.things.map(({ path }) => path)).toEqual(['runs/b/']);
    });
  });
});
