import * as v from 'valibot';
import { Whole } from './units.ts';

/** Something that is not as it was written. */
export const DamageSchema = v.strictObject({
  /** null where it is of the file and of no snapshot. */
  snapshotId: v.nullable(v.string()),
  words: v.string(),
});
export type Damage = v.InferOutput<typeof DamageSchema>;

export const VerificationSchema = v.strictObject({
  isSound: v.boolean(),
  /** The first hundred. */
  damages: v.array(DamageSchema),
  damageCount: Whole,
  snapshots: v.array(
    v.strictObject({
      snapshotId: v.string(),
      /** Rows that were read and counted again; 0 where they lie elsewhere or the damage is such that they were not. */
      rowsChecked: Whole,
      isSound: v.boolean(),
    }),
  ),
});
export type Verification = v.InferOutput<typeof VerificationSchema>;
