import { createHash } from 'node:crypto';
import type { BucketConfiguration } from '../../contract/plan.ts';
import { canonicalText } from '../../core/policy/canonical.ts';
import type { StoredLifecycle } from '../s3/lifecycle.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** JSON with the members of every object in one order, so that equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : member,
  );
}

/** SHA-256 over every member but `hash`. */
export function hashOfRest(value: object): string {
  return sha256(canonicalJson({ ...value, hash: undefined }));
}

/** A configuration as it travels: with the hash of its meaning. */
export const withHash = ({ configuration, minimumSize }: StoredLifecycle): BucketConfiguration => ({
  configuration,
  minimumSize,
  hash: sha256(canonicalText(configuration, minimumSize)),
});
