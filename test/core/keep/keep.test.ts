import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { type KeepPolicy, KeepPolicySchema } from '../../../src/contract/keep.ts';
import { keep } from '../../../src/core/keep/keep.ts';
import type { Member } from '../../../src/core/keep/member.ts';

const DAY = 86_400_000;
const AS_OF = Date.UTC(2026, 10, 20);
const policy = (some: Partial<KeepPolicy> = {}): KeepPolicy => ({ ...v.parse(KeepPolicySchema, {}), ...some });

let number = 0;
/** A checkpoint of run "r/" at a step, written so many days before the snapshot: earlier steps earlier unless it says more. */
function at(step: number | null, some: Partial<Member> & { readonly daysAgo?: number } = {}): Member {
  const { daysAgo = 400 - (step ?? 0) / 100, ...rest } = some;
  number += 1;
  return {
    unit: number,
    run: 'r/',
    project: '',
    path: `r/checkpoint-${step}/`,
    step,
    epoch: null,
    role: 'none',
    state: 'complete',
    bytes: 10,
    lastWriteMs: AS_OF - daysAgo * DAY,
    lastReadMs: null,
    metrics: new Map(),
    references: [],
    ...rest,
  };
}
const steps = (...all: number[]): Member[] => all.map((step) => at(step));
const verdicts = (members: readonly Member[], some: Partial<KeepPolicy> = {}): Record<string, string> =>
  Object.fromEntries(
    keep(members, { policy: policy(some), asOfMs: AS_OF }).map(({ verdict, holds }, index) => [
      String(members[index]?.step ?? members[index]?.path),
      verdict === 'keep' ? holds.map(({ reason }) => reason).join('+') : verdict,
    ]),
  );

describe('last N', () => {
  test('numeric-order-not-text-order', () =>
    expect(verdicts(steps(500, 1000, 10_000, 9000), { last: 2 })).toEqual({
      500: 'stale',
      1000: 'stale',
      9000: 'last',
      10000: 'lastComplete+last',
    }));
  test('the-newest-is-incomplete: N complete ones stay, and the incomplete one is no latest', () =>
    expect(verdicts([...steps(100, 200, 300), at(400, { state: 'incomplete' })], { last: 1 })).toEqual({
      100: 'stale',
      200: 'stale',
      300: 'lastComplete+last',
      400: 'unfinished',
    }));
  test('half-uploaded-now: an incomplete one just written is in flight', () =>
    expect(verdicts([...steps(100, 200), at(300, { state: 'incomplete', daysAgo: 0 })], { last: 1 })).toEqual({
      100: 'stale',
      200: 'lastComplete+last',
      300: 'recent',
    }));
  test('unknown-never-counts-and-never-goes', () =>
    expect(verdicts([...steps(100, 200), at(300, { state: 'unknown' })], { last: 1 })).toEqual({
      100: 'stale',
      200: 'lastComplete+last',
      300: 'review',
    }));
  test('last-complete-one-stays-with-last-0', () =>
    expect(verdicts(steps(100, 200), { last: 0 })).toEqual({ 100: 'stale', 200: 'lastComplete' }));
  test('only-incomplete-ones-are-for-people', () =>
    expect(verdicts([at(100, { state: 'incomplete' }), at(200, { state: 'incomplete' })])).toEqual({ 100: 'review', 200: 'review' }));
  test('gone-ones-do-not-count', () =>
    expect(verdicts([...steps(100, 200), at(300, { state: 'gone' })], { last: 1 })).toEqual({
      100: 'stale',
      200: 'lastComplete+last',
      300: 'gone',
    }));
  test('epochs-where-there-are-no-steps', () => {
    const epochs = [2, 10, 9].map((epoch) => at(null, { epoch, path: `r/epoch=${epoch}.ckpt`, daysAgo: 100 }));
    expect(verdicts(epochs, { last: 1 })).toEqual({
      'r/epoch=2.ckpt': 'stale',
      'r/epoch=10.ckpt': 'lastComplete+last',
      'r/epoch=9.ckpt': 'stale',
    });
  });
  test('each run by itself', () => {
    const two = [at(100, { run: 'a/' }), at(200, { run: 'a/' }), at(150, { run: 'b/' })];
    expect(verdicts(two, { last: 1 })).toEqual({ 100: 'stale', 200: 'lastComplete+last', 150: 'lastComplete+last' });
  });
});

