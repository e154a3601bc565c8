import * as v from 'valibot';
import { PricedAtSchema } from './index-views.ts';
import { OWNER_DIMENSIONS } from './owners.ts';
import { BLOCK_CODES, VersioningSchema } from './simulation.ts';
import { Instant, NanoUsd, UtcDate, Whole } from './units.ts';
import { CATEGORIES } from './vocabulary.ts';

const Extent = { versions: Whole, bytes: Whole };

/** US dollars as decimal text, at most six digits behind the point: "12.5" or "0.045". */
const Usd = v.pipe(v.string(), v.regex(/^\d{1,12}(\.\d{1,6})?$/, 'an amount of US dollars such as "12.5"'));
const Percent = v.pipe(Whole, v.maxValue(100));

/** What training and serving cost beside storage, as a file: amounts, or hours of instances with the share that runs on spot. */
export const CostFrameFileSchema = v.strictObject({
  format: v.literal('isotherm-cost-frame/1'),
  items: v.pipe(
    v.array(
      v.strictObject({
        name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200)),
        purpose: v.picklist(['train', 'infer']),
        cost: v.union([
          v.strictObject({ monthlyUsd: Usd }),
          v.strictObject({
            instances: v.optional(v.pipe(Whole, v.minValue(1), v.maxValue(1_000_000)), 1),
            hoursPerMonth: v.pipe(Whole, v.maxValue(744)),
            usdPerHour: Usd,
            spot: v.optional(v.strictObject({ sharePercent: Percent, usdPerHour: Usd })),
          }),
        ]),
      }),
    ),
    v.maxLength(1000),
  ),
  /** What leaving the Region costs; without it what access logs show. */
  egressMonthlyUsd: v.optional(Usd),
});
export type CostFrameFile = v.InferOutput<typeof CostFrameFileSchema>;

const HorizonSchema = v.strictObject({
  months: Whole,
  /** First day after it. */
  until: UtcDate,
  baselineNanoUsd: NanoUsd,
  planNanoUsd: NanoUsd,
  /** One-time fees on top of what the baseline pays itself, and what they are. */
  feesNanoUsd: NanoUsd,
  transitionNanoUsd: NanoUsd,
  earlyDeletionNanoUsd: NanoUsd,
  retrievalNanoUsd: NanoUsd,
  /** Baseline less plan less fees. */
  savingNanoUsd: NanoUsd,
  /** The same over everything that is not known. */
  range: v.strictObject({ low: NanoUsd, high: NanoUsd }),
  paybackDay: v.nullable(UtcDate),
});
export type ReportHorizon = v.InferOutput<typeof HorizonSchema>;

/** The investment as finance computes it, over the shorter horizon. */
export const InvestmentSchema = v.strictObject({
  months: Whole,
  beforeNanoUsd: NanoUsd,
  afterNanoUsd: NanoUsd,
  /** Fees that S3 takes, and what people's work costs. */
  feesNanoUsd: NanoUsd,
  effortNanoUsd: NanoUsd,
  /** Before less after less fees less effort. */
  savingNanoUsd: NanoUsd,
  /** The saving in percent of fees and effort together; null where they cost nothing. */
  returnPercent: v.nullable(v.number()),
  /** The first month from whose end on fees and effort stay earned, to the end of the longer horizon; null: none. */
  paybackMonth: v.nullable(v.string()),
});

/** C = train + infer + store + egress, of a month; null is not known. */
export const CostFrameSchema = v.strictObject({
  trainNanoUsd: NanoUsd,
  inferNanoUsd: NanoUsd,
  /** Storage as it is, and on average of the plan's shorter horizon, fees included. */
  storeNanoUsd: NanoUsd,
  storeAfterNanoUsd: NanoUsd,
  egress: v.nullable(
    v.strictObject({ leastNanoUsd: NanoUsd, mostNanoUsd: NanoUsd, from: v.picklist(['entered', 'logs']), days: v.nullable(Whole) }),
  ),
  /** What is known of it together, egress at its least. */
  totalNanoUsd: NanoUsd,
});

/** One page for a manager: everything that is on it, and nothing else. */
export const ManagerReportSchema = v.strictObject({
  title: v.string(),
  bucket: v.string(),
  /** Names of bucket, prefixes, rules, tags and owners are replaced. */
  isAnonymised: v.boolean(),
  appVersion: v.string(),
  asOf: Instant,
  /** The day the plan would be put. */
  putOn: UtcDate,
  prices: PricedAtSchema,
  discountPercent: v.nullable(v.string()),
  versioning: VersioningSchema,
  readsPercent: v.pipe(v.number(), v.minValue(0)),
  now: v.strictObject({ ...Extent, deleteMarkers: Whole, noncurrentBytes: Whole, monthlyNanoUsd: NanoUsd }),
  /** The plan's rules in words. */
  rules: v.array(v.string()),
  horizons: v.array(HorizonSchema),
  /** Over the 365 days from the day it is put. */
  firstYearNanoUsd: NanoUsd,
  /** Whether it pays under each share of the bytes read back a month. */
  reads: v.array(
    v.strictObject({
      percent: Whole,
      feesNanoUsd: NanoUsd,
      firstYearNanoUsd: NanoUsd,
      savingNanoUsd: NanoUsd,
      paybackDay: v.nullable(UtcDate),
    }),
  ),
  /** Of the longer horizon. */
  months: v.array(v.strictObject({ month: v.string(), days: Whole, baselineNanoUsd: NanoUsd, planNanoUsd: NanoUsd, feesNanoUsd: NanoUsd })),
  /** Within the longer horizon. */
  effects: v.strictObject({
    expired: v.strictObject(Extent),
    hidden: v.strictObject(Extent),
    transitions: v.array(v.strictObject({ storageClass: v.string(), ...Extent })),
    firstExpiration: v.nullable(UtcDate),
    firstTransition: v.nullable(UtcDate),
  }),
  blocked: v.array(v.strictObject({ code: v.picklist(BLOCK_CODES), reason: v.string(), ...Extent })),
  owners: v.nullable(
    v.strictObject({
      by: v.picklist(OWNER_DIMENSIONS),
      rows: v.array(v.strictObject({ owner: v.nullable(v.string()), ...Extent, monthlyNanoUsd: NanoUsd })),
    }),
  ),
  /** The snapshot before, and what it and this one hold by category, at the same prices; null where there is none like it. */
  before: v.nullable(
    v.strictObject({
      asOf: Instant,
      ...Extent,
      monthlyNanoUsd: NanoUsd,
      categories: v.array(
        v.strictObject({
          category: v.picklist(CATEGORIES),
          bytesBefore: Whole,
          bytes: Whole,
          monthlyBeforeNanoUsd: v.nullable(NanoUsd),
          monthlyNanoUsd: v.nullable(NanoUsd),
        }),
      ),
    }),
  ),
  investment: InvestmentSchema,
  frame: v.nullable(CostFrameSchema),
  redFlags: v.array(v.string()),
  assumptions: v.array(v.string()),
  warnings: v.array(v.string()),
});
export type ManagerReport = v.InferOutput<typeof ManagerReportSchema>;
