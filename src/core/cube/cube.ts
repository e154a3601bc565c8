/**
 * The directories of one snapshot in pre-order: every subtree is the contiguous range
 * [d, subtreeEnd[d]). Directory 0 is the bucket's root with path "". Paths end in "/" and
 * are decoded keys; empty segments are kept ("a//b" lies in "a//").
 */
export interface DirectoryTree {
  readonly count: number;
  readonly parent: Int32Array;
  readonly depth: Uint16Array;
  readonly subtreeEnd: Uint32Array;
  /** 1 where a classification rule names this directory as a whole unit (a run, a checkpoint step, a table). */
  readonly isUnitRoot: Uint8Array;
  /** Last segment without its "/". */
  name(directory: number): string;
  path(directory: number): string;
  /** The directory with exactly this path, or -1. */
  find(path: string): number;
  /** Direct children, in key order. */
  children(directory: number): Iterable<number>;
}

/** One storage class as billed: Intelligent-Tiering is split by access tier ('' where the report does not say). */
export interface BilledClass {
  readonly storageClass: string;
  readonly accessTier: string;
}

/** Bits of `Cube.flags`. */
export const REPLICATION_BLOCKED = 1; // ReplicationStatus PENDING or FAILED: lifecycle does not act (s3-domain 4.5)
export const MULTI = 2; // the key has more than one version or delete marker in the snapshot
export const SUPERSEDED = 4; // a delete marker that is not the latest

/** `Cube.lockedUntilDay` of what no lock keeps, and of what is under a legal or event hold. Both compare as days do. */
export const NOT_LOCKED = -0x80000000;
export const LOCKED_FOR_EVER = 0x7fffffff;

/**
 * The cost cube: versions grouped by everything a storage charge or a lifecycle rule can tell apart.
 * Column i of every array is one cell; cells are sorted by directory, and hold what lies directly in it.
 */
export interface Cube {
  readonly asOfMs: number;
  /** Whether noncurrent versions are in the snapshot. */
  readonly allVersions: boolean;
  readonly tree: DirectoryTree;
  readonly classes: readonly BilledClass[];
  readonly cellCount: number;
  readonly directory: Uint32Array;
  /** First cell of each directory; length tree.count + 1, so a subtree's cells are [cellStart[d], cellStart[subtreeEnd[d]]). */
  readonly cellStart: Uint32Array;
  /** Index into KINDS. */
  readonly kind: Uint8Array;
  /** The unit (`units.unit_id`) that its versions are kept or deleted with; -1 for none. */
  readonly unit: Int32Array;
  /** Index into `classes`. */
  readonly classId: Uint16Array;
  /** 1 where every object of the cell is below 128 KiB. */
  readonly isSmall: Uint8Array;
  /** Index into VERSION_STATES. */
  readonly state: Uint8Array;
  readonly flags: Uint8Array;
  /** A lock keeps versions from being deleted while this is later than the day: NOT_LOCKED, LOCKED_FOR_EVER or the first UTC day it no longer does. */
  readonly lockedUntilDay: Int32Array;
  /** UTC day of the last write. */
  readonly writtenDay: Int32Array;
  /**
   * The UTC day lifecycle counts from: an action after N days is due on clockDay + N (s3-domain 4.5). The first 00:00 UTC not
   * before the last write or, for a noncurrent version and a superseded delete marker, not before its successor was created.
   */
  readonly clockDay: Int32Array;
  readonly count: Float64Array;
  readonly bytes: Float64Array;
}
