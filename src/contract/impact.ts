import * as v from 'valibot';
import { Instant, NanoUsd, UtcDate, Whole } from './units.ts';

/**
 * What lifecycle does to a version. remove: it is gone for good; hide: a delete marker is put before it and its bytes stay; move: to
 * another storage class; removeMarker: a delete marker goes; abort: the parts of an incomplete upload are gone.
 */
export const ACTS = ['remove', 'hide', 'move', 'removeMarker', 'abort'] as const;
export type Act = (typeof ACTS)[number];

export const IMPACT_CHANGES = ['newly', 'earlier', 'later', 'noLonger'] as const;
export type ImpactChangeKind = (typeof IMPACT_CHANGES)[number];

const Extent = { versions: Whole, bytes: Whole };
/** `units` are those with a version among them; versions that belong to no unit count for none. */
const Counted = { ...Extent, units: Whole };

/** One act foreseen for a version under a configuration, with the rule that does it. */
export const ForeseenSchema = v.strictObject({
  date: UtcDate,
  act: v.picklist(ACTS),
  /** The class it moves to; null unless the act is a move. */
  to: v.nullable(v.string()),
  ruleId: v.nullable(v.string()),
});

/** A version that shows a change, with what each configuration has in store for it. */
export const WitnessSchema = v.strictObject({
  key: v.string(),
  /** null for the null version, for an upload, and where there are no version ids. */
  versionId: v.nullable(v.string()),
  sizeBytes: Whole,
  lastModified: Instant,
  current: v.array(ForeseenSchema),
  proposed: v.array(ForeseenSchema),
});
export type Witness = v.InferOutput<typeof WitnessSchema>;

const Dates = v.nullable(v.strictObject({ first: UtcDate, last: UtcDate }));

/** One kind of change between two configurations, counted, with up to five keys that show it, the largest first. */
export const ImpactChangeSchema = v.strictObject({
  act: v.picklist(ACTS),
  change: v.picklist(IMPACT_CHANGES),
  to: v.nullable(v.string()),
  /** Only where versions carry the tags that rules ask for; no snapshot tells tags. */
  ifTagged: v.boolean(),
  ...Counted,
  /** When the act is due under either configuration; null where it is not. */
  currentDates: Dates,
  proposedDates: Dates,
  witnesses: v.array(WitnessSchema),
});
export type ImpactChange = v.InferOutput<typeof ImpactChangeSchema>;

/** What the proposed configuration does on a day, at 00:00 UTC. */
export const ImpactDaySchema = v.strictObject({
  date: UtcDate,
  act: v.picklist(ACTS),
  to: v.nullable(v.string()),
  ifTagged: v.boolean(),
  ...Counted,
  /** Of these, what the current configuration does not do on that day. */
  newVersions: Whole,
  newBytes: Whole,
  /** Transition requests, and what leaving a class early costs; null where a class has no price. */
  feesNanoUsd: v.nullable(NanoUsd),
  /** By how much storage and monitoring of 30 days go down from then on (negative: up), at first-band prices; null without a price. */
  monthlySavingNanoUsd: v.nullable(NanoUsd),
});
export type ImpactDay = v.InferOutput<typeof ImpactDaySchema>;

/** Two configurations over one snapshot, version by version. */
export const ImpactSchema = v.strictObject({
  /** The day the proposed configuration is put; S3's first run is at 00:00 UTC of the next. */
  asOf: UtcDate,
  /** `changes` tell what is due before this day. */
  until: UtcDate,
  changes: v.array(ImpactChangeSchema),
  /** `days` tell what is due before this day, in order. */
  daysUntil: UtcDate,
  days: v.array(ImpactDaySchema),
  /**
   * Versions that would be removed or hidden, and that the current configuration leaves alone or acts on later: what confirmation
   * and limits are about. Those that need tags to match are in it; `ifTagged` says how many they are.
   */
  destroyed: v.strictObject({ ...Counted, ifTagged: v.strictObject(Extent) }),
  /** What the snapshot cannot tell, in words. */
  notCovered: v.array(v.string()),
});
export type Impact = v.InferOutput<typeof ImpactSchema>;