describe('a run that went back', () => {
  // 100 .. 500 were written, then it went on from 200 with 300 and 350.
  const rewound = [at(100), at(200), at(400), at(500), at(300, { daysAgo: 300 }), at(350, { daysAgo: 299 })];
  test('run-resumed-from-an-old-step: the one it resumed from and what it wrote last stay', () =>
    expect(verdicts(rewound, { last: 2 })).toEqual({
      100: 'stale',
      200: 'resumedFrom',
      300: 'last',
      350: 'last',
      400: 'last',
      500: 'lastComplete+last',
    }));
  test('resumed-from-by-reference: never proposed, whatever the policy says', () => {
    const from = at(100, { references: [{ reason: 'resumedFrom', source: 'run b resumes from it' }] });
    expect(verdicts([from, ...steps(200, 300)], { last: 1, named: false, best: 0 })).toEqual({
      100: 'resumedFrom',
      200: 'stale',
      300: 'lastComplete+last',
    });
  });
  test('tracked-by-pointer-file', () => {
    const tracked = at(200, { references: [{ reason: 'tracked', source: 'r/latest says global_step200' }] });
    expect(verdicts([at(100), tracked, at(300)], { last: 1 })).toEqual({ 100: 'stale', 200: 'tracked', 300: 'lastComplete+last' });
  });
});

describe('best', () => {
  const scored = [0.5, 0.3, 0.4, 0.6].map((loss, i) => at((i + 1) * 100, { metrics: new Map([['loss', loss]]) }));
  test('best-by-metric-min', () =>
    expect(verdicts(scored, { last: 1, best: 2, metric: { name: 'loss', mode: 'min' } })).toEqual({
      100: 'stale',
      200: 'best',
      300: 'best',
      400: 'lastComplete+last',
    }));
  test('best-by-metric-max', () =>
    expect(verdicts(scored, { last: 1, best: 1, metric: { name: 'loss', mode: 'max' } })[400]).toBe('lastComplete+last+best'));
  test('best-by-pointer-file', () => {
    const pointed = at(100, { references: [{ reason: 'best', source: 'trainer_state.json of checkpoint-300' }] });
    expect(verdicts([pointed, ...steps(200, 300)], { last: 1 })).toEqual({ 100: 'best', 200: 'stale', 300: 'lastComplete+last' });
  });
  test('an incomplete one is not the best', () => {
    const broken = scored.map((member) => (member.step === 200 ? { ...member, state: 'incomplete' as const } : member));
    expect(verdicts(broken, { last: 1, best: 1, metric: { name: 'loss', mode: 'min' } })).toMatchObject({ 200: 'unfinished', 300: 'best' });
  });
  test('of equals the later one', () => {
    const equal = [100, 200, 300].map((step) => at(step, { metrics: new Map([['loss', 1]]) }));
    expect(verdicts(equal, { last: 0, best: 1, metric: { name: 'loss', mode: 'min' } })).toMatchObject({
      100: 'stale',
      200: 'stale',
      300: 'lastComplete+best',
    });
  });
});

