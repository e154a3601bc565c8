import { describe, expect, test } from 'vitest';
import { type UnitKey, unitsOfKeys } from '../../support/unit-keys.ts';

const HOUR = 3_600_000;
const inFolder = (folder: string, names: readonly string[]): string[] => names.map((name) => folder + name);
const range = (count: number, name: (i: number) => string): string[] => Array.from({ length: count }, (_, i) => name(i));
const pad = (value: number, width: number): string => String(value).padStart(width, '0');

/** State and what is missing of the unit with a path. */
function judged(rows: readonly (string | UnitKey)[], path: string): { state: string; missing: string } {
  const found = unitsOfKeys(rows).units.filter((unit) => unit.path === path && unit.kind.startsWith('checkpoint'));
  const [unit] = found.length > 0 ? found : unitsOfKeys(rows).units.filter((one) => one.path === path);
  if (!unit)
    throw new Error(
      `no unit ${path} among ${unitsOfKeys(rows)
        .units.map((one) => one.path)
        .join(' ')}`,
    );
  return { state: unit.judgement.state, missing: unit.judgement.missing.join('; ') };
}
const state = (rows: readonly (string | UnitKey)[], path: string): string => judged(rows, path).state;

const hf = (step: number, of: number, missing: readonly number[] = []): string[] =>
  inFolder(`r/checkpoint-${step}/`, [
    ...range(of, (i) => `model-${pad(i + 1, 5)}-of-${pad(of, 5)}.safetensors`).filter((_, i) => !missing.includes(i + 1)),
    'model.safetensors.index.json',
    'optimizer.pt',
    'trainer_state.json',
    'rng_state_0.pth',
    'rng_state_1.pth',
  ]);
const zero = (folder: string, ranks: number, mps = 1): string[] =>
  inFolder(folder, [
    ...range(ranks * mps, (i) => `bf16_zero_pp_rank_${i % ranks}_mp_rank_${pad(Math.floor(i / ranks), 2)}_optim_states.pt`),
    ...range(mps, (i) => `mp_rank_${pad(i, 2)}_model_states.pt`),
  ]);
const dcp = (folder: string, ranks: number): string[] => inFolder(folder, [...range(ranks, (i) => `__${i}_0.distcp`), '.metadata']);

describe('Hugging Face', () => {
  test('success-every-shard', () => expect(judged(hf(500, 3), 'r/checkpoint-500/')).toEqual({ state: 'complete', missing: '' }));
  test('success-one-file', () => expect(state(['r/checkpoint-5/model.safetensors'], 'r/checkpoint-5/')).toBe('complete'));
  test('success-adapter', () => expect(state(['r/checkpoint-5/adapter_model.safetensors'], 'r/checkpoint-5/')).toBe('complete'));
  test('refuse-missing-shard', () =>
    expect(judged(hf(500, 3, [2]), 'r/checkpoint-500/')).toEqual({
      state: 'incomplete',
      missing: 'model-#-of-#.safetensors: 2 of 3',
    }));
  test('refuse-missing-last-shard', () => expect(judged(hf(500, 3, [3]), 'r/checkpoint-500/').missing).toContain(': 3 of 3'));
  test('refuse-index-without-shards', () =>
    expect(state(['r/checkpoint-5/model.safetensors.index.json', 'r/checkpoint-5/optimizer.pt'], 'r/checkpoint-5/')).toBe('incomplete'));
  test('refuse-no-weights', () => expect(judged(['r/checkpoint-5/optimizer.pt'], 'r/checkpoint-5/').missing).toBe('its weights'));
  test('refuse-missing-rng-of-a-rank', () =>
    expect(judged([...hf(5, 1), 'r/checkpoint-5/rng_state_3.pth'], 'r/checkpoint-5/').missing).toContain('rng_state_#.pth: 2'));
  test('refuse-empty-shard', () =>
    expect(
      judged([...hf(5, 2, [2]), { key: 'r/checkpoint-5/model-00002-of-00002.safetensors', sizeBytes: 0 }], 'r/checkpoint-5/').missing,
    ).toContain('is empty'));
  test('a shard hidden by a delete marker is missing, and its noncurrent version does not stand in', () => {
    const hidden = 'r/checkpoint-5/model-00001-of-00002.safetensors';
    const rows = [...hf(5, 2, [1]), { key: hidden, state: 'marker' as const }, { key: hidden, state: 'noncurrent' as const }];
    expect(state(rows, 'r/checkpoint-5/')).toBe('incomplete');
  });
  test('the DeepSpeed step inside counts', () => {
    const whole = [...zero('r/checkpoint-5/global_step5/', 4), 'r/checkpoint-5/latest', 'r/checkpoint-5/trainer_state.json'];
    expect(state(whole, 'r/checkpoint-5/')).toBe('complete');
    expect(
      judged(
        whole.filter((key) => !key.includes('pp_rank_2')),
        'r/checkpoint-5/',
      ).missing,
    ).toContain('pp_rank_#');
  });
  test('both FSDP folders inside count, each by itself', () => {
    const whole = [
      ...dcp('r/checkpoint-5/pytorch_model_fsdp_0/', 4),
      ...dcp('r/checkpoint-5/optimizer_0/', 4),
      'r/checkpoint-5/trainer_state.json',
    ];
    expect(state(whole, 'r/checkpoint-5/')).toBe('complete');
    for (const folder of ['pytorch_model_fsdp_0', 'optimizer_0']) {
      const gap = whole.filter((key) => !key.includes(`${folder}/__1_0`));
      expect(judged(gap, 'r/checkpoint-5/').missing, folder).toContain(`${folder.replace(/\d/, '#')}/__#_#.distcp: 1`);
    }
  });
  test('refuse-never-renamed', () => expect(state(['r/tmp-checkpoint-5/model.safetensors'], 'r/tmp-checkpoint-5/')).toBe('incomplete'));
});

