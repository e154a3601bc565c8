import { join } from 'node:path';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { type CheckpointBoard, STRIP_AGE_SHIFT, STRIP_INCOMPLETE, STRIP_PROTECTED, STRIP_VERDICT } from '../../../src/contract/board.ts';
import { VERDICTS } from '../../../src/contract/keep.ts';
import { METHODS } from '../../../src/contract/methods.ts';
import type { Result } from '../../../src/contract/result.ts';
import { AGE_BINS } from '../../../src/contract/vocabulary.ts';
import { boardHandlers } from '../../../src/main/engine/handlers/board.ts';
import { unitHandlers } from '../../../src/main/engine/handlers/units.ts';
import { inFolder, RESOURCES, row, writeIndex } from '../../support/index-rows.ts';
import { trainerCheckpoint } from '../../support/runs.ts';

const RUNS = [
  ...[400, 1200, 800].flatMap((step, at) => trainerCheckpoint('lm/a/', step, [300, 200, 250][at] as number)),
  ...[1, 2, 3, 4, 5].flatMap((step) => trainerCheckpoint('lm/b/', step, 400 - 10 * step)),
  ...[10].flatMap((step) => trainerCheckpoint('vision/c/', step, 10)),
  row('notes/readme'),
];

const must = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
};

async function withBoard(check: (ask: (given?: object) => Promise<CheckpointBoard>, folder: string, index: string) => Promise<void>) {
  await inFolder(async (folder) => {
    const index = join(folder, 'x.db');
    await writeIndex(index, RUNS);
    const ask = async (given: object = {}) => {
      const { params, result } = METHODS['checkpoints.board'];
      return v.parse(result, must(await boardHandlers['checkpoints.board'](v.parse(params, { index, ...given }), contextOf(folder))));
    };
    await check(ask, folder, index);
  });
}

const contextOf = (folder: string) => ({
  environment: { version: '0.0.0', dataDir: folder, resourcesDir: RESOURCES, now: () => new Date() },
  signal: new AbortController().signal,
  progress: () => undefined,
});

const verdictsOf = (strip: string) => [...Buffer.from(strip, 'base64')].map((cell) => VERDICTS[cell & STRIP_VERDICT]);

test('the board tells every run in strips by step, and its sums are those of the runs', () =>
  withBoard(async (ask, folder, index) => {
    const board = await ask();
    expect(board.runs.map(({ path }) => path)).toEqual(['lm/b/', 'lm/a/', 'vision/c/']);
    const [b, a, c] = board.runs;
    expect(verdictsOf(b?.strip ?? '')).toEqual(['stale', 'stale', 'stale', 'keep', 'keep']);
    expect(verdictsOf(a?.strip ?? '')).toEqual(['stale', 'keep', 'keep']);
    expect([a?.keep, b?.keep, c?.keep]).toEqual([2, 2, 1]);
    const [young] = Buffer.from(c?.strip ?? '', 'base64');
    expect(AGE_BINS[((young as number) >> STRIP_AGE_SHIFT) & 0b111]?.key).toBe(AGE_BINS[0]?.key);
    // Written ten days ago, it may still be training: a fact holds it, not a count.
    expect((young as number) & STRIP_PROTECTED).toBe(STRIP_PROTECTED);
    expect((young as number) & STRIP_INCOMPLETE).toBe(0);
    expect(c?.facts).toEqual([['recent', 1]]);

    const { params } = METHODS['units.groups'];
    const groups = must(await unitHandlers['units.groups'](v.parse(params, { index }), contextOf(folder))).groups;
    for (const run of board.runs) {
      const group = groups.find(({ groupId }) => groupId === run.groupId);
      expect(run.all).toEqual(group?.all);
      expect(run.stale).toEqual(group?.byVerdict.stale ?? { units: 0, versions: 0, bytes: 0, monthlyNanoUsd: '0' });
    }
    const bytes = (part: 'all' | 'stale') => board.runs.reduce((sum, run) => sum + run[part].bytes, 0);
    expect([board.totals.all.bytes, board.totals.byVerdict.stale.bytes]).toEqual([bytes('all'), bytes('stale')]);
    expect(board.totals.all.units).toBe(9);
  }));

test('a policy is tried without being kept, and a prefix narrows', () =>
  withBoard(async (ask) => {
    const tried = await ask({ policy: { last: 4 } });
    expect(tried.totals.byVerdict.stale.units).toBe(1);
    expect(tried.policy.last).toBe(4);
    expect((await ask()).policy.last).toBe(2);
    const below = await ask({ prefix: 'lm/a/' });
    expect(below.runs.map(({ path }) => path)).toEqual(['lm/a/']);
    expect((await ask({ prefix: 'notes/' })).runs).toEqual([]);
  }));
