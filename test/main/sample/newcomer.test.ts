import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import type { SampleTruth } from '../../../src/contract/methods/sources.ts';
import { METHODS } from '../../../src/contract/methods.ts';
import type { Proposals } from '../../../src/contract/proposals.ts';
import type { Result } from '../../../src/contract/result.ts';
import { formatBytes, formatCount, formatMoney } from '../../../src/core/report/format.ts';
import type { CallContext } from '../../../src/main/engine/handler.ts';
import { accessHandlers } from '../../../src/main/engine/handlers/access.ts';
import { proposalHandlers } from '../../../src/main/engine/handlers/proposals.ts';
import { sourceHandlers } from '../../../src/main/engine/handlers/sources.ts';
import { inFolder, RESOURCES } from '../../support/index-rows.ts';

const deep = process.env.ISOTHERM_DEEP === '1';
const call = (folder: string): CallContext => ({
  environment: { version: '0.0.0', dataDir: folder, resourcesDir: RESOURCES, now: () => new Date('2026-11-22T00:00:00Z') },
  signal: new AbortController().signal,
  progress: () => undefined,
});
const must = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message} ${result.error.detail ?? ''}`);
  return result.value;
};

/** us-east-1, the first 50 TB a month, in nano-dollars a GB (https://aws.amazon.com/s3/pricing/). */
const PRICES: Readonly<Record<string, number>> = {
  STANDARD: 23_000_000,
  STANDARD_IA: 12_500_000,
  GLACIER: 3_600_000,
  DEEP_ARCHIVE: 990_000,
};
const staleOf = async (index: string, folder: string): Promise<Proposals> => {
  const params = v.parse(METHODS['recommend.list'].params, { index, kinds: ['checkpoint'], limit: 1000 });
  return must(await proposalHandlers['recommend.list'](params, call(folder)));
};

function equalsTruth({ sums, proposals }: Proposals, { staleCheckpoints }: SampleTruth): void {
  const { checkpoints, versions, bytes, billedBytes } = staleCheckpoints;
  const [sum] = sums;
  expect(sum).toMatchObject({ count: checkpoints, versions, bytes });
  expect(proposals.reduce((total, { count }) => total + count, 0)).toBe(checkpoints);
  const dollars = Object.entries(billedBytes).reduce(
    (total, [name, billed]) => total + ((PRICES[name] ?? Number.NaN) * billed) / 2 ** 30,
    0,
  );
  const monthly = Number(sum?.monthlyNanoUsd);
  // Every proposal is rounded once.
  expect(Math.abs(monthly - dollars)).toBeLessThan(proposals.length + 1);
  expect(sum?.sentence).toBe(
    `${formatCount(checkpoints)} stale checkpoint${checkpoints === 1 ? '' : 's'}, ${formatBytes(bytes)}, ${formatMoney(String(Math.round(dollars)))} a month, nothing in use`,
  );
}

test(
  'the built-in sample says how many stale checkpoints there are as its generator knows it, and that nothing of them is in use',
  () =>
    inFolder(async (folder) => {
      const { index } = must(await sourceHandlers['sample.open']({}, call(folder)));
      const truth = JSON.parse(readFileSync(join(folder, 'sample', 'report', 'truth.json'), 'utf8')) as SampleTruth;
      const answer = await staleOf(index, folder);
      equalsTruth(answer, truth);
      const held = answer.proposals.flatMap(({ protected: parts }) => parts.map(({ reason }) => reason));
      expect(held).toEqual(expect.arrayContaining(['last', 'lastComplete', 'recent', 'inUse', 'named']));
    }),
  120_000,
);

test.each(deep ? Array.from({ length: 30 }, (_, seed) => seed + 1) : [1, 2])(
  'so does every other sample, with its logs: seed %i',
  (seed) =>
    inFolder(async (folder) => {
      const out = join(folder, 'D');
      const truth = must(await sourceHandlers['sample.write']({ out, versions: 6000 + seed * 117, seed }, call(folder)));
      const index = join(folder, 'x.db');
      const source = { kind: 'inventory' as const, location: out };
      must(await sourceHandlers['index.scan']({ source, index, region: undefined, classify: true }, call(folder)));
      must(await accessHandlers['access.import']({ index, location: join(out, 'access-logs') }, call(folder)));
      expect(truth.staleCheckpoints.checkpoints).toBeGreaterThan(5);
      equalsTruth(await staleOf(index, folder), truth);
    }),
  60_000,
);
