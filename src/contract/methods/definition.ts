import * as v from 'valibot';
import { Whole } from '../units.ts';

/** read: changes nothing; index: writes local files; bucket: writes to S3 and needs a reviewed plan or a journal entry. */
export type Effect = 'read' | 'index' | 'bucket';

/** One method: what it takes, what it gives, what it may change. */
export type Definition = {
  readonly params: v.GenericSchema<unknown, unknown>;
  readonly result: v.GenericSchema<unknown, unknown>;
  readonly effect: Effect;
  /** Crawls or writes much: runs in a thread of its own and never holds up a question. */
  readonly isHeavy?: true;
};

export const FilePath = v.pipe(v.string(), v.minLength(1));
export const Region = v.optional(v.pipe(v.string(), v.minLength(1)));
/** Where in which index: the newest snapshot unless one is named. */
export const At = { index: FilePath, snapshotId: v.optional(v.string()) };
export const Horizon = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(60));
export const Page = { offset: v.optional(Whole, 0), limit: v.optional(v.pipe(Whole, v.maxValue(1000)), 200) };
