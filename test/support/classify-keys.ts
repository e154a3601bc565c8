import { readFileSync } from 'node:fs';
import { claimsOf } from '../../src/core/classify/claims.ts';
import { Classifier } from '../../src/core/classify/classifier.ts';
import { DirectoryClassifier } from '../../src/core/classify/directory-classifier.ts';
import { MarkerFinder } from '../../src/core/classify/markers.ts';
import type { CompiledOverride } from '../../src/core/classify/overrides.ts';
import { parseRuleSet } from '../../src/core/classify/rule-set.ts';
import { TreeBuilder } from '../../src/core/cube/tree-builder.ts';
import { encodeUtf8 } from '../../src/core/cube/utf8.ts';

const parsed = parseRuleSet(JSON.parse(readFileSync(new URL('../../resources/classification-rules.json', import.meta.url), 'utf8')));
if (!parsed.ok) throw new Error(`${parsed.error.message} ${parsed.error.field ?? ''}`);
export const RULES = parsed.value;
export const CLASSIFIER = new Classifier(RULES);

/** Both passes over the keys of a bucket, as a scan runs them: a rule's number for every key, -1 for none. */
export function classifyKeys(keys: readonly string[], overrides: readonly CompiledOverride[] = [], classifier = CLASSIFIER): number[] {
  const tree = new TreeBuilder();
  const finder = new MarkerFinder(classifier, tree);
  const rows = keys.map((key, at) => {
    const bytes = encodeUtf8(key);
    const own = tree.directoryOf(bytes, 0, bytes.length);
    finder.see(own, bytes, 0, tree.nameOffset, bytes.length);
    return { at, bytes, own, nameAt: tree.nameOffset };
  });
  const { columns, rank } = tree.build();
  const pass = new DirectoryClassifier(classifier, overrides, columns, claimsOf(finder, columns, rank));
  const found = new Array<number>(keys.length);
  for (const row of rows.sort((a, b) => (rank[a.own] as number) - (rank[b.own] as number) || a.at - b.at)) {
    pass.enter(rank[row.own] as number);
    found[row.at] = pass.ruleOf(row.bytes, row.nameAt, row.bytes.length);
  }
  return found;
}
