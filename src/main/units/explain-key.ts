import { ok, type Result } from '../../contract/result.ts';
import type { KeyExplanation } from '../../contract/unit-views.ts';
import { CATEGORY_OF_KIND, KINDS, type Kind } from '../../contract/vocabulary.ts';
import { overrideRuleId } from '../../core/classify/overrides.ts';
import type { ClassificationRule } from '../../core/classify/rule-set.ts';
import type { Unit } from '../../core/units/unit-builder.ts';
import { loadClassifier } from '../index/load-classifier.ts';
import { rowNamed } from '../index/rows.ts';
import type { Advice } from './advice.ts';
import { viewOf } from './unit-views.ts';

/** Why a key is what it is: by itself, or in the snapshot of `advice` with its neighbours. */
export function explainKey(key: string, resourcesDir: string, advice: Advice | undefined): Result<KeyExplanation> {
  const classifier = loadClassifier(resourcesDir);
  if (!classifier.ok) return classifier;
  const alone = classifier.value.classify(key);
  const place = advice === undefined ? undefined : find(advice, key);
  if (!advice || !place) {
    const rule = classifier.value.rules.find(({ id }) => id === alone.ruleId);
    return ok({
      key,
      kind: alone.kind,
      category: CATEGORY_OF_KIND[alone.kind],
      ruleId: alone.ruleId,
      confidence: alone.confidence,
      because: rule ? 'own' : 'none',
      words: `${rule ? rule.reason : 'no rule knows a key like this'}${advice ? '; it is not in the snapshot, so its neighbours say nothing' : '; by the key alone, without its neighbours'}`,
      isInIndex: false,
      unit: null,
    });
  }
  const { ruleId, kind, unit } = place;
  const rule = classifier.value.rules.find(({ id }) => id === ruleId);
  const override = advice.settings.overrides.find(({ id }) => overrideRuleId(id) === ruleId);
  const because =
    ruleId === null ? 'none' : ruleId.startsWith('override:') ? 'override' : matchesItself(classifier.value, rule, key) ? 'own' : 'marker';
  return ok({
    key,
    kind,
    category: CATEGORY_OF_KIND[kind],
    ruleId,
    confidence: because === 'override' ? 'high' : (rule?.confidence ?? null),
    because,
    words: wordsOf(because, rule, unit, override?.glob),
    isInIndex: true,
    unit: unit ? viewOf(advice, unit, undefined) : null,
  });
}

function matchesItself(
  classifier: { readonly rules: readonly ClassificationRule[]; match(rule: number, key: string): unknown },
  rule: ClassificationRule | undefined,
  key: string,
): boolean {
  return rule !== undefined && classifier.match(classifier.rules.indexOf(rule), key) !== null;
}

function wordsOf(
  because: KeyExplanation['because'],
  rule: ClassificationRule | undefined,
  unit: Unit | undefined,
  glob: string | undefined,
): string {
  if (because === 'none') return 'no rule knows a key like this, and nothing beside or above it says what it is';
  if (because === 'override') return `a person said so of ${glob ?? 'keys like this'}`;
  if (because === 'own') return rule?.reason ?? '';
  return `something in ${unit?.path === undefined ? 'its folder' : unit.path || 'the bucket'} marks it: ${rule?.reason ?? ''}`;
}

function find(
  { view, units }: Advice,
  key: string,
): { readonly ruleId: string | null; readonly kind: Kind; readonly unit: Unit | undefined } | undefined {
  const slash = key.lastIndexOf('/') + 1;
  const directory = view.cube.tree.find(key.slice(0, slash));
  if (directory < 0) return undefined;
  const rows = view.reader.versionsIn(view.snapshotId, directory);
  if (!rows.ok) return undefined;
  const row = rowNamed(rows.value, key.slice(slash));
  if (row < 0) return undefined;
  return {
    ruleId: view.reader.ruleId(view.snapshotId, rows.value.rule[row] as number),
    kind: KINDS[rows.value.kind[row] as number] ?? 'other',
    unit: units[rows.value.unit[row] as number],
  };
}
