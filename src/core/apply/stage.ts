import type { LifecycleConfiguration, Rule } from '../../contract/lifecycle.ts';
import type { Stage } from '../../contract/plan.ts';
import { canonicalRule, respell, scopeOf } from '../policy/canonical.ts';

const meaning = (rule: Rule): string => JSON.stringify({ ...canonicalRule(rule), id: null });

/** A rule that reaches nothing outside of a prefix; switched off where it would not have reached the prefix at all. */
function within(rule: Rule, prefix: string): Rule {
  const scope = scopeOf(rule);
  if (scope.prefix.startsWith(prefix)) return rule;
  if (!prefix.startsWith(scope.prefix)) return { ...rule, Status: 'Disabled' };
  const { Prefix: _legacy, Filter: filter = {}, ...rest } = rule;
  const { Prefix: _prefix, And: and = {}, ...plain } = filter;
  const { Prefix: _inner, ...others } = and;
  // Everything inside And: respell takes it apart again where one predicate is left.
  const tags = [...(plain.Tag === undefined ? [] : [plain.Tag]), ...(others.Tags ?? [])];
  const { Tag: _tag, ...sizes } = plain;
  return respell({ ...rest, Filter: { And: { ...sizes, ...others, ...(tags.length === 0 ? {} : { Tags: tags }), Prefix: prefix } } });
}

/**
 * A policy as it would be written at a stage. Rules that are in force already, with the same meaning, stay as they are: a stage holds
 * back what is new.
 */
export function stagePolicy(policy: LifecycleConfiguration, current: LifecycleConfiguration | null, stage: Stage): LifecycleConfiguration {
  if (stage.name === 'full') return policy;
  const inForce = new Set((current?.Rules ?? []).map(meaning));
  return {
    Rules: policy.Rules.map((rule) => {
      if (inForce.has(meaning(rule))) return rule;
      return stage.name === 'disabled' ? { ...rule, Status: 'Disabled' } : within(rule, stage.canaryPrefix ?? '');
    }),
  };
}
