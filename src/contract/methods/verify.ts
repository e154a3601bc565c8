import * as v from 'valibot';
import { VerificationSchema } from '../verify.ts';
import { type Definition, FilePath } from './definition.ts';

/** Whether an index is what was written. */
export const VERIFY_METHODS = {
  /**
   * Reads an index from end to end: the file itself, every checksum, the order of the rows, their sums against the snapshot's and against the
   * cube's. Damage is an answer, not a failure.
   */
  'index.verify': { effect: 'read', isHeavy: true, params: v.strictObject({ index: FilePath }), result: VerificationSchema },
} as const satisfies Record<string, Definition>;