describe('DeepSpeed', () => {
  const siblings = [...zero('r/global_step100/', 8, 2), ...zero('r/global_step200/', 8, 2)];
  test('success-every-pair', () => expect(state(siblings, 'r/global_step100/')).toBe('complete'));
  test('refuse-missing-rank', () => {
    const gap = siblings.filter((key) => key !== 'r/global_step200/bf16_zero_pp_rank_3_mp_rank_01_optim_states.pt');
    expect(judged(gap, 'r/global_step200/')).toEqual({
      state: 'incomplete',
      missing: 'bf16_zero_pp_rank_#_mp_rank_#_optim_states.pt: 1 of 16',
    });
    expect(state(gap, 'r/global_step100/')).toBe('complete');
  });
  test('half uploaded without a gap is unknown beside whole siblings', () => {
    const half = [...siblings, ...zero('r/global_step300/', 5, 2)];
    expect(judged(half, 'r/global_step300/')).toEqual({
      state: 'unknown',
      missing: 'bf16_zero_pp_rank_#_mp_rank_#_optim_states.pt: 5, where others of the run have 8',
    });
  });
  test('a run that went on with fewer ranks stays complete', () => {
    const fewer = [...siblings, ...zero('r/global_step300/', 4, 2), ...zero('r/global_step400/', 4, 2)];
    expect(state(fewer, 'r/global_step300/')).toBe('complete');
    expect(state(fewer, 'r/global_step100/')).toBe('complete');
  });
});

describe('Megatron', () => {
  const legacy = (ranks: readonly number[]) => ranks.map((rank) => `m/iter_0001000/mp_rank_${pad(rank, 2)}/model_optim_rng.pt`);
  test('success-legacy', () => expect(state(legacy([0, 1, 2, 3]), 'm/iter_0001000/')).toBe('complete'));
  test('refuse-legacy-missing-rank', () =>
    expect(judged(legacy([0, 1, 3]), 'm/iter_0001000/').missing).toBe('mp_rank_#/model_optim_rng.pt: 2'));
  test('success-distributed', () =>
    expect(state([...dcp('m/iter_0000200/', 3), 'm/iter_0000200/common.pt'], 'm/iter_0000200/')).toBe('complete'));
  test('refuse-distributed-without-metadata', () =>
    expect(judged(inFolder('m/iter_0000200/', ['__0_0.distcp', '__1_0.distcp']), 'm/iter_0000200/').missing).toContain('.metadata'));
});

