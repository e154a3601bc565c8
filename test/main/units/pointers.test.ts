import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { METHODS } from '../../../src/contract/methods.ts';
import type { Result } from '../../../src/contract/result.ts';
import type { CallContext } from '../../../src/main/engine/handler.ts';
import { pointerHandlers } from '../../../src/main/engine/handlers/pointers.ts';
import { unitHandlers } from '../../../src/main/engine/handlers/units.ts';
import { fakeS3, refuse } from '../../support/fake-s3.ts';
import { daysAgo, inFolder, RESOURCES, row, writeIndex } from '../../support/index-rows.ts';
import { trainerCheckpoint } from '../../support/runs.ts';

const call = (folder: string): CallContext => ({
  environment: { version: '0.0.0', dataDir: folder, resourcesDir: RESOURCES, now: () => new Date('2026-11-21T00:00:00Z') },
  signal: new AbortController().signal,
  progress: () => undefined,
});
const must = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
};
const list = async (folder: string, index: string) => {
  const params = v.parse(METHODS['pointers.list'].params, { index });
  const answer = must(await pointerHandlers['pointers.list'](params, call(folder)));
  expect(v.safeParse(METHODS['pointers.list'].result, answer).success).toBe(true);
  return answer;
};
const verdicts = async (folder: string, index: string) => {
  const params = v.parse(METHODS['units.list'].params, {
    index,
    kinds: ['checkpoint'],
    sort: 'path',
    descending: false,
    policy: { last: 1, metric: { name: 'eval_loss', mode: 'min' } },
  });
  const { units } = must(await unitHandlers['units.list'](params, call(folder)));
  return units.map(({ name, verdict, holds }) => [name, verdict, [...new Set(holds.map(({ reason }) => reason))].join()]);
};

const deepspeed = (step: number) =>
  ['mp_rank_00_model_states.pt', 'bf16_zero_pp_rank_0_mp_rank_00_optim_states.pt'].map((name) =>
    row(`ds/global_step${step}/${name}`, { lastModifiedMs: daysAgo(300 - step) }),
  );
const ROWS = [
  ...[100, 200, 300].flatMap((step) => trainerCheckpoint('hf/', step, 300 - step / 10)),
  ...[1, 2, 3].flatMap(deepspeed),
  row('ds/latest', { lastModifiedMs: daysAgo(298), sizeBytes: 12 }),
];
const STATE = JSON.stringify({
  best_model_checkpoint: '/mnt/output/hf/checkpoint-100',
  log_history: [
    { step: 100, eval_loss: 0.4 },
    { step: 200, eval_loss: 0.3 },
    { step: 300, eval_loss: 0.5, loss: 1 },
  ],
});
const FILES: Record<string, string> = { 'ds/latest': 'global_step1\n', 'hf/checkpoint-300/trainer_state.json': STATE };

const BEFORE = [
  ['global_step1', 'stale', ''],
  ['global_step2', 'stale', ''],
  ['global_step3', 'keep', 'lastComplete,last'],
  ['checkpoint-100', 'stale', ''],
  ['checkpoint-200', 'stale', ''],
  ['checkpoint-300', 'keep', 'lastComplete,last'],
];
const AFTER = [
  ['global_step1', 'keep', 'tracked'],
  ['global_step2', 'stale', ''],
  ['global_step3', 'keep', 'lastComplete,last'],
  // The file calls it best; the figures say another one is. Both stay.
  ['checkpoint-100', 'keep', 'best'],
  ['checkpoint-200', 'keep', 'best'],
  ['checkpoint-300', 'keep', 'lastComplete,last'],
];

