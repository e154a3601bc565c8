import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import type { Rule } from '../../../src/contract/lifecycle.ts';
import { type ProofFacts, ProofFactsSchema, type StatementIn, StatementSchema, type Verdict } from '../../../src/contract/prove.ts';
import { canonicalRule } from '../../../src/core/policy/canonical.ts';
import { proveAnyKey } from '../../../src/core/prove/any-key.ts';
import { proofRules } from '../../../src/core/prove/context.ts';
import { ACTIONS, metBy, type Outcome, outcomeOf, PREFIXES, ruleOf, SIZES, TAG_FILTERS, THINGS, type Thing } from './universe.ts';

const deep = process.env.ISOTHERM_DEEP === '1';
const VERSIONINGS = ['unversioned', 'enabled', 'suspended'] as const;
type Versioning = (typeof VERSIONINGS)[number];
const FACTS = Object.fromEntries(
  VERSIONINGS.map((versioning) => [
    versioning,
    v.parse(ProofFactsSchema, { versioning, objectLock: 'none', replication: 'none', minimumSize: null }),
  ]),
) as Record<Versioning, ProofFacts>;

const SCOPES = ['', 'a', 'ab', 'abc', 'b'].flatMap((prefix) =>
  [[], [{ Key: 't', Value: '1' }]].flatMap((tags) =>
    [{}, { sizeLessThan: 3 }, { sizeGreaterThan: 0 }].map((sizes) => ({ prefix, tags, ...sizes })),
  ),
);
type Scope = (typeof SCOPES)[number];

const isIn = (scope: Scope, thing: Thing): boolean =>
  thing.key.startsWith(scope.prefix) &&
  scope.tags.every(({ Key, Value }) => (thing.tags as Record<string, string>)[Key] === Value) &&
  (!('sizeLessThan' in scope) || thing.sizeBytes < (scope.sizeLessThan ?? 0));

const RULES: readonly Choice[] = ACTIONS.flatMap((_action, action) =>
  PREFIXES.flatMap((_prefix, prefix) =>
    TAG_FILTERS.flatMap((_tags, tags) => SIZES.map((_sizes, sizes) => [action, prefix, tags, sizes] as const)),
  ),
);

/** What the small world says of a scope: the soonest loss and the last thing gone over every thing and history in it. */
function truth(rules: readonly Rule[], actions: readonly number[], scope: Scope, versioning: Versioning): Outcome {
  const canonical = rules.map(canonicalRule);
  const met = THINGS.filter((thing) => isIn(scope, thing)).map((thing) => ({ key: thing.key, ...metBy(canonical, thing) }));
  const distinct = [...new Map(met.map((one) => [JSON.stringify(one), one])).values()];
  const sum = {
    removalAge: Infinity,
    removalDay: Infinity,
    hideAge: Infinity,
    hideDay: Infinity,
    quietAge: Infinity,
    quietDay: Infinity,
    versionsGoneAge: 0,
    versionsGoneDay: 0,
    goneAge: 0,
    goneDay: 0,
  };
  for (const newest of distinct) {
    for (const older of distinct) {
      if (older.key !== newest.key) continue;
      const one = outcomeOf({ actions, newest: newest.version, older: older.version, marker: newest.marker }, versioning);
      for (const name of Object.keys(sum) as (keyof Outcome)[]) {
        sum[name] = name.includes('one') ? Math.max(sum[name], one[name]) : Math.min(sum[name], one[name]);
      }
    }
  }
  return sum;
}

const verdictOf = (statement: StatementIn, rules: readonly Rule[], versioning: Versioning): Verdict =>
  proveAnyKey(v.parse(StatementSchema, statement), proofRules({ Rules: [...rules] }), FACTS[versioning], [versioning], 0).verdict;

const date = (count: number): string => new Date(count * 86_400_000).toISOString().slice(0, 10);

/** Each statement at the tightest bound that holds and the next one that does not. */
function checkScope(rules: readonly Rule[], actions: readonly number[], scope: Scope, versioning: Versioning): string[] {
  const real = truth(rules, actions, scope, versioning);
  const wrong: string[] = [];
  const say = (statement: StatementIn, holds: boolean, words: string) => {
    const verdict = verdictOf(statement, rules, versioning);
    if (verdict === (holds ? 'PROVED' : 'COUNTEREXAMPLE')) return;
    // Whether a rule with a size filter acts on delete markers is not told by S3: open, where nothing else is.
    if (
      verdict === 'INSUFFICIENT' &&
      !holds &&
      statement.kind === 'gone' &&
      rules.some((rule) => rule.Filter?.And?.ObjectSizeLessThan ?? rule.Filter?.And?.ObjectSizeGreaterThan)
    )
      return;
    wrong.push(`${versioning} ${JSON.stringify(scope)} ${words}: ${verdict}, in truth ${JSON.stringify(real)}`);
  };
  const atLeast = (value: number, make: (bound: number) => StatementIn, words: string) => {
    const tight = Math.min(value, 9);
    if (tight >= 0) say(make(tight), true, `${words} ${tight}`);
    if (value < 9) say(make(value + 1), false, `${words} ${value + 1}`);
  };
  const atMost = (value: number, make: (bound: number) => StatementIn, words: string) => {
    if (Number.isFinite(value)) say(make(value), true, `${words} ${value}`);
    if (value > 0) say(make(Number.isFinite(value) ? value - 1 : 9), false, `${words} below ${value}`);
  };
  const common = { id: 's', scope };
  atLeast(real.removalAge, (ageDays) => ({ ...common, kind: 'kept', until: { ageDays } }), 'kept age');
  atLeast(real.removalDay, (day) => ({ ...common, kind: 'kept', until: { date: date(day) } }), 'kept day');
  atLeast(real.hideAge, (ageDays) => ({ ...common, kind: 'kept', counts: 'hidden', until: { ageDays } }), 'shown age');
  atLeast(real.hideDay, (day) => ({ ...common, kind: 'kept', counts: 'hidden', until: { date: date(day) } }), 'shown day');
  atLeast(real.quietAge, (ageDays) => ({ ...common, kind: 'kept', overwrites: 'none', until: { ageDays } }), 'quiet age');
  atLeast(real.quietDay, (day) => ({ ...common, kind: 'kept', overwrites: 'none', until: { date: date(day) } }), 'quiet day');
  const hasMarkers = scope.tags.length === 0 && !('sizeLessThan' in scope) && !('sizeGreaterThan' in scope);
  atMost(hasMarkers ? real.goneAge : real.versionsGoneAge, (ageDays) => ({ ...common, kind: 'gone', by: { ageDays } }), 'gone age');
  atMost(hasMarkers ? real.goneDay : real.versionsGoneDay, (day) => ({ ...common, kind: 'gone', by: { date: date(day) } }), 'gone day');
  return wrong;
}

