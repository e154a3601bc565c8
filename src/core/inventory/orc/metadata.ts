import { decodeUtf8 } from '../../cube/utf8.ts';
import { ByteReader, Damaged } from '../damaged.ts';
import { bytesIn, type Message, numberIn, readMessage } from './protobuf.ts';

/** Structures of ORC files (https://orc.apache.org/specification/ORCv1/, https://github.com/apache/orc-format: orc_proto.proto). */

/** Kinds of types. */
export const BOOLEAN = 0;
export const BYTE = 1;
export const SHORT = 2;
export const INT = 3;
export const LONG = 4;
export const FLOAT = 5;
export const DOUBLE = 6;
export const STRING = 7;
export const BINARY = 8;
export const TIMESTAMP = 9;
const STRUCT = 12;
export const DATE = 15;
export const VARCHAR = 16;
export const CHAR = 17;
export const INSTANT = 18;

/** Kinds of streams. */
export const PRESENT = 0;
export const DATA = 1;
export const LENGTH = 2;
export const DICTIONARY_DATA = 3;
export const SECONDARY = 5;

/** Encodings of columns. */
export const DICTIONARY = 1;
export const DIRECT_V2 = 2;
export const DICTIONARY_V2 = 3;

export interface PostScript {
  readonly footerBytes: number;
  readonly codec: number;
  /** Blocks are at most so long unpacked. */
  readonly blockBytes: number;
}

export interface OrcColumn {
  readonly name: string;
  /** Its number among all types of the file, by which streams refer to it. */
  readonly id: number;
  readonly kind: number;
}

export interface Stripe {
  readonly offset: number;
  readonly dataAt: number;
  readonly footerAt: number;
  readonly footerBytes: number;
  readonly rows: number;
}

export interface OrcMetadata {
  readonly rows: number;
  readonly columns: readonly OrcColumn[];
  readonly stripes: readonly Stripe[];
}

export interface OrcStreamPlace {
  readonly offset: number;
  readonly bytes: number;
}

export interface StripeFooter {
  /** By column and kind: `column * 64 + kind`. */
  readonly streams: ReadonlyMap<number, OrcStreamPlace>;
  readonly encodings: readonly { readonly kind: number; readonly dictionarySize: number }[];
  /** '' where none is named. */
  readonly timeZone: string;
}

const parse = (bytes: Uint8Array): Message => readMessage(new ByteReader(bytes));
const whole = (value: number): number => {
  if (!Number.isSafeInteger(value)) throw new Damaged('a count is out of range');
  return value;
};
const text = (bytes: Uint8Array | undefined): string => (bytes === undefined ? '' : decodeUtf8(bytes, 0, bytes.length));

export function readPostScript(bytes: Uint8Array): PostScript {
  const message = parse(bytes);
  if (text(bytesIn(message, 8000).at(-1)) !== 'ORC') throw new Damaged('the file is not ORC');
  const codec = numberIn(message, 2);
  return { footerBytes: whole(numberIn(message, 1)), codec, blockBytes: whole(numberIn(message, 3)) };
}

/** Reads the footer; `fileBytes` bounds what it may point at. */
export function readFooter(bytes: Uint8Array, fileBytes: number): OrcMetadata {
  const message = parse(bytes);
  const rows = whole(numberIn(message, 6));
  const stripes = bytesIn(message, 3).map((stripe) => readStripe(parse(stripe), fileBytes));
  if (stripes.reduce((sum, stripe) => sum + stripe.rows, 0) !== rows)
    throw new Damaged('the stripes do not add up to the rows of the file');
  return { rows, columns: readColumns(bytesIn(message, 4).map(parse)), stripes };
}

function readStripe(message: Message, fileBytes: number): Stripe {
  const [offset, index, data, footerBytes, rows] = [1, 2, 3, 4, 5].map((field) => whole(numberIn(message, field))) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const footerAt = offset + index + data;
  if (footerAt + footerBytes > fileBytes) throw new Damaged('a stripe goes beyond the end of its file');
  return { offset, dataAt: offset + index, footerAt, footerBytes, rows };
}

/** The columns of the outermost struct; what lies in those that are none of our kinds is not looked at. */
function readColumns(types: readonly Message[]): OrcColumn[] {
  const root = types[0];
  if (root === undefined || numberIn(root, 1) !== STRUCT) throw new Damaged('the file does not hold rows');
  const names = bytesIn(root, 3).map((name) => text(name));
  const ids = (root.get(2) ?? []).flatMap((value) => (typeof value === 'number' ? [value] : varintsOf(value)));
  if (names.length !== ids.length) throw new Damaged('columns have no names');
  return names.map((name, i) => {
    const id = ids[i] as number;
    const type = types[id];
    if (type === undefined || id === 0) throw new Damaged('a column has no type');
    return { name, id, kind: numberIn(type, 1) };
  });
}

function varintsOf(bytes: Uint8Array): number[] {
  const reader = new ByteReader(bytes);
  const values: number[] = [];
  while (reader.left > 0) values.push(reader.varint());
  return values;
}

export function readStripeFooter(bytes: Uint8Array, stripe: Stripe): StripeFooter {
  const message = parse(bytes);
  const streams = new Map<number, OrcStreamPlace>();
  let offset = stripe.offset;
  for (const stream of bytesIn(message, 1).map(parse)) {
    const length = whole(numberIn(stream, 3));
    const kind = numberIn(stream, 1);
    // Streams of the index lie first; no data stream may reach back into them or beyond the stripe.
    if (offset + length > stripe.footerAt) throw new Damaged('a stream goes beyond the end of its stripe');
    if (kind < 64) streams.set(numberIn(stream, 2) * 64 + kind, { offset, bytes: length });
    offset += length;
  }
  const encodings = bytesIn(message, 2)
    .map(parse)
    .map((encoding) => ({ kind: numberIn(encoding, 1), dictionarySize: whole(numberIn(encoding, 2)) }));
  return { streams, encodings, timeZone: text(bytesIn(message, 3).at(-1)) };
}
