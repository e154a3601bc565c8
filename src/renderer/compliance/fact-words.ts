import type { ProofFacts } from '../../contract/prove.ts';

/** "versioning enabled, no Object Lock, replication unknown". */
export function factWords({ versioning, objectLock, replication }: ProofFacts): string {
  const lock =
    objectLock === 'unknown'
      ? 'Object Lock unknown'
      : objectLock === 'none'
        ? 'no Object Lock'
        : objectLock.defaultRetentionDays === null
          ? 'Object Lock without a default'
          : `Object Lock, ${objectLock.defaultRetentionDays} days by default`;
  const replicated = replication === 'unknown' ? 'replication unknown' : replication === 'none' ? 'not replicated' : 'replicated';
  return `${versioning === 'unknown' ? 'versioning unknown' : versioning === 'unversioned' ? 'unversioned' : `versioning ${versioning}`}, ${lock}, ${replicated}`;
}
