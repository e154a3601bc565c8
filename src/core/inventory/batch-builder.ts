import { packHex } from './e-tag.ts';
import { type Details, NO_ETAG, type RowBatch, TEXT_ETAG } from './row-batch.ts';

/** Rows per batch: large enough to make the hand-over free, small enough for caches. */
const BATCH_ROWS = 16_384;
/** S3 has some twenty classes; far more is not a report. */
const MAX_CLASSES = 4_096;
/** A batch also ends when details and odd ETags have brought so much text, in characters. */
const MAX_TEXT = 1 << 20;

export type BilledClassName = { readonly storageClass: string; readonly accessTier: string };

/**
 * The one place where rows become columns. Buffers are reused: a batch is valid until the next
 * row is added. Writers put key and version id bytes in place themselves (`keyBytes` from `keyEnd`
 * on, after `reserve`), tell the ETag, the retention and the details where there are any, then call `add`.
 */
export class BatchBuilder {
  keyBytes = new Uint8Array(BATCH_ROWS * 96);
  versionIdBytes = new Uint8Array(BATCH_ROWS * 40);
  keyEnd = 0;
  versionIdEnd = 0;
  rows = 0;
  /** How often `clear` was called: detail ids are of one batch. */
  clears = 0;
  readonly classes: BilledClassName[];
  readonly #detailNames: readonly string[];
  readonly #keyStart = new Uint32Array(BATCH_ROWS + 1);
  readonly #versionIdStart = new Uint32Array(BATCH_ROWS + 1);
  readonly #flags = new Uint8Array(BATCH_ROWS);
  readonly #sizeBytes = new Float64Array(BATCH_ROWS);
  readonly #lastModifiedMs = new Float64Array(BATCH_ROWS);
  readonly #retainUntilMs = new Float64Array(BATCH_ROWS).fill(Number.NaN);
  readonly #eTag = new Uint8Array(BATCH_ROWS * 16);
  readonly #eTagParts = new Uint32Array(BATCH_ROWS).fill(NO_ETAG);
  readonly #eTagTexts = new Map<number, string>();
  readonly #classId = new Uint16Array(BATCH_ROWS);
  readonly #classIds: Map<string, number>;
  readonly #detailId = new Uint16Array(BATCH_ROWS);
  /** Another list for every batch: who takes batches looks at each list once. */
  #details: Details[] = [];
  readonly #detailIds = new Map<string, number>();
  #text = 0;

  /** `detailNames`: the source's columns that have no place of their own in a batch. `sharing`: a builder whose classes it shares. */
  constructor(detailNames: readonly string[] = [], sharing?: BatchBuilder) {
    this.#detailNames = detailNames;
    this.classes = sharing?.classes ?? [];
    this.#classIds = sharing === undefined ? new Map() : sharing.#classIds;
    this.detailIdOf(detailNames.map(() => ''));
  }

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

  /** The id of these details, in this batch. */
  detailIdOf(details: Details): number {
    const name = JSON.stringify(details);
    const known = this.#detailIds.get(name);
    if (known !== undefined) return known;
    this.#text += name.length;
    this.#details.push([...details]);
    this.#detailIds.set(name, this.#details.length - 1);
    return this.#details.length - 1;
  }

  /** The ETag of the next row: its hex digits are bytes[start .. start + 32), `parts` is what follows them. */
  setETag(bytes: Uint8Array, start: number, parts: number): void {
    packHex(bytes, start, this.#eTag, this.rows * 16);
    this.#eTagParts[this.rows] = parts;
  }

  /** The ETag of the next row where it is not 32 hex digits. */
  setETagText(text: string): void {
    this.#eTagParts[this.rows] = TEXT_ETAG;
    this.#eTagTexts.set(this.rows, text);
    this.#text += text.length;
  }

  setRetainUntil(ms: number): void {
    this.#retainUntilMs[this.rows] = ms;
  }

  /** Ends the row whose key and version id bytes are already in place. */
  add(flags: number, sizeBytes: number, lastModifiedMs: number, classId: number, detailId = 0): void {
    const row = this.rows++;
    this.#keyStart[row + 1] = this.keyEnd;
    this.#versionIdStart[row + 1] = this.versionIdEnd;
    this.#flags[row] = flags;
    this.#sizeBytes[row] = sizeBytes;
    this.#lastModifiedMs[row] = lastModifiedMs;
    this.#classId[row] = classId;
    this.#detailId[row] = detailId;
  }

  get isFull(): boolean {
    return this.rows === BATCH_ROWS || this.#text > MAX_TEXT;
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
      retainUntilMs: this.#retainUntilMs,
      eTag: this.#eTag,
      eTagParts: this.#eTagParts,
      eTagTexts: this.#eTagTexts,
      classId: this.#classId,
      classes: this.classes,
      detailId: this.#detailId,
      details: this.#details,
      detailNames: this.#detailNames,
    };
  }

  clear(): void {
    this.#retainUntilMs.fill(Number.NaN, 0, this.rows);
    this.#eTag.fill(0, 0, this.rows * 16);
    this.#eTagParts.fill(NO_ETAG, 0, this.rows);
    this.#eTagTexts.clear();
    this.#details = this.#details.slice(0, 1);
    this.#detailIds.clear();
    this.#detailIds.set(JSON.stringify(this.#details[0]), 0);
    this.clears++;
    this.#text = 0;
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