describe('PyTorch distributed checkpoint', () => {
  test('success', () => expect(state(dcp('f/step_200/', 4), 'f/step_200/')).toBe('complete'));
  test('refuse-no-metadata', () => expect(state(dcp('f/step_200/', 4).slice(0, -1), 'f/step_200/')).toBe('incomplete'));
  test('refuse-gap', () => expect(judged(dcp('f/step_200/', 4).toSpliced(2, 1), 'f/step_200/').missing).toBe('__#_#.distcp: 2'));
  test('refuse-metadata-alone', () => expect(state(['f/step_200/.metadata'], 'f/step_200/')).toBe('incomplete'));
  test('numbers are read as numbers', () => expect(state(dcp('f/step_200/', 12), 'f/step_200/')).toBe('complete'));
  test('inside a Lightning checkpoint', () => {
    const whole = [...dcp('l/epoch=0-step=3.ckpt/', 4), 'l/epoch=0-step=3.ckpt/meta.pt'];
    expect(state(whole, 'l/epoch=0-step=3.ckpt/')).toBe('complete');
    expect(state(whole.slice(1), 'l/epoch=0-step=3.ckpt/')).toBe('incomplete');
  });
});

describe('others', () => {
  test('success-tensorflow', () =>
    expect(state(range(2, (i) => `t/ckpt-12.data-0000${i}-of-00002`).concat('t/ckpt-12.index'), 't/ckpt-12')).toBe('complete'));
  test('refuse-tensorflow-missing-data', () =>
    expect(judged(['t/ckpt-12.data-00001-of-00002', 't/ckpt-12.index'], 't/ckpt-12').missing).toBe('.data-#-of-#: 0 of 2'));
  test('refuse-tensorflow-without-index', () => expect(judged(['t/ckpt-12.data-00000-of-00001'], 't/ckpt-12').missing).toBe('its .index'));
  test('success-composer', () =>
    expect(
      state(
        range(3, (i) => `c/ep0-ba10-rank${i}.pt`),
        'c/ep0-ba10',
      ),
    ).toBe('complete'));
  test('refuse-composer-missing-rank', () =>
    expect(judged(['c/ep0-ba10-rank0.pt', 'c/ep0-ba10-rank2.pt'], 'c/ep0-ba10').missing).toBe('-rank#.pt: 1'));
  test('success-orbax', () => expect(state(['o/10/_CHECKPOINT_METADATA', 'o/10/state/manifest.ocdbt'], 'o/10/')).toBe('complete'));
  test('orbax without its mark is unknown, or whole where a sibling is the same', () => {
    expect(state(['o/10/state/manifest.ocdbt'], 'o/10/')).toBe('unknown');
    expect(state(['o/10/state/manifest.ocdbt', 'o/20/state/manifest.ocdbt'], 'o/10/')).toBe('complete');
  });
  test('refuse-orbax-temporary', () => expect(state(['o/30.orbax-checkpoint-tmp-0/x'], 'o/30.orbax-checkpoint-tmp-0/')).toBe('incomplete'));
  test('ray: files are compared with siblings', () => {
    const rows = [1, 2, 3].flatMap((n) => inFolder(`e/t/checkpoint_00000${n}/`, n === 3 ? ['model.pt'] : ['model.pt', 'optimizer.pt']));
    expect([1, 2, 3].map((n) => state(rows, `e/t/checkpoint_00000${n}/`))).toEqual(['complete', 'complete', 'unknown']);
  });
  test('success-savedmodel', () =>
    expect(
      state(inFolder('s/1/', ['saved_model.pb', 'variables/variables.index', 'variables/variables.data-00000-of-00001']), 's/1/'),
    ).toBe('complete'));
  test('refuse-savedmodel-without-graph', () =>
    expect(state(inFolder('s/1/', ['variables/variables.index', 'variables/variables.data-00000-of-00001']), 's/1/')).toBe('incomplete'));
  test('refuse-webdataset-gap', () =>
    expect(
      judged(
        [0, 1, 3].map((i) => `d/v1/train-00000${i}.tar`),
        'd/v1/',
      ).missing,
    ).toBe('train-#.tar: 2'));
  test('refuse-tfrecord-gap', () =>
    expect(
      judged(
        [0, 2].map((i) => `d/v1/train.tfrecord-0000${i}-of-00003`),
        'd/v1/',
      ).missing,
    ).toBe('train.tfrecord-#-of-#: 1 of 3'));
  test('a single file is whole', () => expect(state(['w/last.ckpt'], 'w/last.ckpt')).toBe('complete'));
  test('everything hidden by delete markers is gone', () => {
    const key = 'r/checkpoint-5/model.safetensors';
    const rows: UnitKey[] = [
      { key, state: 'marker', lastModifiedMs: 9 * HOUR },
      { key, state: 'noncurrent', lastModifiedMs: HOUR },
    ];
    expect(state(rows, 'r/checkpoint-5/')).toBe('gone');
    expect(unitsOfKeys(rows).units[0]).toMatchObject({ files: 0, versions: 1, deleteMarkers: 1, lastWriteMs: HOUR });
  });
});

