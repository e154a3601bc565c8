import type { LifecycleConfiguration, MinimumSize } from '../../contract/lifecycle.ts';
import type { PolicyComparison } from '../../contract/policy-check.ts';
import { canonicalRule, canonicalText } from './canonical.ts';
import { pairRules } from './diff.ts';
import { ruleDifferences } from './same-meaning.ts';
import { ruleInWords } from './words.ts';

interface Side {
  readonly configuration: LifecycleConfiguration | null;
  readonly minimumSize: MinimumSize;
}

const SIZE_WORDS: Readonly<Record<string, string>> = {
  all_storage_classes_128K: 'objects below 128 KiB are moved nowhere',
  varies_by_storage_class: 'objects below 128 KiB are moved to GLACIER and DEEP_ARCHIVE only',
  none: 'nothing is said of small objects',
};

/** What a configuration does otherwise than another, rule by rule and in words. */
export function comparePolicies(before: Side, after: Side): PolicyComparison {
  const rules = pairRules(before.configuration, after.configuration).map(({ change, before: old, after: rule }) => {
    const shown = rule ?? old;
    const ruleId = shown?.ID ?? '';
    const isChanged = change === 'changed' && old !== undefined && rule !== undefined;
    return {
      change,
      ruleId,
      words: isChanged ? `before: ${ruleInWords(old)}; after: ${ruleInWords(rule)}` : shown === undefined ? '' : ruleInWords(shown),
      fields: isChanged
        ? ruleDifferences(ruleId, canonicalRule(old), canonicalRule(rule)).map(({ field, widens, words }) => ({ field, widens, words }))
        : [],
    };
  });
  const sizes = { before: before.minimumSize, after: after.minimumSize };
  const words = rules
    .filter(({ change }) => change !== 'kept')
    .map(({ change, ruleId, words: what }) => `The rule ${ruleId === '' ? 'without an ID' : `"${ruleId}"`} is ${change}: ${what}.`);
  if (sizes.before !== sizes.after) {
    words.push(`Small objects: before, ${SIZE_WORDS[sizes.before ?? 'none']}; after, ${SIZE_WORDS[sizes.after ?? 'none']}.`);
  }
  const same = canonicalText(before.configuration, before.minimumSize) === canonicalText(after.configuration, after.minimumSize);
  return { same, rules, minimumSize: sizes, words };
}
