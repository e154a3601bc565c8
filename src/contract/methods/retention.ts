import * as v from 'valibot';
import { LifecycleConfigurationSchema } from '../lifecycle.ts';
import { DateText, ProofFactsSchema } from '../prove.ts';
import { CoverageSchema, RegimeSchema, ScheduleFileSchema } from '../retention.ts';
import { type Definition, FilePath } from './definition.ts';

/** What has to be kept and what has to go, as a reviewed file. */
export const RETENTION_METHODS = {
  /** The duties that ship with Isotherm, to start from. */
  'retention.regimes': {
    effect: 'read',
    params: v.strictObject({}),
    result: v.strictObject({ notice: v.string(), regimes: v.array(RegimeSchema) }),
  },
  /** Marks a file of schedules as reviewed: by whom, when, and the hash of what was reviewed. */
  'retention.review': {
    effect: 'read',
    params: v.strictObject({ file: ScheduleFileSchema, by: v.pipe(v.string(), v.minLength(1)) }),
    result: ScheduleFileSchema,
  },
  /** Schedules against rules and versions: what holds where, what is under no schedule, what contradicts. */
  'retention.coverage': {
    effect: 'read',
    params: v.strictObject({
      index: v.optional(FilePath),
      snapshotId: v.optional(v.string()),
      configuration: v.nullable(LifecycleConfigurationSchema),
      facts: v.optional(ProofFactsSchema, {}),
      asOf: v.optional(DateText),
      file: ScheduleFileSchema,
    }),
    result: CoverageSchema,
  },
} as const satisfies Record<string, Definition>;
