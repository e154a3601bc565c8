import { describe, expect, test } from 'vitest';
import { encloserOf } from '../../../src/core/units/enclosers.ts';
import { CLASSIFIER } from '../../support/classify-keys.ts';
import { readLayouts } from '../../support/layouts.ts';
import { unitsOfKeys } from '../../support/unit-keys.ts';

describe('every key of a labelled layout is kept or deleted with the unit it is labelled with', () => {
  test.each(readLayouts().map((layout) => [layout.name, layout] as const))('%s', (_, { keys }) => {
    const { of } = unitsOfKeys(keys.map(({ key }) => key));
    const found = keys.map(({ key, kind }, at) => `${key} | ${of[at]?.kind === kind ? of[at].path : '-'}`);
    const expected = keys.map(({ key, unit }) => `${key} | ${unit === '/' ? '' : unit}`);
    expect(found).toEqual(expected);
  });
});

test('a folder encloses what is below it exactly where its rule says so', () => {
  const encloser = encloserOf(CLASSIFIER);
  for (const folder of [
    'checkpoint-5',
    'tmp-checkpoint-5',
    'iter_0000005',
    'global_step5',
    'global_step5_universal',
    'a.ckpt',
    'ep1-ba2',
    'checkpoint_000001',
    '10.orbax-checkpoint-tmp-3',
  ]) {
    const rule = encloser(folder);
    expect(rule, folder).toBeGreaterThanOrEqual(0);
    expect(CLASSIFIER.match(rule, `run/trial/${folder}/anything`)?.unit?.replace(/\/?$/, '/'), folder).toBe(`run/trial/${folder}/`);
  }
  for (const folder of ['checkpoint-x', 'iter_5', 'checkpoint_5', 'global_step', '', 'step-5', '5'])
    expect(encloser(folder), folder).toBe(-1);
});
