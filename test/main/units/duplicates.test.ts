import { join } from 'node:path';
import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import type { Duplicates } from '../../../src/contract/duplicates.ts';
import { METHODS } from '../../../src/contract/methods.ts';
import type { Result } from '../../../src/contract/result.ts';
import type { CallContext } from '../../../src/main/engine/handler.ts';
import { proposalHandlers } from '../../../src/main/engine/handlers/proposals.ts';
import { hardKey } from '../../support/hard-keys.ts';
import { inFolder, type PlainRow, RESOURCES, row, writeIndex } from '../../support/index-rows.ts';

const GIB = 2 ** 30;
const call = (folder: string, signal = new AbortController().signal): CallContext => ({
  environment: { version: '0.0.0', dataDir: folder, resourcesDir: RESOURCES, now: () => new Date() },
  signal,
  progress: () => undefined,
});
const must = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
};
const md5 = (digit: string): string => digit.repeat(32);
async function duplicatesOf(rows: readonly PlainRow[], given: object = {}): Promise<Duplicates> {
  let found: Duplicates | undefined;
  await inFolder(async (folder) => {
    const index = join(folder, 'x.db');
    await writeIndex(index, rows);
    const params = v.parse(METHODS['recommend.duplicates'].params, { index, ...given });
    found = must(await proposalHandlers['recommend.duplicates'](params, call(folder)));
    expect(v.safeParse(METHODS['recommend.duplicates'].result, found).success).toBe(true);
  });
  return found as Duplicates;
}

test('two versions of a dataset that share shards are told as one, with what the copies cost', async () => {
  const shards = [0, 1, 2].flatMap((shard) =>
    ['v1', 'v2'].map((version) =>
      row(`data/faces/${version}/train-00000${shard}.tar`, {
        sizeBytes: GIB,
        eTag: version === 'v2' && shard === 2 ? md5('f') : md5(String(shard)),
        storageClass: version === 'v1' ? 'STANDARD' : 'STANDARD_IA',
      }),
    ),
  );
  const answer = await duplicatesOf(shards);
  // The dearer copies stay: what is saved is what the cheaper ones cost.
  expect(answer).toMatchObject({
    compared: 6,
    withoutETag: 0,
    contents: 2,
    copies: 2,
    bytes: 2 * GIB,
    monthlyNanoUsd: '25000000',
    total: 1,
  });
  expect(answer.groups[0]).toMatchObject({
    contents: 2,
    places: [
      { path: 'data/faces/v1/', kind: 'dataset', objects: 2, stays: true },
      { path: 'data/faces/v2/', kind: 'dataset', objects: 2, stays: false },
    ],
    example: { sizeBytes: GIB, eTag: md5('0'), keys: ['data/faces/v1/train-000000.tar', 'data/faces/v2/train-000000.tar'] },
  });
});

test('a copy in a store is needed there: the one outside could go, and two inside are left alone', async () => {
  const rows = [
    row(`dvc/files/md5/ab/${'0'.repeat(30)}`, { sizeBytes: GIB, eTag: md5('a') }),
    row('data/x/v1/train-000000.tar', { sizeBytes: GIB, eTag: md5('a') }),
    row(`dvc/files/md5/cd/${'1'.repeat(30)}`, { sizeBytes: GIB, eTag: md5('b') }),
    row(`dvc/files/md5/cd/${'2'.repeat(30)}`, { sizeBytes: GIB, eTag: md5('b') }),
  ];
  const answer = await duplicatesOf(rows);
  expect(answer).toMatchObject({ contents: 1, copies: 1 });
  expect(answer.groups[0]?.places).toEqual([
    { path: 'data/x/v1/', kind: 'dataset', objects: 1, stays: false },
    { path: 'dvc/files/md5/', kind: 'dataset_store', objects: 1, stays: true },
  ]);
});

test('neither another size nor another number of parts, no replaced version, no small object and no unknown ETag is a copy', async () => {
  const rows = [
    row('data/a/v1/train-000000.tar', { sizeBytes: GIB, eTag: md5('a') }),
    row('data/a/v1/train-000001.tar', { sizeBytes: GIB + 1, eTag: md5('a') }),
    row('data/a/v1/train-000002.tar', { sizeBytes: GIB, eTag: `${md5('a')}-7` }),
    row('data/a/v1/train-000003.tar', { sizeBytes: GIB, eTag: md5('c'), versionId: '2' }),
    row('data/a/v1/train-000003.tar', { sizeBytes: GIB, eTag: md5('a'), versionId: '1', state: 'noncurrent', lastModifiedMs: 1 }),
    row('data/a/v1/train-000011.tar', { sizeBytes: 10, eTag: md5('d') }),
    row('data/a/v1/train-000012.tar', { sizeBytes: 10, eTag: md5('d') }),
    row('data/a/v1/train-000004.tar', { sizeBytes: GIB, eTag: '' }),
    row('data/a/v1/train-000005.tar', { sizeBytes: GIB, eTag: '' }),
  ];
  expect(await duplicatesOf(rows)).toMatchObject({ compared: 4, withoutETag: 2, contents: 0, copies: 0, monthlyNanoUsd: '0', groups: [] });
  expect(await duplicatesOf(rows, { leastBytes: 1 })).toMatchObject({ contents: 1, copies: 1, bytes: 10 });
});

test('what is found is what comparing every object with every other finds, whatever the keys', async () => {
  const object = fc.tuple(hardKey, fc.constantFrom(md5('1'), md5('2'), `${md5('1')}-3`, 'odd'), fc.constantFrom(7, 8));
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(object, { minLength: 1, maxLength: 25, selector: ([key]) => key }), async (objects) => {
      const answer = await duplicatesOf(
        objects.map(([key, eTag, sizeBytes]) => row(`data/x/v1/${key}`, { eTag, sizeBytes })),
        { leastBytes: 1, limit: 1000 },
      );
      const same = Map.groupBy(objects, ([, eTag, sizeBytes]) => `${eTag} ${sizeBytes}`);
      expect(answer.compared).toBe(objects.length);
      expect(answer.copies + answer.neededCopies).toBeLessThanOrEqual([...same.values()].reduce((sum, own) => sum + own.length - 1, 0));
      expect(answer.groups.reduce((sum, { copies }) => sum + copies, 0)).toBe(answer.copies);
      for (const { example } of answer.groups) {
        const own = same.get(`${example.eTag} ${example.sizeBytes}`) ?? [];
        for (const key of example.keys) expect(own.map(([one]) => `data/x/v1/${one}`)).toContain(key);
      }
    }),
    { seed: 3, numRuns: 12 },
  );
});
