import * as v from 'valibot';
import { PricedAtSchema } from './index-views.ts';
import { KEEP_REASONS, KeepPolicySchema } from './keep.ts';
import { Packed } from './map.ts';
import { Instant, NanoUsd, Whole } from './units.ts';

const Part = v.strictObject({ units: Whole, versions: Whole, bytes: Whole, monthlyNanoUsd: v.nullable(NanoUsd) });

/**
 * One checkpoint in a strip: verdict (index into VERDICTS) in bits 0..2, age bin of its last write (index into AGE_BINS) in bits
 * 3..5, bit 6 set where a fact holds it whatever the policy says, bit 7 where it is not known to be whole.
 */
export const STRIP_VERDICT = 0b111;
export const STRIP_AGE_SHIFT = 3;
export const STRIP_PROTECTED = 0b0100_0000;
export const STRIP_INCOMPLETE = 0b1000_0000;

/** Every run with checkpoints, what a keep policy makes of each of them, and what that frees. */
export const CheckpointBoardSchema = v.strictObject({
  asOf: Instant,
  prices: PricedAtSchema,
  /** The one that was tried, or what the workspace says of the prefix. */
  policy: KeepPolicySchema,
  /** What trackers and small files measured of checkpoints: names a policy can choose the best by. */
  metrics: v.array(v.string()),
  /** Over all runs: exact to the nano-dollar. */
  totals: v.strictObject({ all: Part, byVerdict: v.strictObject({ keep: Part, stale: Part, unfinished: Part, review: Part, gone: Part }) }),
  /** Those with the most to free first. */
  runs: v.array(
    v.strictObject({
      groupId: Whole,
      path: v.string(),
      project: v.string(),
      all: Part,
      keep: Whole,
      stale: Part,
      /** Facts that hold a checkpoint of it, whatever the policy says, and how many each. */
      facts: v.array(v.tuple([v.picklist(KEEP_REASONS), Whole])),
      /** The last checkpoint by step is not known to be whole. */
      isLastIncomplete: v.boolean(),
      lastWrite: v.nullable(Instant),
      /** Uint8 by checkpoint, by step. */
      strip: Packed,
    }),
  ),
});
export type CheckpointBoard = v.InferOutput<typeof CheckpointBoardSchema>;
