import { ByteReader, Damaged } from '../damaged.ts';
import { numberOf, readThrift, structOf } from './thrift.ts';

export const PLAIN = 0;
export const PLAIN_DICTIONARY = 2;
export const RLE = 3;
export const BIT_PACKED = 4;
export const DELTA_BINARY_PACKED = 5;
export const DELTA_LENGTH_BYTE_ARRAY = 6;
export const DELTA_BYTE_ARRAY = 7;
export const RLE_DICTIONARY = 8;

/** A page as its header describes it. `dictionary`: the values that later pages refer to; `other`: nothing of ours. */
export interface PageHeader {
  readonly kind: 'data' | 'dictionary' | 'other';
  /** Bytes of the header itself, and of the page as it lies and unpacked. */
  readonly headerBytes: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly values: number;
  readonly encoding: number;
  readonly levelEncoding: number;
  /** Pages of the second version: bytes of the levels, which are not packed with the values; undefined in the first. */
  readonly levels: { readonly definition: number; readonly repetition: number; readonly isPacked: boolean } | undefined;
}

/** A page is never larger than this unpacked: writers make pages of about 1 MiB. */
const MOST_PAGE_BYTES = 256 << 20;

/** Reads the header that a page begins with. */
export function readPageHeader(bytes: Uint8Array): PageHeader {
  const reader = new ByteReader(bytes);
  const header = readThrift(reader);
  const type = numberOf(header, 1);
  const common = { headerBytes: reader.at, packedBytes: count(numberOf(header, 3)), bytes: count(numberOf(header, 2)) };
  if (common.bytes > MOST_PAGE_BYTES || common.packedBytes > MOST_PAGE_BYTES)
    throw new Damaged('a page is larger than any writer makes them');
  const first = structOf(header, 5);
  if (type === 0 && first) {
    return {
      ...common,
      kind: 'data',
      values: count(numberOf(first, 1)),
      encoding: count(numberOf(first, 2)),
      levelEncoding: numberOf(first, 3) ?? RLE,
      levels: undefined,
    };
  }
  const dictionary = structOf(header, 7);
  if (type === 2 && dictionary) {
    return {
      ...common,
      kind: 'dictionary',
      values: count(numberOf(dictionary, 1)),
      encoding: count(numberOf(dictionary, 2)),
      levelEncoding: RLE,
      levels: undefined,
    };
  }
  const second = structOf(header, 8);
  if (type === 3 && second) {
    const levels = { definition: count(numberOf(second, 5)), repetition: count(numberOf(second, 6)), isPacked: second.get(7) !== false };
    if (levels.definition + levels.repetition > Math.min(common.bytes, common.packedBytes))
      throw new Damaged('the levels of a page are longer than the page');
    return {
      ...common,
      kind: 'data',
      values: count(numberOf(second, 1)),
      encoding: count(numberOf(second, 4)),
      levelEncoding: RLE,
      levels,
    };
  }
  return { ...common, kind: 'other', values: 0, encoding: PLAIN, levelEncoding: RLE, levels: undefined };
}

function count(value: number | undefined): number {
  if (value === undefined || !Number.isSafeInteger(value) || value < 0) throw new Damaged('a page header is incomplete');
  return value;
}
