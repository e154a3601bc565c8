import type { DriftFinding } from '../../contract/drift.ts';
import type { BucketFacts } from '../../contract/plan.ts';
import type { PolicyComparison } from '../../contract/policy-check.ts';
import { addedDeletions } from './deletions.ts';
import type { Stored } from './judge.ts';
import { managerInWords } from './managers.ts';

/** Settings whose loss lets more be lost, by the value that protects. */
const PROTECTS = [
  ['versioning', 'Versioning', 'enabled', (facts: BucketFacts) => facts.versioning],
  ['mfaDelete', 'MFA Delete', 'enabled', (facts: BucketFacts) => facts.mfaDelete],
  ['objectLock', 'Object Lock', 'enabled', (facts: BucketFacts) => facts.objectLock.status],
  ['replication', 'Replication', 'enabled', (facts: BucketFacts) => facts.replication.status],
] as const;

/** What of the bucket's other settings changed. What is unknown then or now cannot be said to have changed. */
export function factFindings(then: BucketFacts, now: BucketFacts): DriftFinding[] {
  const findings: DriftFinding[] = [];
  for (const [what, name, protecting, read] of PROTECTS) {
    const before = read(then);
    const after = read(now);
    if (before === after || before === 'unknown' || after === 'unknown') continue;
    const isLoss = before === protecting;
    const words = `${name} was ${before} and is ${after}${isLoss ? ': what is deleted now may be gone for good' : ''}.`;
    findings.push({ what, severity: isLoss ? 'danger' : 'notice', words });
  }
  const lock = (facts: BucketFacts): string =>
    facts.objectLock.defaultMode === null ? 'none' : `${facts.objectLock.defaultMode} ${facts.objectLock.defaultRetentionDays} days`;
  if (then.objectLock.status === now.objectLock.status && now.objectLock.status === 'enabled' && lock(then) !== lock(now)) {
    const isShorter = (now.objectLock.defaultRetentionDays ?? 0) < (then.objectLock.defaultRetentionDays ?? 0);
    const words = `The default retention was ${lock(then)} and is ${lock(now)}.`;
    findings.push({ what: 'objectLock', severity: isShorter ? 'danger' : 'notice', words });
  }
  const areBothOn = then.replication.status === 'enabled' && now.replication.status === 'enabled';
  if (areBothOn && then.replication.hash !== now.replication.hash) {
    const gone = then.replication.destinations.filter((name) => !now.replication.destinations.includes(name));
    const words = gone.length > 0 ? `Nothing is replicated to ${gone.join(', ')} any more.` : 'The replication rules are others.';
    findings.push({ what: 'replication', severity: gone.length > 0 ? 'danger' : 'notice', words });
  }
  for (const manager of now.managers) {
    if (then.managers.some(({ tool, stack }) => tool === manager.tool && stack === manager.stack)) continue;
    findings.push({ what: 'managers', severity: 'notice', words: `The bucket is now managed by ${managerInWords(manager)}.` });
  }
  return findings;
}

/** What of the rules changed, by meaning. */
export function ruleFindings(then: Stored, now: Stored, comparison: PolicyComparison): DriftFinding[] {
  const findings: DriftFinding[] = [];
  const reaching = new Set(addedDeletions(then.configuration, now.configuration).map(({ ID }) => ID ?? ''));
  for (const { change, ruleId, words, fields } of comparison.rules) {
    if (change === 'kept') continue;
    const isDanger = change !== 'removed' && (reaching.has(ruleId) || fields.some(({ widens }) => widens));
    const name = ruleId === '' ? 'A rule without an ID' : `The rule "${ruleId}"`;
    findings.push({ what: 'rules', severity: isDanger ? 'danger' : 'notice', words: `${name} was ${change}: ${words}.` });
  }
  const sizes = [then.minimumSize, now.minimumSize];
  // Without rules there is nowhere to read the setting from.
  const areTold = then.configuration !== null && now.configuration !== null && !sizes.includes(null);
  if (areTold && then.minimumSize !== now.minimumSize) {
    const isDanger = then.minimumSize === 'all_storage_classes_128K';
    const words = `The setting for small objects was ${then.minimumSize} and is ${now.minimumSize}${isDanger ? ': objects under 128 KiB move to archives again' : ''}.`;
    findings.push({ what: 'minimumSize', severity: isDanger ? 'danger' : 'notice', words });
  }
  return findings;
}
