import { appError } from '../../contract/errors.ts';
import type { LifecycleConfiguration, Rule } from '../../contract/lifecycle.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { OWNED_RULE_PREFIX } from '../../contract/vocabulary.ts';
import { canonicalRule, respell } from './canonical.ts';
import { isOwned } from './diff.ts';
import { ruleId } from './rule-id.ts';
import { errorsOf, policyInvalid } from './validate/validate.ts';

export interface MergeInput {
  /** What the bucket has; null when it has no configuration. */
  readonly current: LifecycleConfiguration | null;
  /** What our rules shall be from now on: all of them. */
  readonly policy: LifecycleConfiguration;
  readonly convertLegacy: boolean;
  /** Another server than AWS: some of them answer Filter rules in the older spelling. */
  readonly isCustomEndpoint: boolean;
}

export interface Merged {
  /** null when no rule is left: the bucket's configuration would be deleted. */
  readonly configuration: LifecycleConfiguration | null;
  readonly warnings: readonly string[];
}

const meaning = (rule: Rule, withId: boolean): string =>
  JSON.stringify(withId ? canonicalRule(rule) : { ...canonicalRule(rule), id: null });

/**
 * The rules to write for a policy: ours in one spelling, each with an owned ID. A policy may repeat a foreign
 * rule of the bucket unchanged (it stays foreign); a foreign ID with another meaning is refused.
 */
function ownRules(policy: readonly Rule[], foreign: readonly Rule[], warnings: string[]): Result<Rule[]> {
  const rules: Rule[] = [];
  const taken = new Set(policy.filter(isOwned).map((rule) => rule.ID));
  for (const [index, rule] of policy.entries()) {
    if (isOwned(rule)) {
      rules.push(respell(rule));
      continue;
    }
    const same = foreign.find((other) => rule.ID !== undefined && other.ID === rule.ID);
    if (same !== undefined) {
      if (meaning(same, true) === meaning(rule, true)) continue;
      const message = `Rule "${rule.ID}", ID: the bucket already has a rule of this name that does something else; give yours another name.`;
      return err(appError('PolicyInvalid', message, { field: 'ID' }));
    }
    const wanted = ruleId(`${OWNED_RULE_PREFIX}policy`, rule.ID ?? `rule-${index + 1}`);
    let id = wanted;
    for (let copy = 2; taken.has(id); copy += 1) id = ruleId(`${OWNED_RULE_PREFIX}policy`, `${rule.ID ?? `rule-${index + 1}`}-${copy}`);
    taken.add(id);
    warnings.push(
      `The rule ${rule.ID === undefined ? `no. ${index + 1} of the policy` : `"${rule.ID}"`} would be named "${id}", so that it can be told from the rules of others.`,
    );
    rules.push(respell({ ...rule, ID: id }));
  }
  return ok(rules);
}

/**
 * The configuration to write: foreign rules with the same meaning and in order, our earlier rules replaced
 * by the policy's. Fails with PolicyInvalid, or LegacyRules where rules would have to be respelled first (s3-domain 4.6).
 */
export function merge({ current, policy, convertLegacy, isCustomEndpoint }: MergeInput): Result<Merged> {
  const warnings: string[] = [];
  const foreign = (current?.Rules ?? []).filter((rule) => !isOwned(rule));
  const problems = policy.Rules.length === 0 ? [] : errorsOf(policy);
  if (problems.length > 0) return err(policyInvalid(problems));
  const ours = ownRules(policy.Rules, foreign, warnings);
  if (!ours.ok) return ours;
  const legacy = foreign.filter((rule) => rule.Filter === undefined && rule.Prefix !== undefined);
  const mustConvert = legacy.length > 0 && (ours.value.length > 0 || foreign.some((rule) => rule.Filter !== undefined));
  if (mustConvert && !convertLegacy && !isCustomEndpoint) {
    const names = legacy.map((rule) => `"${rule.ID ?? rule.Prefix}"`).join(', ');
    return err(
      appError(
        'LegacyRules',
        `The bucket has rules in the older spelling with Prefix (${names}); S3 accepts no Filter rules beside them.`,
        { field: 'Prefix' },
      ),
    );
  }
  const converts = mustConvert && convertLegacy;
  if (mustConvert) {
    const count = legacy.length === 1 ? 'One existing rule is' : `${legacy.length} existing rules are`;
    warnings.push(
      converts
        ? `${count} in the older spelling with Prefix and would be written with Filter, with the same meaning.`
        : `${count} in the older spelling with Prefix and would be written as this endpoint answered.`,
    );
  }
  const keptRules = converts ? foreign.map((rule) => (legacy.includes(rule) ? respell(rule) : rule)) : foreign;
  const rules = [...keptRules, ...ours.value];
  if (rules.length === 0) return ok({ configuration: null, warnings });
  const tooMany = errorsOf({ Rules: rules }).filter(({ code }) => code === 'too-many-rules' || code === 'id-twice' || code === 'id-length');
  return tooMany.length > 0 ? err(policyInvalid(tooMany)) : ok({ configuration: { Rules: rules }, warnings });
}
