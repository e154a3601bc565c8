import type { LifecycleConfiguration, Rule } from '../../contract/lifecycle.ts';
import type { RuleChange } from '../../contract/plan.ts';
import { OWNED_RULE_PREFIX } from '../../contract/vocabulary.ts';
import { canonicalRule } from './canonical.ts';
import { ruleInWords } from './words.ts';

export const isOwned = (rule: Rule): boolean => rule.ID?.startsWith(OWNED_RULE_PREFIX) ?? false;

const meaning = (rule: Rule): string => JSON.stringify(canonicalRule(rule));

interface RulePair {
  readonly change: RuleChange['change'];
  readonly before?: Rule;
  readonly after?: Rule;
}

/**
 * What becomes of every rule, paired by ID (rules without one by meaning):
 * the rules as they would stand, in order, then those that would go.
 */
export function pairRules(current: LifecycleConfiguration | null, proposed: LifecycleConfiguration | null): RulePair[] {
  const left = (current?.Rules ?? []).map((rule) => ({ rule, meaning: meaning(rule) }));
  const pairs = (proposed?.Rules ?? []).map((rule): RulePair => {
    const wanted = meaning(rule);
    const equalAt = left.findIndex((other) => other.meaning === wanted);
    const at = equalAt >= 0 || rule.ID === undefined ? equalAt : left.findIndex((other) => other.rule.ID === rule.ID);
    const before = at < 0 ? undefined : left.splice(at, 1)[0];
    if (before === undefined) return { change: 'added', after: rule };
    return { change: equalAt >= 0 ? 'kept' : 'changed', before: before.rule, after: rule };
  });
  return [...pairs, ...left.map(({ rule }): RulePair => ({ change: 'removed', before: rule }))];
}

/** The same as it stands in a plan. */
export function diffRules(current: LifecycleConfiguration | null, proposed: LifecycleConfiguration | null): RuleChange[] {
  return pairRules(current, proposed).flatMap(({ change, before, after }) => {
    const rule = after ?? before;
    if (rule === undefined) return [];
    const words = ruleInWords(rule);
    const owner = isOwned(rule) ? 'isotherm' : 'foreign';
    const both = change === 'changed' && before !== undefined ? `before: ${ruleInWords(before)}; after: ${words}` : words;
    return [{ change, owner, ruleId: rule.ID ?? '', words: both }];
  });
}

/** Whether a configuration can remove bytes for good or hide current versions. */
export const deletesAnything = (configuration: LifecycleConfiguration | null): boolean =>
  (configuration?.Rules ?? [])
    .map(canonicalRule)
    .some((rule) => rule.enabled && (rule.expiration !== null || rule.noncurrentExpiration !== null));
