import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { Classifier } from '../../core/classify/classifier.ts';
import { parseRuleSet } from '../../core/classify/rule-set.ts';

const loaded = new Map<string, Classifier>();

/** The shipped classification rules, compiled once. */
export function loadClassifier(resourcesDir: string): Result<Classifier> {
  const file = join(resourcesDir, 'classification-rules.json');
  const known = loaded.get(file);
  if (known) return ok(known);
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    return err(appError('FileUnreadable', 'The classification rules cannot be read.', { file, detail }));
  }
  const rules = parseRuleSet(json);
  if (!rules.ok) return rules;
  const classifier = new Classifier(rules.value);
  loaded.set(file, classifier);
  return ok(classifier);
}
