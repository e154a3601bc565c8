import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Rule } from '../../../src/contract/lifecycle.ts';
import type { ScenarioIntent } from '../../../src/contract/scenario.ts';
import { CATEGORY_OF_KIND, KINDS } from '../../../src/contract/vocabulary.ts';
import { errorsOf } from '../../../src/core/policy/validate/validate.ts';
import { compileScenario, withDays } from '../../../src/core/recommend/scenario.ts';
import { buildCube, type TestVersion } from '../../support/cube-builder.ts';

const options = { asOfMs: Date.parse('2026-11-22T00:00:00.000Z') };
const at = (key: string, kind: NonNullable<TestVersion['kind']>, more: Partial<TestVersion> = {}): TestVersion => ({
  key,
  kind,
  sizeBytes: 1000,
  writtenDay: 20_000,
  ...more,
});
const REST: ScenarioIntent = { id: 'rest', target: 'dataset', prefix: '', act: 'move', storageClass: 'GLACIER_IR', days: 90 };
const SLEEP: ScenarioIntent = { id: 'sleep', target: 'dataset', prefix: '', act: 'move', storageClass: 'DEEP_ARCHIVE', days: 730 };
const REPLACED: ScenarioIntent = { id: 'replaced', target: 'any', prefix: '', act: 'expireNoncurrent', days: 30 };
const UPLOADS: ScenarioIntent = { id: 'uploads', target: 'any', prefix: '', act: 'abortUploads', days: 7 };
const MARKERS: ScenarioIntent = { id: 'markers', target: 'any', prefix: '', act: 'removeExpiredMarkers', days: 1 };
const compile = (versions: TestVersion[], ...intents: ScenarioIntent[]) => compileScenario(buildCube(versions, options), 'b', intents);

describe('a scenario', () => {
  test('success-two-moves-of-one-category-are-one-rule', () => {
    const made = compile([at('data/a/x', 'dataset'), at('m', 'model')], SLEEP, REST);
    expect(made.policy.Rules).toEqual([
      {
        ID: 'isotherm/b/dataset/data',
        Status: 'Enabled',
        Filter: { Prefix: 'data/' },
        Transitions: [
          { Days: 90, StorageClass: 'GLACIER_IR' },
          { Days: 730, StorageClass: 'DEEP_ARCHIVE' },
        ],
      },
    ]);
    expect(made.rules[0]).toMatchObject({ intentIds: ['sleep', 'rest'], versions: 1, bytes: 1000 });
  });

  test('success-replaced-versions-go-everywhere-but-in-live-tables', () => {
    const made = compile(
      [at('a/x', 'dataset', { state: 'noncurrent' }), at('t/metadata/v1', 'dataset_live_table', { state: 'noncurrent' }), at('m', 'model')],
      REPLACED,
    );
    expect(made.policy.Rules.map(({ Filter }) => Filter?.Prefix)).toEqual(['a/']);
    expect(made.rules[0]).toMatchObject({ versions: 1, bytes: 1000, alsoTouches: [] });
  });

  test('success-uploads-and-lone-markers-are-one-rule-over-the-bucket', () => {
    expect(compile([at('a/x', 'dataset')], UPLOADS, MARKERS).policy.Rules).toEqual([
      {
        ID: expect.stringMatching(/^isotherm\/b\/hygiene\/whole-bucket~/) as string,
        Status: 'Enabled',
        Filter: { Prefix: '' },
        Expiration: { ExpiredObjectDeleteMarker: true },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      },
    ]);
  });

  test('success-a-prefix-narrows-what-would-lie-above-it', () => {
    const made = compile([at('data/a/x', 'dataset'), at('data/b/y', 'dataset'), at('m', 'model')], { ...REST, prefix: 'data/b/' });
    expect(made.rules).toMatchObject([{ prefix: 'data/b/', versions: 1, bytes: 1000 }]);
  });

  test('refuse-a-place-that-holds-something-else', () => {
    const made = compile([at('mixed/x', 'dataset'), at('mixed/y', 'model')], REST);
    expect(made.policy.Rules).toEqual([]);
    expect(made.heldBack).toMatchObject([{ prefix: '', reason: expect.stringContaining('model') as string }]);
  });

  test('success-nothing-wanted-writes-nothing', () => {
    expect(compile([at('a/x', 'dataset')])).toEqual({ policy: { Rules: [] }, rules: [], heldBack: [], warnings: [] });
  });
});

