import * as v from 'valibot';
import { PricedAtSchema } from './index-views.ts';
import { OWNER_DIMENSIONS } from './owners.ts';
import { Instant, NanoUsd, UtcDate, Whole } from './units.ts';

/** US dollars as decimal text, at most to the cent: "1200" or "49.50". */
const Usd = v.pipe(v.string(), v.regex(/^\d{1,12}(\.\d{1,2})?$/, 'an amount of US dollars such as "1200" or "49.50"'));
const Limit = {
  monthlyUsd: Usd,
  /** From how many percent of the budget on a forecast is worth a warning. */
  warnPercent: v.optional(v.pipe(Whole, v.minValue(1), v.maxValue(100)), 80),
};

/** What owners may cost a calendar month, as a file. */
export const BudgetFileSchema = v.strictObject({
  format: v.literal('isotherm-budgets/1'),
  /** The field of owners that budgets are for. */
  by: v.optional(v.picklist(OWNER_DIMENSIONS), 'team'),
  /** One budget an owner; null is what is nobody's. */
  budgets: v.pipe(
    v.array(v.strictObject({ owner: v.nullable(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200))), ...Limit })),
    v.maxLength(1000),
    v.check((list) => new Set(list.map(({ owner }) => owner)).size === list.length, 'one budget for each owner'),
  ),
  /** What everything together may cost. */
  total: v.optional(v.strictObject(Limit)),
});
export type BudgetFile = v.InferOutput<typeof BudgetFileSchema>;

/**
 * exceeded: the month has cost more already. over: it would by its end. warn: it could, or comes near it. none: there is no budget.
 */
export const BUDGET_STATUSES = ['none', 'ok', 'warn', 'over', 'exceeded'] as const;
export type BudgetStatus = (typeof BUDGET_STATUSES)[number];

export const MonthForecastSchema = v.strictObject({
  /** "2026-12" */
  month: v.string(),
  /** What its days before the snapshot cost, by the snapshots; 0 for a month to come. */
  soFarNanoUsd: NanoUsd,
  /** What its other days would cost under the rules, and that corrected by the ratio in the middle of past errors. */
  projectedNanoUsd: NanoUsd,
  correction: v.number(),
  /** Transition and early-deletion fees of the rules in its days to come. */
  feesNanoUsd: NanoUsd,
  /** So far, the corrected projection and the fees together. */
  expectedNanoUsd: NanoUsd,
  /** The band around it; null where there are too few past forecasts to tell. */
  band: v.nullable(
    v.strictObject({
      lowNanoUsd: NanoUsd,
      highNanoUsd: NanoUsd,
      /** How many past forecasts it is taken from, how many of them do not overlap, and the share that lies within. */
      samples: Whole,
      apart: Whole,
      coverage: v.number(),
    }),
  ),
  status: v.picklist(BUDGET_STATUSES),
});
export type MonthForecast = v.InferOutput<typeof MonthForecastSchema>;

export const GrowthSchema = v.strictObject({
  from: UtcDate,
  to: UtcDate,
  bytesPerDay: v.number(),
  /** What is usual, and above what growth is a spike; null where there are too few snapshots to tell. */
  usualBytesPerDay: v.nullable(v.number()),
  limitBytesPerDay: v.nullable(v.number()),
  /** Earlier intervals between snapshots, and how many of them the same limit would have called a spike. */
  intervals: Whole,
  earlierSpikes: Whole,
  isSpike: v.boolean(),
});

export const BudgetRowSchema = v.strictObject({
  /** "everything" has a row of its own. */
  scope: v.picklist(['owner', 'everything']),
  owner: v.nullable(v.string()),
  versions: Whole,
  bytes: Whole,
  /** Storage and monitoring of a month as it is, by the price of the snapshot. */
  monthlyNanoUsd: NanoUsd,
  budgetNanoUsd: v.nullable(NanoUsd),
  /** The month of the snapshot and the next one. */
  months: v.array(MonthForecastSchema),
  /** Null where there is no snapshot before. */
  growth: v.nullable(GrowthSchema),
});
export type BudgetRow = v.InferOutput<typeof BudgetRowSchema>;

export const AlertSchema = v.strictObject({
  level: v.picklist(['warn', 'over']),
  kind: v.picklist(['budget', 'spike']),
  scope: v.picklist(['owner', 'everything']),
  owner: v.nullable(v.string()),
  /** The month of a budget, the last day of a spike. */
  when: v.string(),
  words: v.string(),
});
export type Alert = v.InferOutput<typeof AlertSchema>;

export const BudgetReportSchema = v.strictObject({
  bucket: v.string(),
  snapshotId: v.string(),
  asOf: Instant,
  prices: PricedAtSchema,
  by: v.picklist(OWNER_DIMENSIONS),
  /** Everything first, then owners by cost; owners with a budget and nothing stored are told too. */
  rows: v.array(BudgetRowSchema),
  alerts: v.array(AlertSchema),
  /** Days of the snapshots that forecasts learn from. */
  snapshots: v.array(UtcDate),
  assumptions: v.array(v.string()),
  warnings: v.array(v.string()),
});
export type BudgetReport = v.InferOutput<typeof BudgetReportSchema>;
