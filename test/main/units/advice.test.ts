import { join } from 'node:path';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { METHODS } from '../../../src/contract/methods.ts';
import type { Result } from '../../../src/contract/result.ts';
import type { CallContext } from '../../../src/main/engine/handler.ts';
import { unitHandlers } from '../../../src/main/engine/handlers/units.ts';
import { openIndex } from '../../../src/main/index/reader.ts';
import { daysAgo, inFolder, RESOURCES, row, writeIndex } from '../../support/index-rows.ts';
import { GIB, trainerCheckpoint } from '../../support/runs.ts';

const call = (folder: string): CallContext => ({
  environment: { version: '0.0.0', dataDir: folder, resourcesDir: RESOURCES, now: () => new Date() },
  signal: new AbortController().signal,
  progress: () => undefined,
});
const must = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
};
const params = <M extends 'units.groups' | 'units.list'>(method: M, given: object) => v.parse(METHODS[method].params, given) as never;
const groups = async (folder: string, given: object) => {
  const answer = must(await unitHandlers['units.groups'](params('units.groups', given), call(folder)));
  expect(v.safeParse(METHODS['units.groups'].result, answer).success).toBe(true);
  return answer;
};
const list = async (folder: string, given: object) => {
  const answer = must(await unitHandlers['units.list'](params('units.list', given), call(folder)));
  expect(v.safeParse(METHODS['units.list'].result, answer).success).toBe(true);
  return answer;
};

const RUN = [400, 1200, 800].flatMap((step, at) => trainerCheckpoint('exp/run/', step, [300, 200, 250][at] as number));

test('runs come with what the usual policy makes of their checkpoints, and units with why', () =>
  inFolder(async (folder) => {
    const index = join(folder, 'x.db');
    await writeIndex(index, [...RUN, row('notes/readme', { lastModifiedMs: daysAgo(5) })]);
    const { groups: runs, total } = await groups(folder, { index });
    expect(total).toBe(1);
    expect(runs).toMatchObject([
      { path: 'exp/run/', complete: 3, firstStep: 400, lastStep: 1200, all: { units: 3, versions: 21, bytes: 3 * GIB + 18_000 } },
    ]);
    expect(runs[0]?.byVerdict).toMatchObject({ keep: { units: 2 }, stale: { units: 1, bytes: GIB + 6000 } });

    const { units } = await list(folder, { index, groupId: runs[0]?.groupId, sort: 'path', descending: false });
    expect(units.map(({ step, verdict }) => [step, verdict])).toEqual([
      [400, 'stale'],
      [800, 'keep'],
      [1200, 'keep'],
    ]);
    expect(units[2]?.holds.map(({ reason }) => reason)).toEqual(['lastComplete', 'last']);
    // Nobody has said who reads this bucket: old is not cold.
    expect(units[0]?.access).toMatchObject({ temperature: 'unknown', evidence: 'modifiedOnly', leastDays: 0, mostDays: 300 });

    const tried = await list(folder, { index, kinds: ['checkpoint'], policy: { last: 1 } });
    expect(tried.units.filter(({ verdict }) => verdict === 'stale').map(({ step }) => step)).toEqual([400, 800]);
  }));

test('what a workspace says holds at once, and for every later question', () =>
  inFolder(async (folder) => {
    const index = join(folder, 'x.db');
    await writeIndex(index, RUN);
    const cube = must(must(openIndex(index)).cube('1'));
    const configure = (settings: object) => unitHandlers['units.configure']({ index, settings }, call(folder));
    must(await configure({ pins: [{ glob: 'exp/run/checkpoint-400/**', note: 'the paper' }], keep: [] }));
    const [pinned] = (await list(folder, { index, sort: 'path', descending: false })).units;
    expect(pinned).toMatchObject({
      step: 400,
      verdict: 'keep',
      holds: [{ reason: 'pinned', words: expect.stringContaining('the paper') }],
    });
    // The cube was read once: only what people say has changed.
    expect(must(must(openIndex(index)).cube('1'))).toBe(cube);

    const policy = v.parse(METHODS['units.groups'].params, { index, policy: { last: 1 } }).policy;
    must(await configure({ pins: [], keep: [{ prefix: 'exp/', policy }] }));
    const { groups: runs } = await groups(folder, { index });
    expect(runs[0]?.byVerdict).toMatchObject({ keep: { units: 1 }, stale: { units: 2 } });
    expect(must(await unitHandlers['units.settings']({ index }, call(folder)))).toMatchObject({ pins: [], keep: [{ prefix: 'exp/' }] });
  }));

test('an override is refused where it cannot be read, and decides from the next scan on', () =>
  inFolder(async (folder) => {
    const index = join(folder, 'x.db');
    const rows = [row('lab/x.bin'), row('lab/y.bin'), row('odd/z.weird')];
    await writeIndex(index, rows);
    const refused = await unitHandlers['units.configure'](
      { index, settings: { overrides: [{ id: 'a', glob: '[', kind: 'dataset', unit: 'directory' }] } },
      call(folder),
    );
    expect(refused.ok ? '' : refused.error.code).toBe('Usage');
    const twice = { id: 'lab', glob: 'lab/**', kind: 'dataset', unit: 'directory' } as const;
    const doubled = await unitHandlers['units.configure']({ index, settings: { overrides: [twice, twice] } }, call(folder));
    expect(doubled.ok ? '' : doubled.error.code).toBe('Usage');
    must(await unitHandlers['units.configure']({ index, settings: { overrides: [twice] } }, call(folder)));
    await writeIndex(index, rows);
    const explain = async (key: string) => {
      const answer = must(await unitHandlers['classify.explain']({ index, key }, call(folder)));
      expect(v.safeParse(METHODS['classify.explain'].result, answer).success).toBe(true);
      return answer;
    };
    expect(await explain('lab/x.bin')).toMatchObject({ kind: 'dataset', because: 'override', ruleId: 'override:lab', isInIndex: true });
    expect(await explain('odd/z.weird')).toMatchObject({ kind: 'other', because: 'none', ruleId: null });
    expect(await explain('lab/absent.bin')).toMatchObject({ isInIndex: false });
  }));

test('a key is explained by itself, or by what lies beside it', () =>
  inFolder(async (folder) => {
    const index = join(folder, 'x.db');
    await writeIndex(index, [row('t/events/_delta_log/00000000000000000000.json'), row('t/events/part-0.parquet')]);
    const alone = must(await unitHandlers['classify.explain']({ key: 'a/checkpoint-5/optimizer.pt' }, call(folder)));
    expect(alone).toMatchObject({ kind: 'checkpoint', because: 'own', isInIndex: false });
    const beside = must(await unitHandlers['classify.explain']({ index, key: 't/events/part-0.parquet' }, call(folder)));
    expect(beside).toMatchObject({ kind: 'dataset_live_table', because: 'marker', isInIndex: true });
  }));
