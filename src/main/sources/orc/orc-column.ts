import { Damaged, Unsupported } from '../../../core/inventory/damaged.ts';
import { Bits, ByteRuns } from '../../../core/inventory/orc/bits.ts';
import { type Integers, IntegersV1, IntegersV2 } from '../../../core/inventory/orc/integers.ts';
import {
  BINARY,
  BOOLEAN,
  BYTE,
  CHAR,
  DATA,
  DATE,
  DICTIONARY,
  DICTIONARY_DATA,
  DICTIONARY_V2,
  DIRECT_V2,
  DOUBLE,
  FLOAT,
  INSTANT,
  INT,
  LENGTH,
  LONG,
  type OrcColumn,
  PRESENT,
  SECONDARY,
  SHORT,
  STRING,
  TIMESTAMP,
  VARCHAR,
} from '../../../core/inventory/orc/metadata.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { type FlagColumn, instantText, KernelRoom, MOST_ROWS, type NumberColumn, type TextColumn, textAt } from '../columnar/column.ts';
import { DictionaryIds } from '../columnar/dictionary-ids.ts';
import type { OrcStream } from './orc-stream.ts';
import type { Stripes } from './stripes.ts';

const MS_PER_DAY = 86_400_000;
/** Times count from here. */
const ORC_EPOCH_MS = Date.UTC(2015, 0, 1);
/** Texts of a batch, or of a dictionary, are never longer than this in all. */
const MOST_TEXT_BYTES = 128 << 20;
const MOST_TEXTS = 1 << 23;
const UTC_NAMES = ['', 'UTC', 'GMT', 'Etc/UTC', 'Etc/GMT', 'Zulu', 'Z', 'UCT', 'Universal', 'Greenwich'];

export const isKept = ({ kind }: OrcColumn): boolean => kind <= TIMESTAMP || [DATE, VARCHAR, CHAR, INSTANT].includes(kind);

/** Reads one column stripe by stripe; what its values are, the kinds below say. */
abstract class StripedColumn {
  readonly isNull = new Uint8Array(MOST_ROWS);
  protected readonly column: OrcColumn;
  private readonly stripes: Stripes;
  private next_ = 0;
  private left = 0;
  private present: Bits | null = null;

  constructor(column: OrcColumn, stripes: Stripes) {
    this.column = column;
    this.stripes = stripes;
  }

  ahead(): number {
    while (this.left === 0) this.turn();
    return this.left;
  }

  next(rows: number): void {
    let values = rows;
    if (this.present === null) this.isNull.fill(0, 0, rows);
    else {
      values = this.present.read(this.isNull, rows);
      for (let i = 0; i < rows; i++) this.isNull[i] = 1 - (this.isNull[i] as number);
    }
    this.take(rows, values);
    this.left -= rows;
  }

  /** Ready for the values of the stripe at hand. */
  protected abstract open(): void;
  /** Puts the values of the next rows in place; so many of those have one. */
  protected abstract take(rows: number, values: number): void;

  /** A stream of the stripe at hand; one that is not there has no bytes. */
  protected stream(kind: number): OrcStream {
    return this.stripes.stream(this.column.id, kind);
  }

  protected get encoding(): { readonly kind: number; readonly dictionarySize: number } {
    const encoding = this.stripes.footer.encodings[this.column.id];
    if (encoding === undefined) throw new Damaged('a column has no encoding');
    return encoding;
  }

  protected get timeZone(): string {
    return this.stripes.footer.timeZone;
  }

  protected integers(kind: number, isSigned: boolean): Integers {
    const isSecond = this.encoding.kind === DIRECT_V2 || this.encoding.kind === DICTIONARY_V2;
    return new (isSecond ? IntegersV2 : IntegersV1)(this.stream(kind), isSigned);
  }

  private turn(): void {
    this.left = this.stripes.open(this.next_);
    this.next_ += 1;
    if (this.left === 0) return;
    this.present = this.stripes.has(this.column.id, PRESENT) ? new Bits(this.stream(PRESENT)) : null;
    this.open();
  }
}

class OrcTexts extends StripedColumn implements TextColumn {
  readonly kind = 'text' as const;
  readonly addresses: number;
  readonly lengths: number;
  readonly ids = new Int32Array(MOST_ROWS);
  private readonly kernel: Kernel;
  private readonly room: KernelRoom;
  private readonly dictionaryIds: DictionaryIds;
  private readonly read = new Float64Array(MOST_ROWS);
  private data: OrcStream | undefined;
  /** Lengths of texts, or numbers in the dictionary. */
  private numbers: Integers | undefined;
  /** The dictionary: where each text lies in the room, and the end of the last; null where there is none. */
  private starts: Uint32Array | null = null;