const anyIntents = fc.uniqueArray(
  fc.record({
    target: fc.constantFrom('dataset' as const, 'checkpoint' as const, 'experiment' as const, 'log' as const, 'any' as const),
    act: fc.constantFrom('move' as const, 'expire' as const, 'expireNoncurrent' as const),
    prefix: fc.constantFrom('', 'a/', 'a/b/'),
    days: fc.integer({ min: 1, max: 900 }),
  }),
  { maxLength: 6, selector: ({ target, act, prefix }) => `${target} ${act} ${prefix}` },
);
const anyVersions = fc.array(
  fc
    .record({
      directory: fc.constantFrom('', 'a/', 'a/b/', 'a/b/c/', 'd/', 'd/é/', '=e/'),
      kind: fc.constantFrom(...KINDS),
      state: fc.constantFrom('current' as const, 'noncurrent' as const),
    })
    .map(({ directory, kind, state }, ...rest) => ({ directory, kind, state, rest })),
  { minLength: 1, maxLength: 25 },
);

const build = (
  intents: { target: ScenarioIntent['target']; act: ScenarioIntent['act']; prefix: string; days: number }[],
): ScenarioIntent[] =>
  intents.map((intent, i) => ({ ...intent, id: `i${i}`, ...(intent.act === 'move' ? { storageClass: 'GLACIER_IR' } : {}) }));

const hits = (rule: Rule, key: string): boolean => key.startsWith(rule.Filter?.Prefix ?? '');

test('no rule reaches a live table, nor anything but its own category where it would expire it', () => {
  fc.assert(
    fc.property(anyVersions, anyIntents, (drawn, wanted) => {
      const versions = drawn.map(({ directory, kind, state }, i) => at(`${directory}k${i}`, kind, { state }));
      const intents = build(wanted);
      const made = compileScenario(buildCube(versions, options), 'p', intents);
      made.policy.Rules.forEach((rule, i) => {
        const [own] = intents.filter(({ id }) => made.rules[i]?.intentIds.includes(id));
        for (const { key, kind, state } of versions) {
          if (!hits(rule, key)) continue;
          const isLive = kind === 'dataset_live_table' || kind === 'dataset_store';
          expect(isLive && own?.target !== undefined).toBe(false);
          if (rule.Expiration !== undefined && own?.target !== 'any' && state === 'current') {
            expect([own?.target, 'system']).toContain(CATEGORY_OF_KIND[kind ?? 'other']);
          }
          expect(key.startsWith(own?.prefix ?? '')).toBe(true);
        }
      });
    }),
    { seed: 7, numRuns: process.env.ISOTHERM_DEEP ? 3000 : 200 },
  );
});

test('other days give the rules that compiling with them would give', () => {
  fc.assert(
    fc.property(anyVersions, anyIntents, fc.infiniteStream(fc.integer({ min: 1, max: 900 })), (drawn, wanted, stream) => {
      const cube = buildCube(
        drawn.map(({ directory, kind, state }, i) => at(`${directory}k${i}`, kind, { state })),
        options,
      );
      const before = [...build(wanted), UPLOADS];
      const after = before.map((intent) => ({ ...intent, days: stream.next().value as number }));
      expect(withDays(compileScenario(cube, 'p', before), after)).toEqual(compileScenario(cube, 'p', after).policy);
    }),
    { seed: 7, numRuns: 100 },
  );
});

test('what a whole scenario compiles to is a configuration S3 takes', () => {
  const versions = [
    at('data/x', 'dataset'),
    at('runs/1/y', 'experiment'),
    at('ck/1/z', 'checkpoint', { state: 'noncurrent' }),
    at('logs/a', 'log'),
  ];
  const logs: ScenarioIntent = { id: 'logs', target: 'log', prefix: '', act: 'expire', days: 400 };
  const made = compile(versions, REST, SLEEP, REPLACED, logs, UPLOADS, MARKERS);
  expect(errorsOf(made.policy)).toEqual([]);
  expect(made.policy.Rules.length).toBeGreaterThan(3);
});
