import * as v from 'valibot';
import { Sha256Hex } from './evidence.ts';
import { DateText, ProofFactsSchema, ProofSchema, StatementScopeSchema, VERDICTS } from './prove.ts';
import { Instant, Whole } from './units.ts';

const Id = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(60),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'may hold letters, digits, ".", "_" and "-"'),
);
const Period = v.nullable(v.pipe(Whole, v.minValue(1), v.maxValue(36_500)));

/** A duty as law or standard words it (s3-domain 7.1). Not legal advice; periods in days, calendar periods at their longest. */
export const RegimeSchema = v.strictObject({
  id: Id,
  name: v.string(),
  source: v.string(),
  record: v.string(),
  minDays: Period,
  maxDays: Period,
  /** Whether records have to be locked against change until they may go. */
  worm: v.boolean(),
  /** From when the period runs; lifecycle knows the day of the write alone. */
  start: v.string(),
});
export type Regime = v.InferOutput<typeof RegimeSchema>;

/** What somebody keeps and how long, mapped to places. What is left out comes from the regime it names. */
export const ScheduleSchema = v.strictObject({
  id: Id,
  name: v.optional(v.string()),
  /** One of the shipped regimes, or none. */
  regime: v.optional(Id),
  source: v.optional(v.string()),
  minDays: v.optional(Period),
  maxDays: v.optional(Period),
  worm: v.optional(v.boolean()),
  scopes: v.pipe(v.array(StatementScopeSchema), v.minLength(1)),
  /** Whether someone may write over records of it. */
  overwrites: v.optional(v.picklist(['possible', 'none']), 'possible'),
  note: v.optional(v.string()),
});
export type Schedule = v.InferOutput<typeof ScheduleSchema>;

/** Schedules as a file under review: the hash is over the schedules, so that a change after the review shows. */
export const ScheduleFileSchema = v.strictObject({
  format: v.literal('isotherm-retention/1'),
  schedules: v.pipe(v.array(ScheduleSchema), v.minLength(1), v.maxLength(500)),
  review: v.nullable(v.strictObject({ by: v.string(), at: Instant, hash: Sha256Hex })),
});
export type ScheduleFile = v.InferOutput<typeof ScheduleFileSchema>;

/** A schedule with what its regime adds. */
export const ResolvedScheduleSchema = v.strictObject({
  id: Id,
  name: v.string(),
  source: v.nullable(v.string()),
  minDays: Period,
  maxDays: Period,
  worm: v.boolean(),
});
export type ResolvedSchedule = v.InferOutput<typeof ResolvedScheduleSchema>;

/** A rule that takes something away at a place. Of several on one state the shorter wins (s3-domain 4.5). */
export const PlaceRuleSchema = v.strictObject({
  ruleId: v.string(),
  owner: v.picklist(['isotherm', 'foreign']),
  state: v.picklist(['current', 'noncurrent']),
  /** Days after the write (current) or after it was replaced (noncurrent); null for a date. */
  days: v.nullable(Whole),
  date: v.nullable(DateText),
  /** Whether it reaches every key of the place, or only some: longer prefixes, tags or sizes. */
  reaches: v.picklist(['all', 'some']),
  /** The soonest of those that reach as much: the one that decides. */
  wins: v.boolean(),
});
export type PlaceRule = v.InferOutput<typeof PlaceRuleSchema>;

export const PlaceSchema = v.strictObject({
  label: v.string(),
  scope: StatementScopeSchema,
  /** What the snapshot holds there; null without one. */
  versions: v.nullable(Whole),
  bytes: v.nullable(Whole),
  /** The soonest that lifecycle can remove a version there, in days after the write; null: never. */
  removedFromDays: v.nullable(Whole),
  removedByRule: v.nullable(v.string()),
  /** By when the last of what is written there is gone; null: not sure to go at all. */
  goneByDays: v.nullable(Whole),
  /** False where what is not known of the bucket leaves these two open. */
  isKnown: v.boolean(),
  rules: v.array(PlaceRuleSchema),
});
export type Place = v.InferOutput<typeof PlaceSchema>;

export const CoverageSchema = v.strictObject({
  asOf: DateText,
  facts: ProofFactsSchema,
  snapshotId: v.nullable(v.string()),
  review: v.strictObject({ status: v.picklist(['reviewed', 'changed', 'none']), by: v.nullable(v.string()), at: v.nullable(Instant) }),
  schedules: v.array(ResolvedScheduleSchema),
  places: v.array(PlaceSchema),
  /** Where a schedule applies to a place; a place it does not name has no cell. */
  cells: v.array(v.strictObject({ scheduleId: Id, place: Whole, verdict: v.picklist(VERDICTS), proofs: v.array(ProofSchema) })),
  /** What lies in the bucket under no schedule, by first directory. Null without a snapshot. */
  gaps: v.nullable(v.array(v.strictObject({ prefix: v.string(), versions: Whole, bytes: Whole }))),
  /** Schedules that cannot both be met. */
  conflicts: v.array(v.strictObject({ first: Id, second: Id, label: v.string(), words: v.string() })),
  counts: v.strictObject({ PROVED: Whole, COUNTEREXAMPLE: Whole, INSUFFICIENT: Whole }),
});
export type Coverage = v.InferOutput<typeof CoverageSchema>;
