import type { MinimumSize } from '../../contract/lifecycle.ts';

export const BUCKET_STATES = ['unversioned', 'enabled', 'suspended'] as const;
/** How a bucket keeps versions (s3-domain 4.5). */
export type Versioning = (typeof BUCKET_STATES)[number];

/** What a run of a configuration depends on, beside its rules and the versions. Days are UTC days since 1970-01-01. */
export interface RunOptions {
  /** The day the configuration is put; S3's first run is at 00:00 UTC of the next. */
  readonly asOfDay: number;
  /** How many days after it is eligible S3 acts on a version. */
  readonly lagDays: number;
  readonly versioning: Versioning;
  readonly minimumSize: MinimumSize;
  /** Tags are not in an inventory: whether rules that filter by tags match no version, or every one their filter else matches. */
  readonly tags: 'none' | 'all';
  /** Whether Intelligent-Tiering leaves objects in their tier, or moves them down as if nobody read them. */
  readonly tiers: 'stay' | 'descend';
}