/** Of a pair's scopes one in so many is tried; pairs take turns. */
const SHARE = Number(process.env.ISOTHERM_PROVE_SHARE ?? (deep ? 6 : 4));

type Choice = readonly [action: number, prefix: number, tags: number, sizes: number];

/** A fixed stream of numbers below 1. */
function stream(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const rulesOf = (choices: readonly Choice[]): Rule[] => choices.map((choice, at) => ({ ...ruleOf(...choice), ID: `rule ${at}` }));

/** Every pair, or of every pair of actions as many as told. */
function* pairs(each: number): Iterable<readonly [Choice, Choice]> {
  if (!Number.isFinite(each)) {
    for (const [at, first] of RULES.entries()) for (const second of RULES.slice(at)) yield [first, second];
    return;
  }
  const random = stream(3);
  // Half of them without tags and sizes, where rules can add up to something.
  const some = (count: number): number => (random() < 0.5 ? 0 : Math.floor(random() * count));
  const any = (action: number): Choice => [action, some(PREFIXES.length), some(TAG_FILTERS.length), some(SIZES.length)];
  for (const first of ACTIONS.keys()) {
    for (let second = first; second < ACTIONS.length; second += 1) for (let n = 0; n < each; n += 1) yield [any(first), any(second)];
  }
}

describe('a small world', () => {
  test('of every pair of rules the prover says what trying everything shows', () => {
    const wrong: string[] = [];
    let tried = 0;
    for (const pair of pairs(deep ? Number.POSITIVE_INFINITY : 6)) {
      tried += 1;
      const rules = rulesOf(pair);
      for (const [index, scope] of SCOPES.entries()) {
        if ((index + tried) % SHARE !== 0) continue;
        for (const versioning of VERSIONINGS) {
          const found = checkScope(
            rules,
            pair.map(([action]) => action),
            scope,
            versioning,
          );
          wrong.push(...found.map((words) => `${pair.join(' + ')} ${words}`));
        }
      }
      if (wrong.length > 20) break;
    }
    expect(wrong).toEqual([]);
    expect(tried).toBe(deep ? (RULES.length * (RULES.length + 1)) / 2 : 546);
  }, 3_600_000);

  test('a mutation of a rule flips the statements it makes true or false, and no other', () => {
    const random = stream(17);
    const pick = (count: number): number => Math.floor(random() * count);
    const counts = [ACTIONS.length, PREFIXES.length, TAG_FILTERS.length, SIZES.length];
    let flips = 0;
    for (let round = 0; round < (deep ? 400 : 25); round += 1) {
      const base = Array.from(
        { length: 1 + pick(3) },
        (): Choice => [pick(counts[0]!), pick(counts[1]!), pick(counts[2]!), pick(counts[3]!)],
      );
      const [at, part] = [pick(base.length), pick(4)];
      const mutated = base.map((choice, index) =>
        index === at
          ? (choice.map((value, field) => (field === part ? (value + 1) % counts[field]! : value)) as unknown as Choice)
          : choice,
      );
      const versioning = VERSIONINGS[pick(3)]!;
      const scope = SCOPES[pick(SCOPES.length)]!;
      const [before, after] = [base, mutated].map((choices) =>
        truth(
          rulesOf(choices),
          choices.map(([action]) => action),
          scope,
          versioning,
        ),
      ) as [Outcome, Outcome];
      for (const ageDays of [1, 2, 3]) {
        const statement: StatementIn = { id: 's', scope, kind: 'kept', until: { ageDays } };
        const said = [base, mutated].map((choices) => verdictOf(statement, rulesOf(choices), versioning));
        expect(said, `${base.join(' + ')} -> ${mutated.join(' + ')}`).toEqual(
          [before, after].map(({ removalAge }) => (removalAge < ageDays ? 'COUNTEREXAMPLE' : 'PROVED')),
        );
        if (said[0] !== said[1]) flips += 1;
      }
    }
    expect(flips).toBeGreaterThan(5);
  }, 600_000);
});
