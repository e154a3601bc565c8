import type { LifecycleConfiguration, Rule } from '../../contract/lifecycle.ts';
import { canonicalRule } from '../policy/canonical.ts';

/** Whether a rule, as it stands, can remove versions for good or hide current ones. */
function deletes(rule: Rule): boolean {
  const { enabled, expiration, noncurrentExpiration } = canonicalRule(rule);
  return enabled && (expiration !== null || noncurrentExpiration !== null);
}

/** By what it matches and deletes, whatever it is called and wherever it moves versions to. */
function deletion(rule: Rule): string {
  const { scope, expiration, noncurrentExpiration } = canonicalRule(rule);
  return JSON.stringify([scope, expiration, noncurrentExpiration]);
}

/** Rules of the second configuration that delete in a way the first one does not. */
export function addedDeletions(from: LifecycleConfiguration | null, to: LifecycleConfiguration | null): Rule[] {
  const known = new Set((from?.Rules ?? []).filter(deletes).map(deletion));
  return (to?.Rules ?? []).filter((rule) => deletes(rule) && !known.has(deletion(rule)));
}
