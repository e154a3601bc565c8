import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvRecords } from '../../../src/core/pointers/csv.ts';
import { parseTracker } from '../../../src/core/pointers/tracker.ts';

const read = (content: unknown) => {
  const result = parseTracker(typeof content === 'string' ? content : JSON.stringify(content), 'export');
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
};

describe('MLflow', () => {
  test('success-runs-search', () => {
    const answer = {
      runs: [
        {
          info: {
            run_id: 'abc',
            run_name: 'sly-fox',
            experiment_id: '7',
            status: 'RUNNING',
            artifact_uri: 's3://b/mlruns/7/abc/artifacts',
            lifecycle_stage: 'active',
          },
          data: {
            metrics: [
              { key: 'val_loss', value: 0.3, step: 500, timestamp: 1 },
              { key: 'nan', value: 'NaN', step: 1 },
            ],
            params: [
              { key: 'lr', value: '1e-4' },
              { key: 'resume_from_checkpoint', value: 's3://b/out/checkpoint-500' },
              { key: 'trainer.ckpt_path', value: 'None' },
              { key: 'resume', value: 'True' },
            ],
          },
        },
        { info: { run_uuid: 'old', status: 'KILLED', lifecycle_stage: 'deleted' } },
        { info: {} },
      ],
    };
    expect(read(answer)).toEqual({
      tracker: 'mlflow',
      models: [],
      runs: [
        {
          id: 'abc',
          name: 'sly-fox',
          experiment: '7',
          state: 'open',
          artifactUri: 's3://b/mlruns/7/abc/artifacts',
          startedFrom: ['s3://b/out/checkpoint-500'],
          metrics: [{ name: 'val_loss', value: 0.3, step: 500 }],
        },
        { id: 'old', name: '', experiment: '', state: 'deleted', artifactUri: null, startedFrom: [], metrics: [] },
      ],
    });
  });
  test('success-model-versions-and-aliases', () => {
    const { models } = read({
      model_versions: [
        {
          name: 'churn',
          version: '3',
          current_stage: 'Production',
          source: 's3://b/mlruns/7/abc/artifacts/model',
          run_id: 'abc',
          aliases: ['champion'],
        },
      ],
      registered_models: [
        {
          name: 'rank',
          aliases: [{ alias: 'live', version: '2' }],
          latest_versions: [{ name: 'rank', version: '2', current_stage: 'None', source: 's3://b/r/2' }],
        },
      ],
    });
    expect(models).toEqual([
      { name: 'churn', version: '3', aliases: ['champion', 'Production'], runId: 'abc', uris: ['s3://b/mlruns/7/abc/artifacts/model'] },
      { name: 'rank', version: '2', aliases: ['live'], runId: null, uris: ['s3://b/r/2'] },
    ]);
  });
  test('success-table', () => {
    const { runs } = read(
      'run_id,experiment_id,status,artifact_uri,metrics.loss,params.resume_from,tags.mlflow.runName\nabc,7,FINISHED,s3://b/a,0.5,"s3://b/x,y/checkpoint-5",fox\n',
    );
    expect(runs).toEqual([
      {
        id: 'abc',
        name: 'fox',
        experiment: '7',
        state: 'finished',
        artifactUri: 's3://b/a',
        startedFrom: ['s3://b/x,y/checkpoint-5'],
        metrics: [{ name: 'loss', value: 0.5, step: null }],
      },
    ]);
  });
});

describe('Weights & Biases', () => {
  test('success-runs', () => {
    const { tracker, runs } = read([
      {
        id: 'ab12cd34',
        name: 'fox-1',
        project: 'p',
        state: 'running',
        config: { resume_from: { value: 'out/checkpoint-9' } },
        summary: { loss: 0.2, _step: 90, note: 'x' },
      },
      { id: 'zz', state: 'crashed', config: '{"ckpt_path":"a/last.ckpt"}', summary: '{}' },
    ]);
    expect(tracker).toBe('wandb');
    expect(runs).toMatchObject([
      { id: 'ab12cd34', state: 'open', startedFrom: ['out/checkpoint-9'], metrics: [{ name: 'loss', value: 0.2, step: 90 }] },
      { id: 'zz', state: 'failed', startedFrom: ['a/last.ckpt'] },
    ]);
  });
  test('success-artifacts', () => {
    const { models } = read([
      { name: 'run-x-model:v3', type: 'model', aliases: ['latest', { alias: 'production' }], references: ['s3://b/m/checkpoint-5'] },
      { name: 'm', version: 'v1', aliases: [], manifest: { entries: { a: { ref: 's3://b/m/a' }, b: { digest: 'x' } } } },
    ]);
    expect(models).toEqual([
      { name: 'run-x-model', version: 'v3', aliases: ['latest', 'production'], runId: null, uris: ['s3://b/m/checkpoint-5'] },
      { name: 'm', version: 'v1', aliases: [], runId: null, uris: ['s3://b/m/a'] },
    ]);
  });
  test('success-json-lines-and-table', () => {
    expect(read('{"id":"a","state":"finished"}\n{"id":"b","state":"killed"}\n').runs.map(({ id, state }) => `${id} ${state}`)).toEqual([
      'a finished',
      'b failed',
    ]);
    expect(read('"Name","State","ID"\n"fox","finished","a1"\n').runs).toMatchObject([{ id: 'a1', name: 'fox', state: 'finished' }]);
  });
});

test.each(['', 'hello', 'a,b\n1,2\n', '{}', '[]', '[1,2]', '[{"state":"running"}]', '{"runs":{}}'])('refuse-%j', (content) => {
  const result = parseTracker(content, 'export');
  expect(result.ok ? null : result.error.code).toBe('TrackerUnreadable');
});

test('records come back from the CSV that holds them, whatever is in them', () => {
  const field = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r\n', ' ', '=', 'é', '\u202e', '') });
  fc.assert(
    fc.property(fc.array(fc.tuple(field, field), { maxLength: 5 }), (rows) => {
      const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
      const csv = ['"x","y"', ...rows.map(([x, y]) => `${quote(x)},${quote(y)}`)].join('\n');
      const kept = rows.filter(([x, y]) => x !== '' || y !== '');
      expect(csvRecords(csv)).toEqual(kept.map(([x, y]) => ({ x, y })));
    }),
    { seed: 31, numRuns: 300 },
  );
});
