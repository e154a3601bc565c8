import * as v from 'valibot';
import { PricedAtSchema } from './index-views.ts';
import { TEMPERATURES } from './unit-views.ts';
import { Day, Instant, NanoUsd, Whole } from './units.ts';
import { KINDS } from './vocabulary.ts';

/** What one reading of logs brought in. */
export const AccessImportSchema = v.strictObject({
  bucket: v.string(),
  source: v.string(),
  /** Files counted; files that were counted before; files that could not be unpacked, the first of them by name. */
  files: Whole,
  filesKnown: Whole,
  unreadable: Whole,
  filesUnreadable: v.array(v.strictObject({ name: v.string(), words: v.string() })),
  /** Lines of server access logs, or records of CloudTrail. */
  lines: Whole,
  /** Lines that cannot be read; and those of which only who read what when can be told. */
  malformed: Whole,
  partial: Whole,
  /** Requests for the bucket, and what they were. */
  requests: Whole,
  reads: Whole,
  writes: Whole,
  otherBuckets: Whole,
  /** Reads of keys that the snapshot does not hold. */
  notInIndex: Whole,
  /** Units and folders, by reader. */
  places: Whole,
  days: Whole,
});
export type AccessImport = v.InferOutput<typeof AccessImportSchema>;

export const DayRangeSchema = v.strictObject({ firstDay: Day, lastDay: Day, days: Whole });
export type DayRange = v.InferOutput<typeof DayRangeSchema>;

/** What the logs of a bucket tell of. */
export const AccessWindowSchema = v.strictObject({
  firstDay: Day,
  lastDay: Day,
  /** Days with at least one line, of all days from the first to the last; and those without. */
  days: Whole,
  ofDays: Whole,
  missing: v.array(DayRangeSchema),
  /** Days of the unbroken row that reaches the day before the snapshot: what can be known not to have been read is no older. */
  unbrokenDays: Whole,
});
export type AccessWindow = v.InferOutput<typeof AccessWindowSchema>;

export const AccessReaderSchema = v.strictObject({
  requester: v.string(),
  agent: v.string(),
  reads: Whole,
  wholeReads: Whole,
  bytesSent: Whole,
  lastRead: Instant,
  /** False for those whose reads are noise. */
  counts: v.boolean(),
});
export type AccessReader = v.InferOutput<typeof AccessReaderSchema>;

/** Bytes one requester read out of one unit. Money: what leaving the Region costs at list prices. */
export const EgressSchema = v.strictObject({
  path: v.string(),
  kind: v.nullable(v.picklist(KINDS)),
  requester: v.string(),
  agent: v.string(),
  counts: v.boolean(),
  reads: Whole,
  bytesSent: Whole,
  /** How often all current bytes of the unit were read; null where it holds none now. */
  timesRead: v.nullable(v.number()),
  bytesByRegion: v.array(v.strictObject({ region: v.nullable(v.string()), bytes: Whole, place: v.picklist(['same', 'other', 'unknown']) })),
  crossRegionBytes: Whole,
  /** At least: what is known to have left for another Region. At most: also what came from nobody knows where, at the internet's price. */
  leastNanoUsd: v.nullable(NanoUsd),
  mostNanoUsd: v.nullable(NanoUsd),
  lastRead: Instant,
});
export type Egress = v.InferOutput<typeof EgressSchema>;

export const ACCESS_SORTS = ['cost', 'bytes', 'repeats', 'crossRegion'] as const;

export const AccessSummarySchema = v.strictObject({
  bucket: v.string(),
  asOf: Instant,
  prices: PricedAtSchema,
  /** null where no logs were read. */
  window: v.nullable(AccessWindowSchema),
  files: Whole,
  lines: Whole,
  malformed: Whole,
  partial: Whole,
  /** Units by what is known of their last access. */
  temperatures: v.array(v.strictObject({ temperature: v.picklist(TEMPERATURES), units: Whole, bytes: Whole })),
  /** Requesters with their programs, by bytes. */
  readers: v.array(AccessReaderSchema),
  totalReaders: Whole,
  egress: v.array(EgressSchema),
  totalEgress: Whole,
  caveats: v.array(v.string()),
});
export type AccessSummary = v.InferOutput<typeof AccessSummarySchema>;