  constructor(kernel: Kernel, column: OrcColumn, stripes: Stripes) {
    super(column, stripes);
    this.kernel = kernel;
    this.addresses = kernel.calls.allocate(MOST_ROWS * 4);
    this.lengths = kernel.calls.allocate(MOST_ROWS * 4);
    this.room = new KernelRoom(kernel);
    this.dictionaryIds = new DictionaryIds(kernel);
  }

  text(row: number): string {
    if (this.isNull[row] === 1) return '';
    const address = this.kernel.u32(this.addresses + row * 4, 1)[0] as number;
    return textAt(this.kernel, address, this.kernel.u32(this.lengths + row * 4, 1)[0] as number);
  }

  free(): void {
    this.kernel.calls.release(this.addresses);
    this.kernel.calls.release(this.lengths);
    this.room.free();
  }

  protected open(): void {
    const { kind, dictionarySize } = this.encoding;
    this.starts = null;
    if (kind === DICTIONARY || kind === DICTIONARY_V2) {
      this.readDictionary(dictionarySize);
      this.numbers = this.integers(DATA, false);
    } else {
      this.data = this.stream(DATA);
      this.numbers = this.integers(LENGTH, false);
    }
  }

  protected take(rows: number, values: number): void {
    const { read, isNull } = this;
    this.numbers?.read(read, values);
    if (this.starts !== null) {
      this.takeCodes(this.starts, rows);
      return;
    }
    const from = this.putTexts(this.data as OrcStream, values);
    const addresses = this.kernel.u32(this.addresses, rows);
    const lengths = this.kernel.u32(this.lengths, rows);
    let at = from;
    let next = 0;
    for (let i = 0; i < rows; i++) {
      const length = isNull[i] === 1 ? 0 : (read[next++] as number);
      addresses[i] = at;
      lengths[i] = length;
      at += length;
    }
    this.ids.fill(-1, 0, rows);
  }

  private takeCodes(starts: Uint32Array, rows: number): void {
    const { read, isNull, ids } = this;
    const addresses = this.kernel.u32(this.addresses, rows);
    const lengths = this.kernel.u32(this.lengths, rows);
    let next = 0;
    for (let i = 0; i < rows; i++) {
      if (isNull[i] === 1) {
        addresses[i] = 0;
        lengths[i] = 0;
        continue;
      }
      const code = read[next++] as number;
      if (!(code >= 0 && code < starts.length - 1)) throw new Damaged('a value is not in its dictionary');
      const address = this.room.at + (starts[code] as number);
      const length = (starts[code + 1] as number) - (starts[code] as number);
      addresses[i] = address;
      lengths[i] = length;
      ids[i] = this.dictionaryIds.idOf(code, address, length);
    }
  }

  private readDictionary(count: number): void {
    const data = this.stream(DICTIONARY_DATA);
    // A text may be blank, but only one of a dictionary.
    if (count > Math.min(MOST_TEXTS, data.most + 1)) throw new Damaged('a dictionary ends too early');
    const lengths = new Float64Array(count);
    this.integers(LENGTH, false).read(lengths, count);
    this.putTexts(data, count, lengths);
    const starts = new Uint32Array(count + 1);
    for (let i = 0; i < count; i++) starts[i + 1] = (starts[i] as number) + (lengths[i] as number);
    this.starts = starts;
    this.dictionaryIds.begin(count);
  }

  /** Puts texts of these lengths one after the other into the room; where they begin. */
  private putTexts(data: OrcStream, count: number, lengths: Float64Array = this.read): number {
    let total = 0;
    for (let i = 0; i < count; i++) {
      const length = lengths[i] as number;
      if (!(length >= 0)) throw new Damaged('a text has no sensible length');
      total += length;
    }
    if (!(total <= Math.min(data.most, MOST_TEXT_BYTES))) throw new Damaged('texts are longer than their stream');
    const from = this.room.need(total);
    const { memory } = this.kernel;
    let to = from;
    data.copyTo(total, (bytes) => {
      memory.set(bytes, to);
      to += bytes.length;
    });
    return from;
  }
}

class OrcNumbers extends StripedColumn implements NumberColumn {
  readonly kind = 'number' as const;
  readonly values = new Float64Array(MOST_ROWS);
  private readonly read = new Float64Array(MOST_ROWS);
  private source: { read(out: Float64Array, count: number): void } | undefined;

