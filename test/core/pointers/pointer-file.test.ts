import { describe, expect, test } from 'vitest';
import { isPointerName, parsePointer } from '../../../src/core/pointers/pointer-file.ts';
import { keyOf, resolvePointer, type Target, Targets } from '../../../src/core/pointers/resolve.ts';

describe('what small files say', () => {
  test.each([
    ['latest', 'global_step1000\n', ['global_step1000']],
    ['latest_checkpointed_iteration.txt', '4000', ['4000']],
    ['latest_checkpointed_iteration.txt', 'release', ['release']],
    ['last_checkpoint', 'model_0004999.pth', ['model_0004999.pth']],
    ['latest-rank0.pt.symlink', 'llama/checkpoints/ep0-ba2000-rank0.pt', ['llama/checkpoints/ep0-ba2000-rank0.pt']],
    [
      'checkpoint',
      'model_checkpoint_path: "ckpt-12"\nall_model_checkpoint_paths: "ckpt-11"\nall_model_checkpoint_paths: "ckpt-12"\n',
      ['ckpt-12'],
    ],
    ['checkpoint', 'model_checkpoint_path: "/train/a \\"b\\"/model.ckpt-5000"\n', ['/train/a "b"/model.ckpt-5000']],
  ])('success-%s %j', (name, text, tracked) => expect(parsePointer(name, text)).toMatchObject({ tracked, best: [] }));

  test.each([
    ['latest', ''],
    ['latest', 'a\nb'],
    ['latest', 'x'.repeat(2000)],
    ['checkpoint', '\u0000\u0001binary'],
    ['trainer_state.json', '{"best_model_checkpoint": '],
    ['trainer_state.json', '[]x'],
    ['model.bin', 'global_step1'],
  ])('refuse-%s %j', (name, text) => expect(parsePointer(name, text)).toBeNull());

  test('success-trainer_state.json', () => {
    const text = JSON.stringify({
      best_model_checkpoint: '/scratch/out/run1/checkpoint-500',
      best_metric: 0.3,
      log_history: [
        { step: 250, loss: 2.5, learning_rate: 1e-4 },
        { step: 500, eval_loss: 0.3, eval_runtime: 12, epoch: 1 },
        { step: 1000, eval_loss: 0.4, eval_samples: 'many' },
        { step: 'x', eval_loss: 1 },
        null,
      ],
    });
    expect(parsePointer('trainer_state.json', text)).toEqual({
      tracked: [],
      best: ['/scratch/out/run1/checkpoint-500'],
      metrics: [
        { step: 500, name: 'eval_loss', value: 0.3 },
        { step: 500, name: 'eval_runtime', value: 12 },
        { step: 1000, name: 'eval_loss', value: 0.4 },
      ],
    });
    expect(parsePointer('trainer_state.json', '{"best_model_checkpoint":null,"log_history":[]}')).toEqual({
      tracked: [],
      best: [],
      metrics: [],
    });
  });

  test('names that can be read', () => {
    for (const name of ['latest', 'checkpoint', 'trainer_state.json', 'latest-rank3.pt.symlink'])
      expect(isPointerName(name), name).toBe(true);
    for (const name of ['latest.pt', 'checkpoints', 'toString', '__proto__', 'latest-rank0.pt'])
      expect(isPointerName(name), name).toBe(false);
  });
});

describe('what it means here', () => {
  const target = (path: string, run: string, step: number | null = null): Target => ({
    unit: path.length + (step ?? 0),
    path,
    name: path.endsWith('/') ? (path.split('/').at(-2) as string) : (path.split('/').at(-1) as string),
    run,
    step,
  });
  const all = [
    target('ds/run/global_step500/', 'ds/run/', 500),
    target('ds/run/global_step1000/', 'ds/run/', 1000),
    target('hf/a/checkpoint-500/', 'hf/a/', 500),
    target('hf/b/checkpoint-500/', 'hf/b/', 500),
    target('mg/gpt/iter_0004000/', 'mg/gpt/', 4000),
    target('mg/gpt/release/', 'mg/gpt/'),
    target('c/run/checkpoints/ep0-ba2000', 'c/run/', 2000),
    target('c/run/checkpoints/ep0-ba200', 'c/run/', 200),
    target('tf/model.ckpt-5000', 'tf/', 5000),
    target('ml/1/abc/', 'ml/1/'),
    target('ml/1/abc/artifacts/checkpoint-5/', 'ml/1/abc/', 5),
  ];
  const targets = new Targets(all);
  const found = (said: string, folder: string, run: string) => targets.find(said, folder, run).map(({ path }) => path);

  test.each([
    ['global_step500', 'ds/run/', 'ds/run/', ['ds/run/global_step500/']],
    ['4000', 'mg/gpt/', 'mg/gpt/', ['mg/gpt/iter_0004000/']],
    ['release', 'mg/gpt/', 'mg/gpt/', ['mg/gpt/release/']],
    ['/scratch/me/hf/a/checkpoint-500', 'hf/b/checkpoint-1000/', 'hf/b/', ['hf/b/checkpoint-500/']],
    ['run/checkpoints/ep0-ba2000-rank0.pt', 'c/run/checkpoints/', 'c/run/', ['c/run/checkpoints/ep0-ba2000']],
    ['model.ckpt-5000', 'tf/', 'tf/', ['tf/model.ckpt-5000']],
    ['s3://bucket/hf/a/checkpoint-500/', 'elsewhere/', 'elsewhere/', ['hf/a/checkpoint-500/']],
    ['checkpoint-501', 'hf/a/', 'hf/a/', []],
    ['99', 'mg/gpt/', 'mg/gpt/', []],
  ])('%s in %s', (said, folder, run, expected) => expect(found(said, folder, run)).toEqual(expected));

  test('an address means what holds it and what lies below it', () => {
    expect(targets.atUri('s3://b/ml/1/abc/artifacts', 'b').map(({ path }) => path)).toEqual([
      'ml/1/abc/',
      'ml/1/abc/artifacts/checkpoint-5/',
    ]);
    expect(targets.atUri('s3://b/ml/1/abc/artifacts/checkpoint-5/model.safetensors', 'b').map(({ path }) => path)).toEqual([
      'ml/1/abc/artifacts/checkpoint-5/',
    ]);
    expect(targets.atUri('s3://other/ml/1/abc/', 'b')).toEqual([]);
    expect(targets.atUri('s3://b/', 'b')).toEqual([]);
    expect(targets.atUri('mlflow-artifacts:/1/abc', 'b')).toEqual([]);
    expect(keyOf('s3a://b/x y', 'b')).toBe('x y');
  });

  test('what is not here is told', () => {
    const facts = { tracked: ['global_step500', 'global_step7'], best: [], metrics: [{ step: 1000, name: 'eval_loss', value: 2 }] };
    const pointed = resolvePointer(facts, 'ds/run/latest', 'ds/run/', targets);
    expect(pointed.dangling).toEqual(['global_step7']);
    expect(pointed.tracked).toEqual([{ unit: all[0]?.unit, source: 'ds/run/latest names "global_step500"' }]);
    expect(pointed.metrics).toEqual([{ unit: all[1]?.unit, name: 'eval_loss', value: 2 }]);
  });
});
