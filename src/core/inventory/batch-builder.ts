import type { RowBatch } from './row-batch.ts';

/** Rows per batch: large enough to make the hand-over free, small enough for caches. */
const BATCH_ROWS = 16_384;
/** S3 has some twenty classes; far more is not a report. */
const MAX_CLASSES = 4_096;

export type BilledClassName = { readonly storageClass: string; readonly accessTier: string };

/**
 * The one place where rows become columns. Buffers are reused: a batch is valid until the next
 * row is added. Writers put key and version id bytes in place themselves (`keyBytes` from `keyEnd`
 * on, after `reserve`), then call `add`.
 */
export class BatchBuilder {
  keyBytes = new Uint8Array(BATCH_ROWS * 96);
  versionIdBytes = new Uint8Array(BATCH_ROWS * 40);
  keyEnd = 0;
  versionIdEnd = 0;
  rows = 0;
  readonly classes: BilledClassName[] = [];
  readonly #keyStart = new Uint32Array(BATCH_ROWS + 1);
  readonly #versionIdStart = new Uint32Array(BATCH_ROWS + 1);
  readonly #flags = new Uint8Array(BATCH_ROWS);
  readonly #sizeBytes = new Float64Array(BATCH_ROWS);
  readonly #lastModifiedMs = new Float64Array(BATCH_ROWS);
  readonly #classId = new Uint16Array(BATCH_ROWS);
  readonly #classIds = new Map<string, number>();

  /** Makes room for this many more bytes of key and version id. */
  reserve(keyLength: number, versionIdLength: number): void {
    if (this.keyEnd + keyLength > this.keyBytes.length) this.keyBytes = grown(this.keyBytes, this.keyEnd + keyLength);
    if (this.versionIdEnd + versionIdLength > this.versionIdBytes.length) {
      this.versionIdBytes = grown(this.versionIdBytes, this.versionIdEnd + versionIdLength);
    }
  }

  /** The id of a class; -1 once there are more classes than S3 could have. */
  classIdOf(storageClass: string, accessTier: string): number {
    const name = `${storageClass}\n${accessTier}`;
    const known = this.#classIds.get(name);
    if (known !== undefined) return known;
    if (this.classes.length >= MAX_CLASSES) return -1;
    this.classes.push({ storageClass, accessTier });
    this.#classIds.set(name, this.classes.length - 1);
    return this.classes.length - 1;
  }

  /** Ends the row whose key and version id bytes are already in place. */
  add(flags: number, sizeBytes: number, lastModifiedMs: number, classId: number): void {
    const row = this.rows++;
    this.#keyStart[row + 1] = this.keyEnd;
    this.#versionIdStart[row + 1] = this.versionIdEnd;
    this.#flags[row] = flags;
    this.#sizeBytes[row] = sizeBytes;
    this.#lastModifiedMs[row] = lastModifiedMs;
    this.#classId[row] = classId;
  }

  get isFull(): boolean {
    return this.rows === BATCH_ROWS;
  }

  /** What was added since the last `clear`, as views on the builder's own buffers. */
  batch(): RowBatch {
    return {
      rows: this.rows,
      keyBytes: this.keyBytes,
      keyStart: this.#keyStart,
      versionIdBytes: this.versionIdBytes,
      versionIdStart: this.#versionIdStart,
      flags: this.#flags,
      sizeBytes: this.#sizeBytes,
      lastModifiedMs: this.#lastModifiedMs,
      classId: this.#classId,
      classes: this.classes,
    };
  }

  clear(): void {
    this.rows = 0;
    this.keyEnd = 0;
    this.versionIdEnd = 0;
  }
}

function grown(bytes: Uint8Array, needed: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(needed, bytes.length * 2));
  larger.set(bytes);
  return larger;
}
