import * as v from 'valibot';
import { PointersReadSchema, PointersSchema, TrackerSchema } from '../pointer-views.ts';
import { RemoteSchema } from '../remote.ts';
import { At, type Definition, FilePath, Page } from './definition.ts';

/** What small files and exports of trackers say of checkpoints. */
export const POINTER_METHODS = {
  /** What a reading would read, what was read and imported so far, and orphans both ways. */
  'pointers.list': {
    effect: 'read',
    params: v.strictObject({ ...At, prefix: v.optional(v.string(), ''), ...Page }),
    result: PointersSchema,
  },
  /** Reads the files that pointers.list gives and that were not read yet: with GetObject, or from a copy of the bucket on this machine. */
  'pointers.read': {
    effect: 'index',
    isHeavy: true,
    params: v.strictObject({ ...At, prefix: v.optional(v.string(), ''), copy: v.optional(FilePath), remote: v.optional(RemoteSchema) }),
    result: PointersReadSchema,
  },
  /** Takes in runs, registry and aliases that MLflow or Weights & Biases exported. The same name replaces what it brought before. */
  'trackers.import': {
    effect: 'index',
    params: v.strictObject({ index: FilePath, file: FilePath, name: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(200))) }),
    result: TrackerSchema,
  },
  'trackers.forget': {
    effect: 'index',
    params: v.strictObject({ index: FilePath, name: v.string() }),
    result: v.strictObject({ trackers: v.array(TrackerSchema) }),
  },
} as const satisfies Record<string, Definition>;
