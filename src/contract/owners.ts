import * as v from 'valibot';
import { PricedAtSchema } from './index-views.ts';
import { Instant, NanoUsd, Whole } from './units.ts';

/** What cost is told by. */
export const OWNER_DIMENSIONS = ['team', 'project', 'environment', 'costCentre'] as const;
export type OwnerDimension = (typeof OWNER_DIMENSIONS)[number];

const Name = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200));
const Fields = { team: v.optional(Name), project: v.optional(Name), environment: v.optional(Name), costCentre: v.optional(Name) };

/**
 * Who owns what, as a file. Of the rules whose prefix a key begins with, the longest decides field by field; what none of
 * them says comes from the tags of the bucket.
 */
export const OwnersFileSchema = v.strictObject({
  format: v.literal('isotherm-owners/1'),
  rules: v.pipe(v.array(v.strictObject({ prefix: v.string(), ...Fields })), v.maxLength(10_000)),
  /** Which tag of the bucket says what, such as {"team": "Team"}. */
  bucketTags: v.optional(v.strictObject(Fields), {}),
  /** What becomes of cost that is nobody's in a chargeback: shared out by own cost, or left. */
  unowned: v.optional(v.picklist(['share', 'leave']), 'share'),
});
export type OwnersFile = v.InferOutput<typeof OwnersFileSchema>;

/** Tags of the bucket by key. */
export const BucketTags = v.record(v.string(), v.string());

export const OwnerRowSchema = v.strictObject({
  /** null: nobody's. */
  owner: v.nullable(v.string()),
  versions: Whole,
  bytes: Whole,
  noncurrentBytes: Whole,
  /** Storage and monitoring for one month at list price: what is shown back. */
  monthlyNanoUsd: NanoUsd,
  /** Its share of what is nobody's; own and share together are charged back. */
  sharedNanoUsd: NanoUsd,
  chargedNanoUsd: NanoUsd,
});
export type OwnerRow = v.InferOutput<typeof OwnerRowSchema>;

export const OwnerCostsSchema = v.strictObject({
  asOf: Instant,
  prices: PricedAtSchema,
  by: v.picklist(OWNER_DIMENSIONS),
  /** By cost, the dearest first; what is nobody's last. */
  rows: v.array(OwnerRowSchema),
  total: v.strictObject({ versions: Whole, bytes: Whole, monthlyNanoUsd: NanoUsd }),
  warnings: v.array(v.string()),
});
export type OwnerCosts = v.InferOutput<typeof OwnerCostsSchema>;

/** What one of something costs. */
export const UNIT_COSTS = ['run', 'model', 'datasetVersion', 'experiment'] as const;
export type UnitCost = (typeof UNIT_COSTS)[number];

export const CostedThingSchema = v.strictObject({
  path: v.string(),
  /** The four fields of its owner, each null where nobody says. */
  owner: v.strictObject({
    team: v.nullable(v.string()),
    project: v.nullable(v.string()),
    environment: v.nullable(v.string()),
    costCentre: v.nullable(v.string()),
  }),
  versions: Whole,
  bytes: Whole,
  /** null where nothing of it has a price. */
  monthlyNanoUsd: v.nullable(NanoUsd),
  /** Seven days at the price of the snapshot's month. */
  weekNanoUsd: v.nullable(NanoUsd),
  /** Against the snapshot a week or more before, where there is one; null: new since, or not to be told. */
  weekBeforeNanoUsd: v.nullable(NanoUsd),
});
export type CostedThing = v.InferOutput<typeof CostedThingSchema>;

export const ThingCostsSchema = v.strictObject({
  asOf: Instant,
  prices: PricedAtSchema,
  per: v.nullable(v.picklist(UNIT_COSTS)),
  /** How many there are, what they cost together, each on average, and the one in the middle. */
  count: Whole,
  totalNanoUsd: NanoUsd,
  meanNanoUsd: NanoUsd,
  medianNanoUsd: NanoUsd,
  /** The dearest first. */
  things: v.array(CostedThingSchema),
  /** The snapshot that was compared with; null where there is none a week or more before. */
  comparedWith: v.nullable(Instant),
});
export type ThingCosts = v.InferOutput<typeof ThingCostsSchema>;
