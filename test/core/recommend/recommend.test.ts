import { describe, expect, test } from 'vitest';
import { errorsOf } from '../../../src/core/policy/validate/validate.ts';
import { recommend } from '../../../src/core/recommend/recommend.ts';
import { buildCube, type TestCubeOptions, type TestVersion } from '../../support/cube-builder.ts';

const options: TestCubeOptions = { asOfMs: Date.parse('2026-11-22T00:00:00.000Z') };
const at = (key: string, kind: NonNullable<TestVersion['kind']>, more: Partial<TestVersion> = {}): TestVersion => ({
  key,
  kind,
  sizeBytes: 1000,
  writtenDay: 20_000,
  ...more,
});
const run = (versions: TestVersion[], more: Partial<TestCubeOptions> = {}) => {
  const result = recommend(buildCube(versions, { ...options, ...more }), 'ml-basics');
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
};
const lines = (versions: TestVersion[], more: Partial<TestCubeOptions> = {}) =>
  run(versions, more).rules.map(({ category, prefix }) => `${category} ${prefix}`);

describe('prefixes', () => {
  test('success-highest-clean-directory', () =>
    expect(lines([at('data/a/x', 'dataset'), at('data/b/y', 'dataset'), at('data/readme', 'other'), at('m/final.pt', 'model')])).toEqual([
      'dataset data/',
    ]));
  test('success-descends-around-a-live-table', () =>
    expect(lines([at('data/a/x', 'dataset'), at('data/table/metadata/v1', 'dataset_live_table')])).toEqual(['dataset data/a/']));
  test('success-experiments-with-logs-and-system-files', () =>
    expect(lines([at('runs/1/metrics', 'experiment'), at('runs/1/log', 'log'), at('runs/_meta', 'system'), at('m', 'model')])).toEqual([
      'experiment runs/',
    ]));
  test('success-checkpoints-beside-experiments', () =>
    expect(lines([at('e/1/metrics', 'experiment'), at('e/1/ck/s1', 'checkpoint')])).toEqual(['checkpoint e/1/ck/']));
  test('success-empty-segments-are-kept', () => expect(lines([at('a//b/x', 'dataset'), at('a/c', 'model')])).toEqual(['dataset a//']));
  test('refuse-expiring-the-whole-bucket', () => {
    const made = run([at('x', 'experiment'), at('runs/y', 'experiment')]);
    expect(made.rules.map(({ prefix }) => prefix)).toEqual(['runs/']);
    expect(made.heldBack).toEqual([
      { prefix: '', category: 'experiment', versions: 1, bytes: 1000, reason: expect.stringContaining('whole bucket') as string },
    ]);
  });
  test.each(['checkpoint', 'model', 'dataset', 'dataset_live_table', 'dataset_store', 'feature', 'other'] as const)(
    'refuse-expiring-experiments-beside-%s',
    (kind) => {
      const made = run([at('runs/1/metrics', 'experiment'), at('runs/1/thing', kind)]);
      expect(made.rules.filter(({ category }) => category === 'experiment')).toEqual([]);
      const held = made.heldBack.find(({ category }) => category === 'experiment');
      expect(held).toMatchObject({ prefix: '', versions: 1, bytes: 1000 });
      expect(held?.reason).toContain('1 ');
      expect(held?.reason).toContain('would expire them too');
    },
  );
  test('refuse-cutting-into-a-unit', () => {
    const made = run([at('e/run/a/metrics', 'experiment'), at('e/run/ck/s', 'checkpoint'), at('e/two/m', 'experiment')], {
      unitRoots: ['e/run/'],
    });
    expect(made.rules.filter(({ category }) => category === 'experiment').map(({ prefix }) => prefix)).toEqual(['e/two/']);
    expect(made.heldBack).toContainEqual(expect.objectContaining({ prefix: 'e/run/', category: 'experiment', versions: 1 }));
    expect(made.heldBack.find(({ prefix }) => prefix === 'e/run/')?.reason).toContain('one unit');
  });
  test('other blocks checkpoints only with noncurrent versions', () => {
    expect(lines([at('c/a', 'checkpoint'), at('c/note', 'other'), at('m', 'model')])).toEqual(['checkpoint c/']);
    expect(lines([at('c/a', 'checkpoint'), at('c/note', 'other', { state: 'noncurrent' }), at('m', 'model')])).toEqual([]);
  });
});

test('a rule discloses what rides along, and the policy is one S3 accepts', () => {
  const made = run([
    at('data/x', 'dataset'),
    at('data/log', 'log', { sizeBytes: 7 }),
    at('runs/m', 'experiment'),
    at('ck/a', 'checkpoint'),
    at('ck/a', 'checkpoint', { state: 'noncurrent' }),
  ]);
  expect(made.rules[0]).toMatchObject({
    prefix: 'data/',
    versions: 1,
    bytes: 1000,
    alsoTouches: [{ category: 'log', versions: 1, bytes: 7 }],
  });
  expect(errorsOf(made.policy)).toEqual([]);
  expect(made.policy.Rules.map(({ ID }) => ID)).toEqual([
    'isotherm/ml-basics/dataset/data',
    'isotherm/ml-basics/experiment/runs',
    'isotherm/ml-basics/checkpoint/ck',
  ]);
  expect(made.rules[2]?.words).toContain('there is 1 noncurrent version (0.98 KiB) there today');
});

test('checkpoints without noncurrent versions still get their rule, with words that it saves nothing today', () => {
  expect(run([at('ck/a', 'checkpoint'), at('m', 'model')]).rules[0]?.words).toContain('save nothing today');
  expect(run([at('ck/a', 'checkpoint'), at('m', 'model')], { allVersions: false }).rules[0]?.words).toContain('is not known');
});

test('hostile prefixes stay valid', () => {
  const made = run([
    at('🧪 α+β/x', 'dataset'),
    at(`${'n'.repeat(1000)}/x`, 'dataset'),
    at(`${'n'.repeat(999)}m/x`, 'dataset'),
    at('m', 'model'),
  ]);
  expect(made.rules.map(({ prefix }) => prefix.endsWith('/'))).toEqual([true, true, true]);
  expect(errorsOf(made.policy)).toEqual([]);
});

test('more than a hundred places keep the largest, and name the rest', () => {
  const versions = Array.from({ length: 130 }, (_, n) => [
    at(`p${n}/d/x`, 'dataset', { sizeBytes: n + 1 }),
    at(`p${n}/m/y`, 'model'),
  ]).flat();
  const made = run(versions);
  expect(made.rules).toHaveLength(100);
  expect(Math.min(...made.rules.map(({ bytes }) => bytes))).toBe(31);
  expect(made.heldBack.filter(({ reason }) => reason.includes('at most 100 rules'))).toHaveLength(30);
});

test('everything of the target is either under a rule or held back', () => {
  const made = run([
    at('a/x', 'experiment'),
    at('b/x', 'experiment'),
    at('b/c/x', 'experiment'),
    at('b/c/m', 'model'),
    at('b/d/x', 'experiment'),
    at('y', 'experiment'),
  ]);
  const ruled = made.rules.reduce((sum, { versions }) => sum + versions, 0);
  const held = made.heldBack.reduce((sum, { versions }) => sum + versions, 0);
  expect(ruled + held).toBe(5);
  expect(made.heldBack.map(({ prefix }) => prefix).sort()).toEqual(['', 'b/', 'b/c/']);
});

test('an unknown preset is refused with the known ones', () => {
  const result = recommend(buildCube([], options), 'nope');
  expect(result.ok ? '' : result.error.code).toBe('Usage');
});