describe('steps are numbers', () => {
  test.each([
    ['r/checkpoint-1000/model.safetensors', 1000, null],
    ['m/iter_0001000/mp_rank_00/model_optim_rng.pt', 1000, null],
    ['d/global_step500/mp_rank_00_model_states.pt', 500, null],
    ['l/epoch=9-step=1000.ckpt', 1000, 9],
    ['l/epoch=01-val_loss=0.32-v1.ckpt', null, 1],
    ['l/last-v1.ckpt', null, null],
    ['c/ep2-ba4000-rank0.pt', 4000, 2],
    ['y/t/checkpoint_000010/model.pt', 10, null],
    ['t/model.ckpt-5000.index', 5000, null],
    ['o/20/_CHECKPOINT_METADATA', 20, null],
    ['f/step_200/__0_0.distcp', 200, null],
    ['f/global_step_5/actor/__0_0.distcp', 5, null],
    ['s/checkpoint_3_5000.pt', 5000, 3],
    ['s/checkpoint12.pt', 12, null],
    ['n/model--val_loss=1.20-epoch=0-step=999-last/weights/__0_0.distcp', 999, 0],
    ['d2/model_0004999.pth', 4999, null],
    ['own/model_step_5000.pt', 5000, null],
    ['r/checkpoint-12345678901234567890/model.safetensors', null, null],
  ])('%s: step %s, epoch %s', (key, step, epoch) => {
    const [unit] = unitsOfKeys([key]).units;
    expect([unit?.step, unit?.epoch]).toEqual([step, epoch]);
  });
  test('files of one number are one checkpoint', () => {
    const { units } = unitsOfKeys(['o/model_step_5.pt', 'o/optim_step_5.pt', 'o/model_step_10.pt', 'o/optim_step_10.pt']);
    expect(units.map(({ step, files, judgement }) => [step, files, judgement.state])).toEqual([
      [5, 2, 'complete'],
      [10, 2, 'complete'],
    ]);
  });
});

describe('runs', () => {
  const groupOf = (key: string): [string, string] => {
    const { units, groups } = unitsOfKeys([key]);
    const group = groups[units[0]?.group ?? -1];
    return [group?.path ?? '', group?.project ?? ''];
  };
  test.each([
    ['ck/llm/7b-r1/checkpoint-5/model.safetensors', 'ck/llm/7b-r1/', 'ck/llm/'],
    ['v/lightning_logs/version_0/checkpoints/last.ckpt', 'v/lightning_logs/version_0/', 'v/'],
    ['c/run/checkpoints/ep0-ba1-rank0.pt', 'c/run/', 'c/'],
    ['y/exp/trial_1/checkpoint_000001/model.pt', 'y/exp/trial_1/', 'y/exp/'],
    [
      'ml/mlruns/7/0123456789abcdef0123456789abcdef/artifacts/checkpoint-5/model.safetensors',
      'ml/mlruns/7/0123456789abcdef0123456789abcdef/',
      'ml/mlruns/',
    ],
    ['ds/imagenet/v2/train-000001.tar', 'ds/imagenet/', 'ds/'],
    ['logs/app/api/2024/05/01/api-1.log.gz', 'logs/app/api/', 'logs/app/'],
    ['p/wandb/run-20240501_101112-ab12cd34/files/config.yaml', 'p/', ''],
  ])('%s is of %s in %s', (key, path, project) => expect(groupOf(key)).toEqual([path, project]));
});
