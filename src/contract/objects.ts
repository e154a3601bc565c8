import * as v from 'valibot';
import { PricedAtSchema } from './index-views.ts';
import { Instant, NanoUsd, UtcDate, Whole } from './units.ts';
import { CATEGORIES, KINDS, VERSION_STATES } from './vocabulary.ts';

/** A key that fits a search, with what its newest row says. */
export const KeyHitSchema = v.strictObject({
  key: v.string(),
  /** Versions and delete markers of the key. */
  rows: Whole,
  state: v.picklist(VERSION_STATES),
  sizeBytes: Whole,
  lastModified: Instant,
  /** '' for a delete marker. */
  storageClass: v.string(),
  kind: v.picklist(KINDS),
});
export type KeyHit = v.InferOutput<typeof KeyHitSchema>;

/**
 * One stretch of a search. Keys are in the order of the tree: those of a directory before those of the directories in it, siblings in byte
 * order. The stretches of a search put together are the same however it was cut.
 */
export const KeySearchSchema = v.strictObject({
  asOf: Instant,
  hits: v.array(KeyHitSchema),
  /** Directories whose path fits and whose parent's does not, with all below them; only in the first stretch, at most 100. */
  directories: v.array(v.strictObject({ path: v.string(), versions: Whole, bytes: Whole })),
  directoryCount: Whole,
  /** Goes on after this stretch; null where all has been looked at. */
  next: v.nullable(v.string()),
  /** How many of the snapshot's rows have been looked at, by this stretch and those before it. */
  rowsSeen: Whole,
  rowsTotal: Whole,
});
export type KeySearch = v.InferOutput<typeof KeySearchSchema>;

/** Everything an index holds of one version or delete marker. */
export const VersionFactsSchema = v.strictObject({
  /** null for the null version and where there are no version ids. */
  versionId: v.nullable(v.string()),
  state: v.picklist(VERSION_STATES),
  /** Of a delete marker too: no newer version or marker of the key is there. */
  isLatest: v.boolean(),
  sizeBytes: Whole,
  /** '' for a delete marker. */
  storageClass: v.string(),
  /** Of Intelligent-Tiering; '' where it is not said. */
  accessTier: v.string(),
  lastModified: Instant,
  /** When its successor was created; null while it is the latest. */
  noncurrentSince: v.nullable(Instant),
  eTag: v.nullable(v.string()),
  /** As the source says, whether past or to come; null where there is none. */
  retainUntil: v.nullable(Instant),
  /** From when on no lock is in the way, 'never' under a hold; null where it is not locked. */
  lockedUntil: v.nullable(v.union([UtcDate, v.literal('never')])),
  /** Under a legal hold or an event hold. */
  isHeld: v.boolean(),
  /** Its replication is pending or failed, so that lifecycle leaves it alone. */
  isReplicationBlocked: v.boolean(),
  kind: v.picklist(KINDS),
  category: v.picklist(CATEGORIES),
  ruleId: v.nullable(v.string()),
  /** What it is kept or deleted with; null where it is on its own. */
  unit: v.nullable(v.strictObject({ unitId: Whole, kind: v.picklist(KINDS), path: v.string() })),
  /** Storage and monitoring for one month at list price; null where the class has no price. */
  monthlyNanoUsd: v.nullable(NanoUsd),
  /** null where nobody read them; a delete marker has none. */
  tags: v.nullable(v.array(v.tuple([v.string(), v.string()]))),
  /** The source's further columns as it spells them; blank ones are left out. null where the rows lie elsewhere, and these with them. */
  details: v.nullable(v.array(v.tuple([v.string(), v.string()]))),
});
export type VersionFacts = v.InferOutput<typeof VersionFactsSchema>;

/** One key with its versions, newest first. */
export const ObjectFactsSchema = v.strictObject({
  key: v.string(),
  bucket: v.string(),
  snapshotId: v.string(),
  asOf: Instant,
  prices: PricedAtSchema,
  /** The columns the source tells of; what is not named is not known. */
  fields: v.array(v.string()),
  total: Whole,
  versions: v.array(VersionFactsSchema),
});
export type ObjectFacts = v.InferOutput<typeof ObjectFactsSchema>;