describe('others', () => {
  test('every-k-steps', () =>
    expect(verdicts(steps(500, 1000, 1500, 2000, 2500), { last: 1, everySteps: 1000 })).toEqual({
      500: 'stale',
      1000: 'every',
      1500: 'stale',
      2000: 'every',
      2500: 'lastComplete+last',
    }));
  test('named', () => {
    const best = at(null, { path: 'r/best.pt', role: 'best', daysAgo: 90 });
    expect(verdicts([...steps(100, 200), best], { last: 1 })).toEqual({ 100: 'stale', 200: 'lastComplete+last', 'r/best.pt': 'named' });
    expect(verdicts([...steps(100, 200), best], { last: 1, named: false })['r/best.pt']).toBe('stale');
  });
  test('pinned, locked, registered', () => {
    const members = (['pinned', 'locked', 'registered', 'openRun'] as const).map((reason, i) =>
      at(i + 1, { references: [{ reason, source: 's' }] }),
    );
    expect(Object.values(verdicts([...members, at(100)], { last: 0 }))).toEqual([
      'pinned',
      'locked',
      'registered',
      'openRun',
      'lastComplete',
    ]);
  });
  test('written in the last days', () =>
    expect(verdicts([at(100, { daysAgo: 29.9 }), at(200, { daysAgo: 30 }), at(300, { daysAgo: 31 })], { last: 0, graceDays: 30 })).toEqual({
      100: 'recent',
      200: 'stale',
      300: 'lastComplete',
    }));
  test('read in the last days', () => {
    const members = [at(100, { lastReadMs: AS_OF - 89 * DAY }), at(200, { lastReadMs: AS_OF - 90 * DAY }), at(300)];
    expect(verdicts(members, { last: 1 })).toEqual({ 100: 'inUse', 200: 'stale', 300: 'lastComplete+last' });
    expect(verdicts(members, { last: 1, readDays: 0 })[100]).toBe('stale');
  });
  test('written after the snapshot began is recent', () =>
    expect(verdicts([at(100, { daysAgo: -1 })], { last: 0 })[100]).toBe('recent+lastComplete'));
  test('a budget keeps more, evenly', () =>
    expect(verdicts(steps(100, 200, 300, 400, 500, 600, 700, 800, 900), { last: 1, budgetBytes: 40 })).toEqual({
      100: 'stale',
      200: 'stale',
      300: 'budget',
      400: 'stale',
      500: 'budget',
      600: 'stale',
      700: 'budget',
      800: 'stale',
      900: 'lastComplete+last',
    }));
  test('a budget that is too small lets go of nothing that is held', () =>
    expect(verdicts(steps(100, 200), { last: 2, budgetBytes: 5 })).toEqual({ 100: 'last', 200: 'lastComplete+last' }));
  test('what is unknown takes room of the budget', () => {
    const members = [...steps(100, 200, 300), at(150, { state: 'unknown' })];
    expect(verdicts(members, { last: 1, budgetBytes: 20 })).toEqual({
      100: 'stale',
      150: 'review',
      200: 'stale',
      300: 'lastComplete+last',
    });
  });
});

/** https://docs.determined.ai experiment configuration reference, "Checkpoint Saving Policy": the example and its table. */
describe("Determined's table of policies", () => {
  const trials: readonly (readonly [trial: number, checkpoint: number, loss: number | null])[] = [
    [1, 1, null],
    [1, 2, null],
    [1, 3, 0.6],
    [1, 4, 0.5],
    [1, 5, 0.4],
    [2, 6, null],
    [2, 7, 0.2],
    [2, 8, 0.3],
    [2, 9, null],
    [2, 10, null],
  ];
  const members = trials.map(([trial, checkpoint, loss]) =>
    at(checkpoint, {
      run: `t${trial}/`,
      project: 'e/',
      daysAgo: 200 - checkpoint,
      metrics: new Map(loss === null ? [] : [['loss', loss]]),
    }),
  );
  test.each([
    [0, 0, 0, []],
    [2, 0, 0, [8, 7]],
    [5, 0, 0, [8, 7, 5, 4, 3]],
    [0, 1, 0, [7, 5]],
    [0, 3, 0, [8, 7, 5, 4, 3]],
    [0, 0, 1, [10, 5]],
    [0, 0, 3, [10, 9, 8, 5, 4, 3]],
    [2, 1, 0, [8, 7, 5]],
    [2, 0, 1, [10, 8, 7, 5]],
    [0, 1, 1, [10, 7, 5]],
    [2, 1, 1, [10, 8, 7, 5]],
  ])('experiment best %i, trial best %i, trial latest %i: %j', (bestOfProject, best, last, expected) => {
    const kept = keep(members, {
      policy: policy({ bestOfProject, best, last, metric: { name: 'loss', mode: 'min' } }),
      asOfMs: AS_OF,
      keepsLastComplete: false,
    });
    expect(members.filter((_, index) => kept[index]?.verdict === 'keep').map(({ step }) => step)).toEqual(
      [...expected].sort((a, b) => a - b),
    );
  });
});
