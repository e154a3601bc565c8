import type { LifecycleConfiguration, Rule } from '../../contract/lifecycle.ts';
import type { RuleChange } from '../../contract/plan.ts';
import { OWNED_RULE_PREFIX } from '../../contract/vocabulary.ts';
import { canonicalRule } from './canonical.ts';
import { ruleInWords } from './words.ts';

export const isOwned = (rule: Rule): boolean => rule.ID?.startsWith(OWNED_RULE_PREFIX) ?? false;

const meaning = (rule: Rule): string => JSON.stringify(canonicalRule(rule));

/**
 * What becomes of every rule, paired by ID (rules without one by meaning):
 * the rules as they would stand, in order, then those that would go.
 */
export function diffRules(current: LifecycleConfiguration | null, proposed: LifecycleConfiguration | null): RuleChange[] {
  const left = [...(current?.Rules ?? [])];
  const changes: RuleChange[] = [];
  const entry = (change: RuleChange['change'], rule: Rule, words: string) =>
    changes.push({ change, owner: isOwned(rule) ? 'isotherm' : 'foreign', ruleId: rule.ID ?? '', words });
  for (const rule of proposed?.Rules ?? []) {
    const wanted = meaning(rule);
    const equalAt = left.findIndex((other) => meaning(other) === wanted);
    const at = equalAt >= 0 || rule.ID === undefined ? equalAt : left.findIndex((other) => other.ID === rule.ID);
    const before = at < 0 ? undefined : left.splice(at, 1)[0];
    const words = ruleInWords(rule);
    if (before === undefined) entry('added', rule, words);
    else if (equalAt >= 0) entry('kept', rule, words);
    else entry('changed', rule, `before: ${ruleInWords(before)}; after: ${words}`);
  }
  for (const rule of left) entry('removed', rule, ruleInWords(rule));
  return changes;
}

/** Whether a configuration can remove bytes for good or hide current versions. */
export const deletesAnything = (configuration: LifecycleConfiguration | null): boolean =>
  (configuration?.Rules ?? [])
    .map(canonicalRule)
    .some((rule) => rule.enabled && (rule.expiration !== null || rule.noncurrentExpiration !== null));
