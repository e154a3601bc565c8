/** Versions and bytes. */
export interface Tally {
  versions: number;
  bytes: number;
}
export const newTally = (): Tally => ({ versions: 0, bytes: 0 });

/** What keeps versions from what rules would do to them. */
export const BLOCKS = ['smallObject', 'objectLock', 'replication'] as const;
export type Block = (typeof BLOCKS)[number];

/** What a configuration does to versions within the months that are reported. */
export interface Effects {
  /** Versions removed for good. */
  readonly expired: Tally;
  /** Current versions that became noncurrent behind a delete marker and stay billed. */
  readonly hidden: Tally;
  /** Transitions by target. */
  readonly moved: ReadonlyMap<string, Tally>;
  readonly uploadsAborted: Tally;
  readonly markersMade: number;
  readonly markersRemoved: number;
  readonly firstExpirationDay: number | null;
  readonly firstTransitionDay: number | null;
  readonly blocked: Readonly<Record<Block, Tally>>;
}

/** What is there after the run of a day. */
export interface State {
  readonly byClass: ReadonlyMap<string, { readonly current: Tally; readonly noncurrent: Tally }>;
  readonly deleteMarkers: number;
  /** Removed for good since the configuration was put. */
  readonly expired: Tally;
}

/**
 * One configuration over the horizon, in quanta by day from the as-of day on. Reads are what reading every byte once a month
 * would cost; shares of it are taken later.
 */
export interface Side {
  /** Storage and monitoring. */
  readonly storage: readonly bigint[];
  /** The same by storage class and reported month. */
  readonly storageByClass: ReadonlyMap<string, readonly bigint[]>;
  readonly transitions: readonly bigint[];
  /** Early deletion, with versions whose entry into their class nobody knows taken as entered on the as-of day. */
  readonly early: readonly bigint[];
  /** The same, with those taken as entered when they were written. */
  readonly earlyAtBest: readonly bigint[];
  readonly reads: readonly bigint[];
  /** Bytes at the end of each reported month by storage class. */
  readonly bytesByClass: ReadonlyMap<string, readonly number[]>;
  readonly effects: Effects;
}
