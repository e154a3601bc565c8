import * as v from 'valibot';
import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { CONFIDENCES, KINDS } from '../../contract/vocabulary.ts';

/**
 * A rule that claims says more than what its own key is: the key marks a place.
 * `table` and `store`: everything below the unit's root is the rule's, whatever it looks like.
 * `below`: so is everything below that no rule, or only a yielding one, knows; `beside`: only what lies directly in it.
 * A key is a marker where the rule's pattern matches it and it ends in one of `suffixes` or lies below a folder
 * of one of the names in `segments`.
 */
const ClaimSchema = v.strictObject({
  scope: v.picklist(['table', 'store', 'below', 'beside']),
  suffixes: v.optional(v.array(v.pipe(v.string(), v.minLength(4))), []),
  segments: v.optional(v.array(v.string()), []),
});
export type Claim = v.InferOutput<typeof ClaimSchema>;

const RuleSetSchema = v.object({
  schema: v.literal('isotherm-classification/2'),
  rules: v.pipe(
    v.array(
      v.strictObject({
        id: v.pipe(v.string(), v.minLength(1)),
        kind: v.picklist(KINDS),
        confidence: v.picklist(CONFIDENCES),
        /** Why a key that matches is of this kind: the end of "This key …", in words. */
        reason: v.pipe(v.string(), v.minLength(1)),
        regex: v.string(),
        /** What is kept or deleted whole: a path made of the pattern's groups; "self" is the key alone. */
        unit: v.string(),
        claims: v.optional(ClaimSchema),
        /** Kinds of claims that are stronger than this rule. */
        yieldsTo: v.optional(v.array(v.picklist(KINDS)), []),
        samples: v.array(v.string()),
        nonSamples: v.array(v.string()),
      }),
    ),
    // An index holds a rule's place in one byte, and people's own rules come after these.
    v.maxLength(127),
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
