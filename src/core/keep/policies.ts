import * as v from 'valibot';
import { type KeepPolicy, KeepPolicySchema } from '../../contract/keep.ts';
import type { KeepRule } from '../../contract/unit-views.ts';
import { keep } from './keep.ts';
import type { Kept, Member } from './member.ts';

/** What holds where nobody has said anything. */
export const USUAL_POLICY: KeepPolicy = v.parse(KeepPolicySchema, {});

/** The policy for a run: that of the longest prefix it lies below. */
export function policyFor(run: string, rules: readonly KeepRule[]): KeepPolicy {
  let found: KeepRule | undefined;
  for (const rule of rules)
    if (run.startsWith(rule.prefix) && (found === undefined || rule.prefix.length > found.prefix.length)) found = rule;
  return found?.policy ?? USUAL_POLICY;
}

/** The verdict of every member under the policies of a workspace, or under one policy that is tried. */
export function keepAll(
  members: readonly Member[],
  rules: readonly KeepRule[],
  tried: KeepPolicy | undefined,
  asOfMs: number,
): Map<number, Kept> {
  const byPolicy = new Map<string, { readonly policy: KeepPolicy; readonly members: Member[] }>();
  const spelled = new Map<KeepPolicy, string>();
  for (const member of members) {
    const policy = tried ?? policyFor(member.run, rules);
    let key = spelled.get(policy);
    if (key === undefined) {
      key = JSON.stringify(policy);
      spelled.set(policy, key);
    }
    const own = byPolicy.get(key);
    if (own) own.members.push(member);
    else byPolicy.set(key, { policy, members: [member] });
  }
  const verdicts = new Map<number, Kept>();
  for (const { policy, members: own } of byPolicy.values()) {
    for (const [at, kept] of keep(own, { policy, asOfMs }).entries()) verdicts.set((own[at] as Member).unit, kept);
  }
  return verdicts;
}
