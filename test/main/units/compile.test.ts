import { join } from 'node:path';
import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { KeepPolicySchema } from '../../../src/contract/keep.ts';
import { METHODS } from '../../../src/contract/methods.ts';
import type { Compiled, Proposal } from '../../../src/contract/proposals.ts';
import type { Result } from '../../../src/contract/result.ts';
import { KINDS } from '../../../src/contract/vocabulary.ts';
import type { CallContext } from '../../../src/main/engine/handler.ts';
import { proposalHandlers } from '../../../src/main/engine/handlers/proposals.ts';
import { unitHandlers } from '../../../src/main/engine/handlers/units.ts';
import { oracleKeys } from '../../../src/main/engine/oracle-keys.ts';
import { openIndex } from '../../../src/main/index/reader.ts';
import { hardKey } from '../../support/hard-keys.ts';
import { daysAgo, inFolder, type PlainRow, RESOURCES, row, writeIndex } from '../../support/index-rows.ts';
import { trainerCheckpoint } from '../../support/runs.ts';
import { AS_OF_DAY, deedsOf, idOf } from '../../support/tagged-story.ts';
import { unitsOfKeys } from '../../support/unit-keys.ts';

const deep = process.env.ISOTHERM_DEEP === '1';
const MIB = 1_048_576;
const call = (folder: string): CallContext => ({
  environment: { version: '0.0.0', dataDir: folder, resourcesDir: RESOURCES, now: () => new Date() },
  signal: new AbortController().signal,
  progress: () => undefined,
});
const must = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message} ${result.error.detail ?? ''}`);
  return result.value;
};
const propose = async (folder: string, given: object): Promise<Proposal[]> => {
  const params = v.parse(METHODS['recommend.list'].params, { limit: 1000, ...given });
  const answer = must(await proposalHandlers['recommend.list'](params, call(folder)));
  expect(v.safeParse(METHODS['recommend.list'].result, answer).success).toBe(true);
  return answer.proposals;
};
const compile = async (folder: string, given: object): Promise<Compiled> => {
  const params = v.parse(METHODS['recommend.compile'].params, { folder: join(folder, 'lists'), ...given });
  const answer = must(await proposalHandlers['recommend.compile'](params, call(folder)));
  expect(v.safeParse(METHODS['recommend.compile'].result, answer).success).toBe(true);
  return answer;
};
const keysIn = (index: string) => {
  const reader = must(openIndex(index));
  return [...oracleKeys(reader, '1', must(reader.cube('1')))];
};

const UNDO_DAYS = 14;
/** Until everything that is hidden on the first day has been removed. */
const DAYS = UNDO_DAYS + 2;

const fate = fc.oneof(
  { weight: 8, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Partial<PlainRow>>(
      { isBlocked: true },
      { isHeld: true },
      { retainUntilMs: daysAgo(-30) },
      { retainUntilMs: daysAgo(5) },
    ),
  },
);
/** One key with some versions of it: what is current, replaced, deleted, or both. */
function versionsOf(key: string, days: number, form: number, facts: Partial<PlainRow>): PlainRow[] {
  const at = (versionId: string, state: PlainRow['state'], age: number) =>
    row(key, { sizeBytes: MIB, versionId, state, lastModifiedMs: daysAgo(age), ...facts });
  if (form === 0) return [at('', 'current', days)];
  if (form === 1) return [at('a', 'current', days), at('b', 'noncurrent', days + 3)];
  if (form === 2) return [at('m', 'marker', Math.max(0, days - 2)), at('a', 'noncurrent', days)];
  return [at('a', 'current', days), at('m', 'old marker', days + 1), at('b', 'noncurrent', days + 9)];
}
const form = fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }) });
const step = fc.record({
  step: fc.integer({ min: 1, max: 12 }),
  days: fc.integer({ min: 0, max: 120 }),
  form,
  facts: fate,
  drop: fc.oneof({ weight: 5, arbitrary: fc.constant(-1) }, { weight: 1, arbitrary: fc.nat(6) }),
});
const run = fc.record({
  root: fc.constantFrom('exp/a/', 'exp/b/', 'b+c %2F/\u202e/', 'x=1//é/', ''),
  layout: fc.constantFrom('hf', 'deepspeed', 'lightning'),
  steps: fc.uniqueArray(step, { minLength: 1, maxLength: 6, selector: (one) => one.step }),
});

function rowsOf(
  runs: readonly {
    root: string;
    layout: string;
    steps: readonly { step: number; days: number; form: number; facts: Partial<PlainRow>; drop: number }[];
  }[],
): PlainRow[] {
  return runs.flatMap(({ root, layout, steps }) =>
    steps.flatMap(({ step: number, days, form: how, facts, drop }) => {
      const keys =
        layout === 'hf'
          ? trainerCheckpoint(root, number * 100, days).map(({ key }) => key)
          : layout === 'deepspeed'
            ? ['mp_rank_00_model_states.pt', 'zero_pp_rank_0_mp_rank_00_optim_states.pt', 'zero_pp_rank_1_mp_rank_00_optim_states.pt'].map(
                (name) => `${root}ds/global_step${number}/${name}`,
              )
            : [`${root}pl/epoch=${number}-step=${number * 10}.ckpt`];
      return keys.flatMap((key, at) => (at === drop ? [] : versionsOf(key, days, how, at === 0 ? facts : {})));
    }),
  );
}

const policy = fc
  .record({
    last: fc.nat(3),
    everySteps: fc.option(fc.constantFrom(200, 300), { nil: null }),
    named: fc.boolean(),
    graceDays: fc.constantFrom(1, 7, 30),
    budgetBytes: fc.option(fc.constantFrom(3 * MIB, 20 * MIB), { nil: null }),
  })
  .map((given) => v.parse(KeepPolicySchema, given));

test('for random trees and keep policies, compiled rules and lists delete exactly what is stale, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(run, { minLength: 1, maxLength: 4 }),
      fc.array(hardKey, { maxLength: 6 }),
      policy,
      fc.nat(8),
      async (runs, others, keep, prefixRules) => {
        const rows = [
          ...new Map(
            [...rowsOf(runs), ...others.map((key) => row(key, { versionId: '', lastModifiedMs: daysAgo(200), sizeBytes: MIB }))].map(
              (one) => [idOf(one.key, one.versionId), one],
            ),
          ).values(),
        ];
        await inFolder(async (folder) => {
          const index = join(folder, 'x.db');
          await writeIndex(index, rows);
          const options = { policy: keep, undoDays: UNDO_DAYS };
          const proposals = await propose(folder, { index, kinds: ['checkpoint', 'unfinished'], options });
          const compiled = await compile(folder, { index, ids: proposals.map(({ id }) => id), options, prefixRules });
          expect(compiled.proof).toMatchObject({ isExact: true, missed: [], unwanted: [] });

          // What was meant, from the verdicts of whole units and from what no rule may touch.
          const list = v.parse(METHODS['units.list'].params, {
            index,
            kinds: ['checkpoint', 'checkpoint_incomplete'],
            policy: keep,
            limit: 1000,
          });
          const { units } = must(await unitHandlers['units.list'](list, call(folder)));
          const goes = new Set(
            units
              .filter(({ verdict, confidence }) => (verdict === 'stale' || verdict === 'unfinished') && confidence !== 'low')
              .map(({ path, name, kind }) => `${kind} ${path} ${name}`),
          );
          const { of } = unitsOfKeys(rows);
          const nameOf = (at: number): string => (of[at] ? `${of[at].kind} ${of[at].path} ${of[at].name}` : '');
          const blocked = new Set(
            rows.flatMap((one, at) => (one.isBlocked && one.state !== 'marker' && one.state !== 'old marker' ? [nameOf(at)] : [])),
          );
          const meant = rows.flatMap((one, at) =>
            one.state !== 'marker' && one.state !== 'old marker' && goes.has(nameOf(at)) && !blocked.has(nameOf(at))
              ? [idOf(one.key, one.versionId || null)]
              : [],
          );
          const deeds = deedsOf(keysIn(index), compiled, DAYS);
          const markers = new Set(
            rows.flatMap((one) => (one.state === 'marker' || one.state === 'old marker' ? [idOf(one.key, one.versionId || null)] : [])),
          );
          const touched = [...deeds].filter(([id]) => !markers.has(id));
          expect(touched.map(([id]) => id).sort()).toEqual([...meant].sort());
          for (const [, own] of touched) expect(own.at(-1)?.kind).toBe('removed');
        });
      },
    ),
    { seed: 5, numRuns: deep ? 500 : 15 },
  );
});

test('whatever is proposed of hard keys, no table, store, feature or unknown thing is ever touched, and no version is in two proposals', async () => {
  const plain = fc
    .tuple(hardKey, fc.nat(3), fc.integer({ min: 0, max: 800 }), fate)
    .map(([key, how, days, facts]) => versionsOf(key, days, how, facts));
  const never = new Set(
    ['dataset_live_table', 'dataset_store', 'feature', 'system', 'other'].map((kind) => KINDS.indexOf(kind as (typeof KINDS)[number])),
  );
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(plain, { minLength: 1, maxLength: 40, selector: ([first]) => first?.key }), async (keys) => {
      await inFolder(async (folder) => {
        const index = join(folder, 'x.db');
        await writeIndex(index, keys.flat());
        const proposals = (await propose(folder, { index })).filter(({ kind }) => kind !== 'text');
        const compiled = await compile(folder, { index, ids: proposals.map(({ id }) => id), prefixRules: 5 });
        expect(compiled.proof).toMatchObject({ isExact: true });
        expect(compiled.proof.intended).toBe(
          proposals.reduce((sum, { versions, kind, count }) => sum + (kind === 'markers' ? count : versions), 0),
        );
        const kindOf = new Map<string, number>();
        const reader = must(openIndex(index));
        const { tree } = must(reader.cube('1'));
        must(
          reader.scan('1', { from: 0, to: tree.count }, (block) => {
            for (let at = 0; at < block.rows; at++)
              if (block.state[at] !== 2)
                kindOf.set(idOf(tree.path(block.directory[at] as number) + block.name(at), block.versionId(at)), block.kind[at] as number);
          }),
        );
        const deeds = deedsOf(keysIn(index), compiled, 3);
        for (const id of deeds.keys()) expect(never.has(kindOf.get(id) ?? -1)).toBe(false);
        // On its first day S3 acts on what was counted alone. Delete markers that hide nothing go along with what they hid.
        const first = [...deeds].filter(([id, own]) => kindOf.has(id) && own[0]?.day === AS_OF_DAY + 1);
        expect(first.length).toBeLessThanOrEqual(compiled.proof.intended);
      });
    }),
    { seed: 7, numRuns: deep ? 400 : 12 },
  );
});
