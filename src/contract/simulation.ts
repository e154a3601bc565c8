import * as v from 'valibot';
import { PricedAtSchema } from './index-views.ts';
import { LifecycleConfigurationSchema } from './lifecycle.ts';
import { Instant, NanoUsd, Whole } from './units.ts';
import { CATEGORIES } from './vocabulary.ts';

const Extent = { versions: Whole, bytes: Whole };

/** Bytes and objects the policy does not touch although it could, with the reason in words. */
export const HeldBackSchema = v.strictObject({ prefix: v.string(), category: v.picklist(CATEGORIES), ...Extent, reason: v.string() });
export type HeldBack = v.InferOutput<typeof HeldBackSchema>;

export const RecommendationSchema = v.strictObject({
  preset: v.string(),
  policy: LifecycleConfigurationSchema,
  /** One line per rule of the policy, in order. */
  rules: v.array(
    v.strictObject({
      ruleId: v.string(),
      prefix: v.string(),
      category: v.picklist(CATEGORIES),
      /** What it would do, in the conditional. */
      words: v.string(),
      /** What lies under the prefix today and belongs to the category, and what else rides along. */
      ...Extent,
      alsoTouches: v.array(v.strictObject({ category: v.picklist(CATEGORIES), ...Extent })),
    }),
  ),
  heldBack: v.array(HeldBackSchema),
  warnings: v.array(v.string()),
});
export type Recommendation = v.InferOutput<typeof RecommendationSchema>;

const MonthSide = v.strictObject({
  /** Storage and monitoring of the month. */
  storageNanoUsd: NanoUsd,
  /** Lifecycle transition requests of the month. */
  transitionNanoUsd: NanoUsd,
  /** Bytes on the last day of the month by storage class, and the storage money of the month. */
  byClass: v.array(v.strictObject({ storageClass: v.string(), bytes: Whole, storageNanoUsd: NanoUsd })),
});
export const SimulationSchema = v.strictObject({
  asOf: Instant,
  prices: PricedAtSchema,
  months: v.array(v.strictObject({ /** "2026-12" */ month: v.string(), days: Whole, baseline: MonthSide, plan: MonthSide })),
  totals: v.strictObject({
    baselineNanoUsd: NanoUsd,
    planNanoUsd: NanoUsd,
    transitionNanoUsd: NanoUsd,
    /** baseline - plan over the whole horizon; negative when the plan costs more. */
    savingNanoUsd: NanoUsd,
    /** First month whose cumulative saving covers the fees paid so far, 1-based; null when none. */
    paybackMonth: v.nullable(Whole),
  }),
  effects: v.strictObject({
    /** Versions removed for good within the horizon. */
    expired: v.strictObject(Extent),
    /** Current versions that would become noncurrent behind a delete marker and stay billed. */
    hidden: v.strictObject(Extent),
    transitions: v.array(v.strictObject({ storageClass: v.string(), ...Extent })),
    /** First UTC date on which anything would be removed or moved; null when nothing would. */
    firstExpiration: v.nullable(v.string()),
    firstTransition: v.nullable(v.string()),
  }),
  /** What the figures rest on, and what they leave out, in words. */
  assumptions: v.array(v.string()),
  notCovered: v.array(v.string()),
  blocked: v.array(v.strictObject({ ...Extent, reason: v.string() })),
});
export type Simulation = v.InferOutput<typeof SimulationSchema>;
