import * as v from 'valibot';
import { AppErrorSchema } from './errors.ts';
import { Whole } from './units.ts';

/** What a running method says of itself: a lasting phase, a count, a total only when it is known. */
export const ProgressSchema = v.strictObject({
  phase: v.string(),
  done: Whole,
  total: v.optional(Whole),
  bytes: v.optional(Whole),
  current: v.optional(v.string()),
});
export type Progress = v.InferOutput<typeof ProgressSchema>;

/** Client to engine. `id` is chosen by the client, unique per connection. */
export const ClientFrameSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('call'), id: Whole, method: v.string(), params: v.unknown() }),
  v.strictObject({ kind: v.literal('cancel'), id: Whole }),
  /** Holds a heavy call at its next report, or lets it go on; other calls take no notice. */
  v.strictObject({ kind: v.literal('pause'), id: Whole, paused: v.boolean() }),
]);
export type ClientFrame = v.InferOutput<typeof ClientFrameSchema>;

/** Engine to client. Every call gets exactly one `result` or `failure`, after any number of `progress`. */
export const ServerFrameSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('progress'), id: Whole, progress: ProgressSchema }),
  v.strictObject({ kind: v.literal('result'), id: Whole, value: v.unknown() }),
  v.strictObject({ kind: v.literal('failure'), id: Whole, error: AppErrorSchema }),
]);
export type ServerFrame = v.InferOutput<typeof ServerFrameSchema>;