test('what would be read is listed first, is all that is read, and holds what it points at', () =>
  inFolder(async (folder) => {
    const index = join(folder, 'x.db');
    await writeIndex(index, ROWS);
    expect(await verdicts(folder, index)).toEqual(BEFORE);
    const before = await list(folder, index);
    // Of a run's many trainer_state.json only the newest.
    expect(before.files.map(({ key }) => key)).toEqual(Object.keys(FILES));
    expect(before).toMatchObject({ unread: 2, unreadBytes: 1012 });
    const server = await fakeS3(({ path }, response) => {
      const text = FILES[path.replace('/ml-bucket/', '')];
      if (text === undefined) return refuse(response, 404, 'NoSuchKey');
      response.writeHead(200, { 'content-length': text.length });
      response.end(text);
    });
    process.env.AWS_ACCESS_KEY_ID ??= 'a';
    process.env.AWS_SECRET_ACCESS_KEY ??= 'b';
    try {
      const remote = { endpoint: server.endpoint, region: 'us-east-1' };
      const read = must(await pointerHandlers['pointers.read']({ index, prefix: '', remote }, call(folder)));
      expect(read).toEqual({ read: 2, bytes: 13 + STATE.length, unclear: [], missing: [] });
      expect(server.requests.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(
        Object.keys(FILES).map((key) => `GET /ml-bucket/${key}`),
      );
      expect(must(await pointerHandlers['pointers.read']({ index, prefix: '', remote }, call(folder))).read).toBe(0);
    } finally {
      await server.close();
    }
    expect(await verdicts(folder, index)).toEqual(AFTER);
    expect((await list(folder, index)).files).toMatchObject([
      { key: 'ds/latest', says: { tracked: ['global_step1'] } },
      { says: { best: ['/mnt/output/hf/checkpoint-100'], metrics: 3 } },
    ]);
  }));

test('a copy of the bucket serves as well, and no key leads out of it', () =>
  inFolder(async (folder) => {
    const index = join(folder, 'x.db');
    await writeIndex(index, [
      ...ROWS,
      row('../secret/latest', { lastModifiedMs: daysAgo(298) }),
      row('../secret/global_step1/mp_rank_00_model_states.pt'),
    ]);
    const copy = join(folder, 'copy');
    for (const [key, text] of [...Object.entries(FILES), ['../secret/latest', 'global_step1']] as const) {
      mkdirSync(dirname(join(copy, key)), { recursive: true });
      writeFileSync(join(copy, key), text);
    }
    const read = must(await pointerHandlers['pointers.read']({ index, prefix: '', copy }, call(folder)));
    expect(read).toMatchObject({ read: 2, missing: ['../secret/latest'] });
    expect((await verdicts(folder, index)).slice(1)).toEqual(AFTER);
  }));

test('an export of a tracker holds what is open or registered, and tells orphans both ways', () =>
  inFolder(async (folder) => {
    const index = join(folder, 'x.db');
    const [open, lost, gone] = ['a', 'b', 'c'].map((letter) => letter.repeat(32)) as [string, string, string];
    const artifact = (run: string) => row(`mlruns/7/${run}/artifacts/model/MLmodel`, { lastModifiedMs: daysAgo(200) });
    await writeIndex(index, [...ROWS, artifact(open), artifact(lost)]);
    const info = (run_id: string, status: string, artifact_uri = `s3://ml-bucket/mlruns/7/${run_id}/artifacts`) => ({
      info: { run_id, status, experiment_id: '7', artifact_uri, lifecycle_stage: 'active' },
      data: { params: [{ key: 'resume_from_checkpoint', value: 's3://ml-bucket/hf/checkpoint-100' }] },
    });
    const file = join(folder, 'runs.json');
    const registered = {
      model_versions: [{ name: 'ranker', version: '3', source: 's3://ml-bucket/ds/global_step2', current_stage: 'Production' }],
    };
    writeFileSync(file, JSON.stringify({ runs: [info(open, 'RUNNING'), info(gone, 'FINISHED')], ...registered }));
    const taken = must(await pointerHandlers['trackers.import']({ index, file }, call(folder)));
    expect(taken).toMatchObject({ name: 'runs.json', tracker: 'mlflow', runs: 2, openRuns: 1, models: 1 });
    const found = await verdicts(folder, index);
    expect(found[1]).toEqual(['global_step2', 'keep', 'registered']);
    expect(found[3]).toEqual(['checkpoint-100', 'keep', 'resumedFrom']);
    const known = await list(folder, index);
    expect(known.runsWithoutBytes).toMatchObject([{ id: gone }]);
    expect(known.bytesWithoutRun).toMatchObject([{ path: `mlruns/7/${lost}/` }]);

    expect(must(await pointerHandlers['trackers.forget']({ index, name: 'runs.json' }, call(folder)))).toEqual({ trackers: [] });
    expect(await verdicts(folder, index)).toEqual(BEFORE);
    const nothing = await pointerHandlers['trackers.forget']({ index, name: 'runs.json' }, call(folder));
    expect(nothing.ok ? '' : nothing.error.code).toBe('Usage');
    writeFileSync(file, 'not an export');
    const refused = await pointerHandlers['trackers.import']({ index, file }, call(folder));
    expect(refused.ok ? '' : refused.error.code).toBe('TrackerUnreadable');
  }));
