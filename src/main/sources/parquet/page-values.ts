import { ByteReader, Damaged, Unsupported } from '../../../core/inventory/damaged.ts';
import { readDeltas } from '../../../core/inventory/parquet/delta.ts';
import { readHybrid } from '../../../core/inventory/parquet/levels.ts';
import {
  BOOLEAN,
  BYTE_ARRAY,
  DOUBLE,
  FIXED_LEN_BYTE_ARRAY,
  FLOAT,
  INT32,
  INT64,
  INT96,
  type ParquetColumn,
} from '../../../core/inventory/parquet/metadata.ts';
import { DELTA_BINARY_PACKED, DELTA_BYTE_ARRAY, DELTA_LENGTH_BYTE_ARRAY, PLAIN, RLE } from '../../../core/inventory/parquet/page-header.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { KernelRoom } from '../columnar/column.ts';

const MS_PER_DAY = 86_400_000;
const NANOS_PER_MS = 1_000_000n;
const UNIX_EPOCH_JULIAN_DAY = 2_440_588;

export const isText = ({ type }: ParquetColumn): boolean => type === BYTE_ARRAY || type === FIXED_LEN_BYTE_ARRAY;

/** Lists of addresses and lengths of texts in the kernel's memory. */
export class TextLists {
  readonly addresses: KernelRoom;
  readonly lengths: KernelRoom;
  private readonly spelled: KernelRoom;
  private readonly kernel: Kernel;

  constructor(kernel: Kernel) {
    this.kernel = kernel;
    this.addresses = new KernelRoom(kernel);
    this.lengths = new KernelRoom(kernel);
    this.spelled = new KernelRoom(kernel);
  }

  /** Lists the values of a page that lie in kernel memory [at, end). */
  read(column: ParquetColumn, encoding: number, at: number, end: number, count: number): void {
    const { kernel } = this;
    if (encoding === PLAIN && column.type !== FIXED_LEN_BYTE_ARRAY && count * 4 > end - at) throw new Damaged('a page ends too early');
    const addresses = this.addresses.need(count * 4);
    const lengths = this.lengths.need(count * 4);
    if (column.type === FIXED_LEN_BYTE_ARRAY && encoding === PLAIN) {
      kernel.u32(lengths, count).fill(column.typeLength);
      if (!kernel.calls.placeTexts(at, end, count, addresses, lengths)) throw new Damaged('a page ends too early');
    } else if (encoding === PLAIN) {
      if (kernel.calls.listTexts(at, end, count, addresses, lengths) === 0) throw new Damaged('a page ends too early');
    } else if (encoding === DELTA_LENGTH_BYTE_ARRAY) {
      const reader = new ByteReader(kernel.bytes(at, end - at));
      kernel.u32(lengths, count).set(lengthsOf(reader, count));
      if (!kernel.calls.placeTexts(at + reader.at, end, count, addresses, lengths)) throw new Damaged('a page ends too early');
    } else if (encoding === DELTA_BYTE_ARRAY) {
      this.readFronted(new ByteReader(kernel.bytes(at, end - at)), count);
    } else throw new Unsupported(`the encoding no. ${encoding} of texts`);
  }

  /** Each text begins as the one before it does: how long so, and the rest. */
  private readFronted(reader: ByteReader, count: number): void {
    const shared = lengthsOf(reader, count);
    const rest = lengthsOf(reader, count);
    let total = 0;
    for (let i = 0; i < count; i++) {
      const own = (shared[i] as number) + (rest[i] as number);
      if ((shared[i] as number) > (i === 0 ? 0 : (shared[i - 1] as number) + (rest[i - 1] as number)))
        throw new Damaged('a text begins like nothing before it');
      total += own;
      if (total > 1 << 30) throw new Damaged('the texts of a page are too long');
    }
    const bytes = new Uint8Array(total);
    let to = 0;
    let last = 0;
    for (let i = 0; i < count; i++) {
      const begin = to;
      bytes.copyWithin(to, last, last + (shared[i] as number));
      to += shared[i] as number;
      bytes.set(reader.take(rest[i] as number), to);
      to += rest[i] as number;
      last = begin;
    }
    const at = this.spelled.put(bytes);
    // Putting may have moved the kernel's memory.
    const lengths = this.kernel.u32(this.lengths.at, count);
    for (let i = 0; i < count; i++) lengths[i] = (shared[i] as number) + (rest[i] as number);
    this.kernel.calls.placeTexts(at, at + total, count, this.addresses.at, this.lengths.at);
  }

