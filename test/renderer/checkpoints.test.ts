import { expect, test, vi } from 'vitest';
import { STRIP_AGE_SHIFT, STRIP_INCOMPLETE, STRIP_PROTECTED } from '../../src/contract/board.ts';
import { VERDICTS } from '../../src/contract/keep.ts';
import { ok } from '../../src/contract/result.ts';
import { compileGlob } from '../../src/core/classify/glob.ts';
import type { Run } from '../../src/renderer/checkpoints/state.ts';

vi.mock('../../src/renderer/api/client.ts', () => ({ client: { call: async () => ok({ desk: null }) } }));
const { cellOf, columnsOf } = await import('../../src/renderer/checkpoints/strip.ts');
const { runName, STEP_STOPS, stopOf } = await import('../../src/renderer/checkpoints/words.ts');
const { sortedRuns } = await import('../../src/renderer/checkpoints/state.ts');
const { globOf } = await import('../../src/renderer/checkpoints/settings.ts');

test('a packed cell comes apart as it was put together', () => {
  const packed = VERDICTS.indexOf('stale') | (4 << STRIP_AGE_SHIFT) | STRIP_PROTECTED | STRIP_INCOMPLETE;
  expect(cellOf(packed)).toEqual({ verdict: 'stale', age: 4, isProtected: true, isIncomplete: true });
  expect(cellOf(VERDICTS.indexOf('keep'))).toEqual({ verdict: 'keep', age: 0, isProtected: false, isIncomplete: false });
});

test('a strip of more steps than pixels keeps in sight what stays', () => {
  const stale = cellOf(VERDICTS.indexOf('stale'));
  const keep = cellOf(VERDICTS.indexOf('keep'));
  const cells = Array.from({ length: 6000 }, (_, at) => (at % 1000 === 999 ? keep : stale));
  const { columns, stepPx } = columnsOf(cells, 172);
  expect(columns).toHaveLength(57);
  expect(stepPx * columns.length).toBeCloseTo(172);
  expect(columns.filter(({ verdict }) => verdict === 'keep')).toHaveLength(6);
  expect(columnsOf(cells.slice(0, 10), 172)).toEqual({ stepPx: 17.2, columns: cells.slice(0, 10) });
});

test('runs are sorted by a column, equal ones by name', () => {
  const run = (path: string, bytes: number): Run => {
    const part = { units: 1, versions: 1, bytes, monthlyNanoUsd: String(bytes) };
    const rest = { groupId: 0, project: '', keep: bytes, facts: [], isLastIncomplete: false, lastWrite: null, strip: '' };
    return { path, all: part, stale: part, ...rest };
  };
  const runs = [run('b/', 1), run('a/', 1), run('c/', 5)];
  const order = (key: 'run' | 'free' | 'cost' | 'size' | 'kept', descending: boolean) =>
    sortedRuns(runs, { key, descending }).map(({ path }) => path);
  expect(order('free', true)).toEqual(['c/', 'a/', 'b/']);
  expect(order('kept', false)).toEqual(['a/', 'b/', 'c/']);
  expect(order('cost', true)).toEqual(['c/', 'a/', 'b/']);
  expect(order('size', true)).toEqual(['c/', 'a/', 'b/']);
  expect(order('run', true)).toEqual(['c/', 'b/', 'a/']);
});

test('a pin matches its own path alone, whatever stands in it', () => {
  for (const path of ['runs/a*b/step-1/', 'runs/{x,y}/', 'a[1]?/', 'back\\slash/', 'plain/model.pt']) {
    const glob = compileGlob(globOf(path));
    if (!glob.ok) throw new Error(glob.error.message);
    expect(glob.value.matches(path.endsWith('/') ? `${path}x` : path)).toBe(true);
    expect(glob.value.matches('runs/aXb/step-1/x')).toBe(false);
    expect(glob.value.matches('runs/x/x')).toBe(false);
  }
});

test('steps stand at the stop that is not beyond them', () => {
  expect(stopOf(null)).toBe(0);
  for (const [at, stop] of STEP_STOPS.entries()) expect(stopOf(stop)).toBe(at);
  expect(STEP_STOPS[stopOf(1300)]).toBe(1000);
  expect(runName('a/b/run/')).toEqual({ folder: 'a/b/', name: 'run' });
  expect(runName('')).toEqual({ folder: '', name: '(no directory)' });
});
