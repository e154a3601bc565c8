import { decodeUtf8, encodeUtf8 } from '../cube/utf8.ts';
import type { BatchBuilder } from '../inventory/batch-builder.ts';
import { eTagText } from '../inventory/e-tag.ts';
import { NO_ETAG, type RowBatch, TEXT_ETAG } from '../inventory/row-batch.ts';
import type { Covered, Position } from './position.ts';

/** What one answer brought, as a listing keeps it until it is whole: which keys it covers, and their rows. */
export interface PageRecord {
  /** The prefix that was asked for; what is covered is of the keys that begin with it. */
  readonly prefix: string;
  readonly covered: Covered;
}

interface Head {
  readonly prefix: string;
  readonly after: WrittenPosition;
  readonly to: WrittenPosition | null;
  readonly upTo: string | null;
  readonly rows: number;
  readonly keys: number;
  readonly versionIds: number;
  readonly classes: readonly (readonly [string, string])[];
  readonly details: readonly (readonly string[])[];
  readonly eTags: readonly (readonly [number, string])[];
}
type WrittenPosition = readonly [key: string, versionId: string | null];

/** Bytes as text of one character each, which JSON carries. */
const write = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
const read = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const writePosition = ({ key, versionId }: Position): WrittenPosition => [write(key), versionId];
const readPosition = ([key, versionId]: WrittenPosition): Position => ({ key: read(key), versionId });

/** Widths of the columns behind the texts, widest first. */
const ROW_BYTES = 8 + 8 + 16 + 4 + 4 + 4 + 2 + 2 + 1;

/** A batch and what its rows are all of, as bytes. A listing has no retention, so none is kept. */
export function encodePage({ prefix, covered }: PageRecord, batch: RowBatch): Uint8Array {
  const { rows, keyStart, versionIdStart } = batch;
  const keys = batch.keyBytes.subarray(keyStart[0], keyStart[rows]);
  const versionIds = batch.versionIdBytes.subarray(versionIdStart[0], versionIdStart[rows]);
  const head: Head = {
    prefix,
    after: writePosition(covered.after),
    to: covered.to === null ? null : writePosition(covered.to),
    upTo: covered.upTo === null ? null : write(covered.upTo),
    rows,
    keys: keys.length,
    versionIds: versionIds.length,
    classes: batch.classes.map(({ storageClass, accessTier }) => [storageClass, accessTier]),
    details: rows === 0 ? [] : batch.details,
    eTags: [...batch.eTagTexts],
  };
  const headBytes = encodeUtf8(JSON.stringify(head));
  const out = new Uint8Array(4 + headBytes.length + keys.length + versionIds.length + rows * ROW_BYTES);
  let at = 0;
  const put = (bytes: Uint8Array): void => {
    out.set(bytes, at);
    at += bytes.length;
  };
  const column = (values: Float64Array | Uint32Array | Uint16Array | Uint8Array, width = 1): void => {
    const slice = values.slice(0, rows * width);
    put(new Uint8Array(slice.buffer, slice.byteOffset, slice.byteLength));
  };
  put(Uint8Array.of(headBytes.length, headBytes.length >>> 8, headBytes.length >>> 16, headBytes.length >>> 24));
  put(headBytes);
  put(keys);
  put(versionIds);
  column(batch.sizeBytes);
  column(batch.lastModifiedMs);
  column(batch.eTag, 16);
  column(batch.eTagParts);
  column(keyStart.subarray(1));
  column(versionIdStart.subarray(1));
  column(batch.classId);
  column(batch.detailId);
  column(batch.flags);
  return out;
}

/** What an encoded page covers, without its rows; null for bytes that are no such page. */
export function recordOf(bytes: Uint8Array): PageRecord | null {
  const found = headOf(bytes);
  if (found === null) return null;
  const { prefix, after, to, upTo } = found.head;
  const covered = { after: readPosition(after), to: to === null ? null : readPosition(to), upTo: upTo === null ? null : read(upTo) };
  return { prefix, covered };
}

/** Puts the rows of an encoded page into a builder, as they were; false for bytes that are no such page. */
export function decodeRows(bytes: Uint8Array, builder: BatchBuilder): boolean {
  const found = headOf(bytes);
  if (found === null) return false;
  const { head, end } = found;
  const { rows } = head;
  let at = end;
  const take = (length: number): Uint8Array<ArrayBuffer> => {
    at += length;
    return new Uint8Array(bytes.subarray(at - length, at));
  };
  const [keys, versionIds] = [take(head.keys), take(head.versionIds)];
  const sizeBytes = new Float64Array(take(rows * 8).buffer);
  const lastModifiedMs = new Float64Array(take(rows * 8).buffer);
  const eTag = take(rows * 16);
  const eTagParts = new Uint32Array(take(rows * 4).buffer);
  const keyEnd = new Uint32Array(take(rows * 4).buffer);
  const versionIdEnd = new Uint32Array(take(rows * 4).buffer);
  const classId = new Uint16Array(take(rows * 2).buffer);
  const detailId = new Uint16Array(take(rows * 2).buffer);
  const flags = take(rows);
  const classes = head.classes.map(([storageClass, accessTier]) => builder.classIdOf(storageClass, accessTier));
  const details = head.details.map((values) => builder.detailIdOf(values));
  const texts = new Map(head.eTags);
  // Ends count from the start of the page's own buffers.
  const [keyBase, versionIdBase] = [(keyEnd[rows - 1] ?? 0) - head.keys, (versionIdEnd[rows - 1] ?? 0) - head.versionIds];
  for (let row = 0; row < rows; row++) {
    const key = keys.subarray(row === 0 ? 0 : keyEnd[row - 1]! - keyBase, keyEnd[row]! - keyBase);
    const versionId = versionIds.subarray(row === 0 ? 0 : versionIdEnd[row - 1]! - versionIdBase, versionIdEnd[row]! - versionIdBase);
    builder.reserve(key.length, versionId.length);
    builder.keyBytes.set(key, builder.keyEnd);
    builder.keyEnd += key.length;
    builder.versionIdBytes.set(versionId, builder.versionIdEnd);
    builder.versionIdEnd += versionId.length;
    const text = texts.get(row);
    const parts = eTagParts[row]!;
    if (text !== undefined) builder.setETagText(text);
    else if (parts !== NO_ETAG && parts !== TEXT_ETAG) builder.setETag(encodeUtf8(eTagText(eTag, row * 16, 0)), 0, parts);
    builder.add(flags[row]!, sizeBytes[row]!, lastModifiedMs[row]!, classes[classId[row]!] ?? 0, details[detailId[row]!] ?? 0);
  }
  return true;
}

/** The head of a page and where it ends. Its checksum says that it is ours, so its members are taken as they are. */
function headOf(bytes: Uint8Array): { readonly head: Head; readonly end: number } | null {
  if (bytes.length < 4) return null;
  const end = 4 + bytes[0]! + bytes[1]! * 0x100 + bytes[2]! * 0x1_0000 + bytes[3]! * 0x100_0000;
  try {
    const head = JSON.parse(decodeUtf8(bytes, 4, Math.min(end, bytes.length))) as Head;
    return bytes.length === end + head.keys + head.versionIds + head.rows * ROW_BYTES ? { head, end } : null;
  } catch {
    return null;
  }
}