  text(row: number): string {
    if (this.isNull[row] === 1) return '';
    const value = this.values[row] as number;
    return [TIMESTAMP, INSTANT, DATE].includes(this.column.kind) ? instantText(value) : String(value);
  }

  protected open(): void {
    this.source = this.sourceOf(this.column.kind);
  }

  protected take(rows: number, values: number): void {
    if (values === rows) {
      this.source?.read(this.values, rows);
      return;
    }
    this.source?.read(this.read, values);
    let next = 0;
    for (let i = 0; i < rows; i++) this.values[i] = this.isNull[i] === 1 ? 0 : (this.read[next++] as number);
  }

  private sourceOf(kind: number): { read(out: Float64Array, count: number): void } {
    if (kind === TIMESTAMP || kind === INSTANT) {
      if (kind === TIMESTAMP && !UTC_NAMES.includes(this.timeZone)) throw new Unsupported(`times of the zone ${this.timeZone}`);
      return times(this.integers(DATA, true), this.integers(SECONDARY, false));
    }
    if (kind === BYTE) return bytes(new ByteRuns(this.stream(DATA)));
    if (kind === FLOAT || kind === DOUBLE) return floats(this.stream(DATA), kind === FLOAT ? 4 : 8);
    const integers = this.integers(DATA, true);
    return kind === DATE ? days(integers) : integers;
  }
}

const bytes = (runs: ByteRuns) => ({
  read(out: Float64Array, count: number): void {
    for (let i = 0; i < count; i++) out[i] = (runs.next() << 24) >> 24;
  },
});

const floats = (stream: OrcStream, width: 4 | 8) => ({
  read(out: Float64Array, count: number): void {
    const packed = stream.take(count * width);
    const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
    for (let i = 0; i < count; i++) out[i] = width === 4 ? view.getFloat32(i * 4, true) : view.getFloat64(i * 8, true);
  },
});

const days = (integers: Integers) => ({
  read(out: Float64Array, count: number): void {
    integers.read(out, count);
    for (let i = 0; i < count; i++) out[i] = (out[i] as number) * MS_PER_DAY;
  },
});

const NANO_UNITS = [1, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];
const nanos = new Float64Array(MOST_ROWS);

/** Seconds since 2015, and nanoseconds whose zeros at the end are only counted. */
const times = (seconds: Integers, fractions: Integers) => ({
  read(out: Float64Array, count: number): void {
    seconds.read(out, count);
    fractions.read(nanos, count);
    for (let i = 0; i < count; i++) {
      const written = nanos[i] as number;
      const ofNanos = Math.floor(written / 8) * (NANO_UNITS[written % 8] ?? Number.NaN);
      let ms = (out[i] as number) * 1000 + ORC_EPOCH_MS;
      // Writers round seconds before 1970 towards it, and readers are to know.
      if (ms < 0 && ofNanos > 999_999) ms -= 1000;
      out[i] = ms + Math.floor(ofNanos / 1_000_000);
    }
  },
});

class OrcFlags extends StripedColumn implements FlagColumn {
  readonly kind = 'flag' as const;
  readonly values = new Uint8Array(MOST_ROWS);
  private readonly read = new Uint8Array(MOST_ROWS);
  private bits: Bits | undefined;

  text(row: number): string {
    return this.isNull[row] === 1 ? '' : this.values[row] === 1 ? 'true' : 'false';
  }

  protected open(): void {
    this.bits = new Bits(this.stream(DATA));
  }

  protected take(rows: number, values: number): void {
    if (values === rows) {
      this.bits?.read(this.values, rows);
      return;
    }
    this.bits?.read(this.read, values);
    let next = 0;
    for (let i = 0; i < rows; i++) this.values[i] = this.isNull[i] === 1 ? 0 : (this.read[next++] as number);
  }
}

/** Opens a column of a file from its first stripe on. */
export function orcColumn(kernel: Kernel, column: OrcColumn, stripes: Stripes): TextColumn | NumberColumn | FlagColumn {
  switch (column.kind) {
    case BOOLEAN:
      return new OrcFlags(column, stripes);
    case STRING:
    case BINARY:
    case VARCHAR:
    case CHAR:
      return new OrcTexts(kernel, column, stripes);
    case BYTE:
    case SHORT:
    case INT:
    case LONG:
    case FLOAT:
    case DOUBLE:
    case TIMESTAMP:
    case DATE:
    case INSTANT:
      return new OrcNumbers(column, stripes);
    default:
      throw new Unsupported(`the type no. ${column.kind} of a column`);
  }
}
