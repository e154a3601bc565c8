import type { LifecycleConfiguration } from '../../contract/lifecycle.ts';
import type { Proof, ProofFacts, ProofPart, Statement, Verdict } from '../../contract/prove.ts';
import { ok, type Result } from '../../contract/result.ts';
import { VERSION_STATES } from '../../contract/vocabulary.ts';
import { proveAnyKey } from './any-key.ts';
import { defaultRetentionDays, type KnownVersioning, type ProofRule, proofRules } from './context.ts';
import { insufficient } from './part.ts';
import { type ProofSnapshot, proveExisting } from './prove-existing.ts';
import { assumptionsOf, statementInWords } from './words.ts';

const CURRENT = VERSION_STATES.indexOf('current');

export interface ProofInput {
  readonly configuration: LifecycleConfiguration | null;
  readonly facts: ProofFacts;
  /** The UTC day the configuration is put on. */
  readonly asOfDay: number;
  /** Left out: only any possible key is asked about. */
  readonly snapshot?: ProofSnapshot | undefined;
}

/** The states versioning may be in. A snapshot with noncurrent versions or delete markers is of no unversioned bucket. */
export function statesOf({ facts, snapshot }: Pick<ProofInput, 'facts' | 'snapshot'>): KnownVersioning[] {
  if (facts.versioning !== 'unknown') return [facts.versioning];
  return snapshot?.cube.state.some((state) => state !== CURRENT) ? ['enabled', 'suspended'] : ['unversioned', 'enabled', 'suspended'];
}

/** The half of an answer that is over any key; null where it was not asked for. */
export function anyPart(
  statement: Statement,
  rules: readonly ProofRule[],
  states: readonly KnownVersioning[],
  { facts, asOfDay }: Pick<ProofInput, 'facts' | 'asOfDay'>,
): ProofPart | null {
  if (statement.covers === 'existing') return null;
  const part = proveAnyKey(statement, rules, facts, states, asOfDay);
  // Rules see keys, not categories: what holds under the prefix holds for the category, what fails there may be of another.
  if (statement.scope.category === undefined || part.verdict === 'PROVED') return part;
  return insufficient('a rule cannot tell a category from its neighbours under the same prefix', [
    ...part.missing,
    `a prefix that holds nothing but ${statement.scope.category} keys`,
  ]);
}

/** Whether an answer for any key is one for the versions that exist: not where it hangs on when they were written or how they are locked. */
const impliesExisting = (statement: Statement, facts: ProofFacts): boolean =>
  statement.kind === 'untouched' || (statement.kind === 'kept' && 'ageDays' in statement.until && defaultRetentionDays(facts) === 0);

function verdictOf(parts: readonly (ProofPart | null)[]): Verdict {
  const verdicts = parts.filter((part) => part !== null).map(({ verdict }) => verdict);
  if (verdicts.includes('COUNTEREXAMPLE')) return 'COUNTEREXAMPLE';
  return verdicts.includes('INSUFFICIENT') || verdicts.length === 0 ? 'INSUFFICIENT' : 'PROVED';
}

/** Decides one statement about a configuration, for any key and for the versions of a snapshot. */
export function prove(statement: Statement, input: ProofInput): Result<Proof> {
  const rules = proofRules(input.configuration);
  const states = statesOf(input);
  const any = anyPart(statement, rules, states, input);
  const notes: string[] = [];
  let existing: ProofPart | null = null;
  if (statement.covers !== 'any') {
    if (input.snapshot === undefined) {
      if (any?.verdict === 'PROVED' && impliesExisting(statement, input.facts))
        notes.push('What holds for any key holds for the versions that exist.');
      else existing = insufficient('no snapshot was given', ['an index of the bucket: the versions that exist today were not looked at']);
    } else {
      const asked = proveExisting(statement, rules, input.facts, states, input.asOfDay, input.snapshot);
      if (!asked.ok) return asked;
      existing = asked.value;
    }
  }
  return ok({
    statement,
    words: statementInWords(statement),
    verdict: verdictOf([any, existing]),
    any,
    existing,
    assumptions: assumptionsOf(statement, input.facts),
    notes,
  });
}