  free(): void {
    this.addresses.free();
    this.lengths.free();
    this.spelled.free();
  }
}

function lengthsOf(reader: ByteReader, count: number): Float64Array {
  const lengths = readDeltas(reader, count);
  for (const length of lengths) if (!(length >= 0 && length <= 1 << 30)) throw new Damaged('a text has no sensible length');
  return lengths;
}

/** The numbers of a page: whole ones as they are, instants in milliseconds, flags as 0 and 1. */
export function readNumbers(column: ParquetColumn, encoding: number, bytes: Uint8Array, count: number): Float64Array {
  const reader = new ByteReader(bytes);
  if (encoding === DELTA_BINARY_PACKED) {
    const isNanos = column.meaning === 'ns';
    const values = readDeltas(reader, count, isNanos ? NANOS_PER_MS : 1n);
    return isNanos ? values : values.map((value) => scaled(column, value));
  }
  if (column.type === BOOLEAN) return readFlags(reader, encoding, count);
  if (encoding !== PLAIN) throw new Unsupported(`the encoding no. ${encoding} of numbers`);
  const width = column.type === INT96 ? 12 : column.type === INT32 || column.type === FLOAT ? 4 : 8;
  if (bytes.length < count * width) throw new Damaged('a page ends too early');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = new Float64Array(count);
  switch (column.type) {
    case INT64:
      for (let i = 0; i < count; i++) out[i] = scaled(column, int64(view, i * 8, column));
      return out;
    case INT32:
      for (let i = 0; i < count; i++)
        out[i] = scaled(column, column.meaning === 'unsigned' ? view.getUint32(i * 4, true) : view.getInt32(i * 4, true));
      return out;
    case INT96:
      for (let i = 0; i < count; i++) {
        const nanos = view.getUint32(i * 12, true) + view.getUint32(i * 12 + 4, true) * 0x1_0000_0000;
        out[i] = (view.getInt32(i * 12 + 8, true) - UNIX_EPOCH_JULIAN_DAY) * MS_PER_DAY + Math.floor(nanos / 1_000_000);
      }
      return out;
    case FLOAT:
      for (let i = 0; i < count; i++) out[i] = view.getFloat32(i * 4, true);
      return out;
    case DOUBLE:
      for (let i = 0; i < count; i++) out[i] = view.getFloat64(i * 8, true);
      return out;
    default:
      throw new Unsupported(`the type no. ${column.type} of a column`);
  }
}

/** Exact below 2^53; nanoseconds, which are larger, are brought to milliseconds first. */
function int64(view: DataView, at: number, { meaning }: ParquetColumn): number {
  const high = meaning === 'unsigned' ? view.getUint32(at + 4, true) : view.getInt32(at + 4, true);
  if (meaning === 'ns') {
    const nanos = view.getBigInt64(at, true);
    return Number((nanos - (((nanos % NANOS_PER_MS) + NANOS_PER_MS) % NANOS_PER_MS)) / NANOS_PER_MS);
  }
  return high * 0x1_0000_0000 + view.getUint32(at, true);
}

function scaled({ meaning }: ParquetColumn, value: number): number {
  if (meaning === 'us') return Math.floor(value / 1000);
  return meaning === 'days' ? value * MS_PER_DAY : value;
}

function readFlags(reader: ByteReader, encoding: number, count: number): Float64Array {
  const out = new Float64Array(count);
  if (encoding === PLAIN) {
    const packed = reader.take(Math.ceil(count / 8));
    for (let i = 0; i < count; i++) out[i] = ((packed[i >> 3] as number) >> (i & 7)) & 1;
    return out;
  }
  if (encoding !== RLE) throw new Unsupported(`the encoding no. ${encoding} of flags`);
  reader.u32();
  const flags = new Int32Array(count);
  readHybrid(reader, 1, flags, 0, count);
  out.set(flags);
  return out;
}
