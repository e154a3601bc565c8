import type { VersionTags } from './tag-groups.ts';

/** The versions lying directly in some directories, as far as cells need them. Numbers as in `Cube`. */
interface VersionSource {
  readonly rows: number;
  name(row: number): string;
  readonly kind: ArrayLike<number>;
  readonly unit: ArrayLike<number>;
  readonly classId: ArrayLike<number>;
  /** Index into VERSION_STATES. */
  readonly state: ArrayLike<number>;
  readonly cubeFlags: ArrayLike<number>;
  readonly lockedUntilDay: ArrayLike<number>;
  readonly sizeBytes: ArrayLike<number>;
  readonly lastModifiedMs: ArrayLike<number>;
  /** The last write, or when the successor of a noncurrent version was created. */
  readonly clockMs: ArrayLike<number>;
}

/**
 * Some rows of a snapshot in the order of the index: by directory, then by name (byte order), the latest first and then the
 * newest. Column i of every array is one version or delete marker; numbers as in `Cube`.
 */
export interface RowBlock extends VersionSource {
  readonly directory: Uint32Array;
  readonly kind: Uint8Array;
  readonly unit: Int32Array;
  readonly classId: Uint16Array;
  readonly state: Uint8Array;
  readonly cubeFlags: Uint8Array;
  readonly lockedUntilDay: Int32Array;
  /** 0 for delete markers. */
  readonly sizeBytes: Float64Array;
  readonly lastModifiedMs: Float64Array;
  /** When the lifecycle clock starts: the last write, or when the successor was written; `Cube.clockDay` is the midnight from it on. */
  readonly clockMs: Float64Array;
  /** 1 where the row is of the same key as the row before it. */
  readonly isSameKey: Uint8Array;
  /** The last segment of the key. */
  name(row: number): string;
  /** null for the null version and where there are no version ids. */
  versionId(row: number): string | null;
  /** null where nobody read them; left out where nobody read any. */
  tags?: ((row: number) => VersionTags | null) | undefined;
}

/** Directories [from, to) in pre-order: a subtree is [d, subtreeEnd[d]). */
export interface DirectoryRange {
  readonly from: number;
  readonly to: number;
}
