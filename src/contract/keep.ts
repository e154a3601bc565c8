import * as v from 'valibot';
import { Whole } from './units.ts';

/** So many of the checkpoints of one run or one project. */
const Count = v.pipe(Whole, v.maxValue(100_000));

/**
 * Which checkpoints of a run are kept. Whatever it says, a pinned, referenced or locked one stays, and so does the last complete one;
 * what cannot be told to be complete is never counted as one, and never let go.
 */
export const KeepPolicySchema = v.strictObject({
  /** The last ones by step, and by time where a run went back. Only complete ones count. */
  last: v.optional(Count, 2),
  /** The best ones by `metric`, of each run and of each project. */
  best: v.optional(Count, 1),
  bestOfProject: v.optional(Count, 0),
  /** The number that says which is best; null: only what a pointer file or a name calls the best is. */
  metric: v.optional(v.nullable(v.strictObject({ name: v.pipe(v.string(), v.minLength(1)), mode: v.picklist(['min', 'max']) })), null),
  /** One at every multiple of so many steps. */
  everySteps: v.optional(v.nullable(v.pipe(Whole, v.minValue(1))), null),
  /** What its name calls best, last or final. */
  named: v.optional(v.boolean(), true),
  /** What was written in so many days before the snapshot: a run may be going on. */
  graceDays: v.optional(v.pipe(Whole, v.minValue(1), v.maxValue(3650)), 30),
  /** What was read in so many days before the snapshot, by anyone but the excluded readers. */
  readDays: v.optional(v.pipe(Whole, v.maxValue(3650)), 90),
  /** Keep more, evenly spread over the steps, while all that is kept of a run, or of a project, fits into so many bytes. */
  budgetBytes: v.optional(v.nullable(Whole), null),
  budgetPer: v.optional(v.picklist(['run', 'project']), 'run'),
});
export type KeepPolicy = v.InferOutput<typeof KeepPolicySchema>;

/** Why a checkpoint is kept, strongest first; `unfinished`, `unknown` and `gone` say why it is neither kept nor stale. */
export const KEEP_REASONS = [
  'pinned',
  'locked',
  'registered',
  'openRun',
  'resumedFrom',
  'tracked',
  'recent',
  'inUse',
  'lastComplete',
  'last',
  'best',
  'named',
  'every',
  'budget',
  'unknown',
  'unfinished',
  'gone',
] as const;
export type KeepReason = (typeof KEEP_REASONS)[number];

/**
 * keep: the policy or a reference holds it. stale: nothing does. unfinished: it was never whole and nothing still writes to it.
 * review: nobody can tell from what is known. gone: nothing of it is current.
 */
export const VERDICTS = ['keep', 'stale', 'unfinished', 'review', 'gone'] as const;
export type Verdict = (typeof VERDICTS)[number];
