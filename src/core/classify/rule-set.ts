import * as v from 'valibot';
import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { KINDS } from '../../contract/vocabulary.ts';

const RuleSetSchema = v.object({
  schema: v.literal('isotherm-classification/1'),
  rules: v.array(
    v.object({
      id: v.pipe(v.string(), v.minLength(1)),
      kind: v.picklist(KINDS),
      regex: v.string(),
      unit: v.string(),
      samples: v.array(v.string()),
      nonSamples: v.array(v.string()),
    }),
  ),
});
export type ClassificationRule = v.InferOutput<typeof RuleSetSchema>['rules'][number];
export type RuleSet = readonly ClassificationRule[];

/** Reads resources/classification-rules.json (parsed JSON). A file this version cannot use is IndexUnreadable's twin: FileUnreadable. */
export function parseRuleSet(json: unknown): Result<RuleSet> {
  const parsed = v.safeParse(RuleSetSchema, json);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    const field = v.getDotPath(issue);
    return err(
      appError('FileUnreadable', `The classification rules are not ones this version reads: ${issue.message}`, field ? { field } : {}),
    );
  }
  for (const rule of parsed.output.rules) {
    try {
      new RegExp(rule.regex);
    } catch (cause) {
      const detail = cause instanceof Error ? cause.message : String(cause);
      return err(
        appError('FileUnreadable', `The classification rule "${rule.id}" has a pattern that cannot be read.`, { field: 'regex', detail }),
      );
    }
  }
  return ok(parsed.output.rules);
}
