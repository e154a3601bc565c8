import { decodeUtf8 } from '../../../core/cube/utf8.ts';
import type { Kernel } from '../../kernel/kernel.ts';

/** Columns are read so many rows at a time. */
export const MOST_ROWS = 8192;

/**
 * A column of a Parquet or ORC file, read from its first row to its last. `next` reads the values of the next rows, at most as many as
 * `ahead` says there are; they are good until either is called again.
 */
interface AnyColumn {
  ahead(): number;
  next(rows: number): void;
  /** 1 where a row has no value. */
  readonly isNull: Uint8Array;
  /** The value of a row as a CSV report has it; '' for none. */
  text(row: number): string;
}

/** Texts lie in the kernel's memory: two lists there have the address and the length of each row's, 0 and 0 for none. */
export interface TextColumn extends AnyColumn {
  readonly kind: 'text';
  readonly addresses: number;
  readonly lengths: number;
  /** The same number for equal texts of the file, where that is known without reading them; else -1. */
  readonly ids: Int32Array;
  free(): void;
}

/** Whole numbers; instants are milliseconds. */
export interface NumberColumn extends AnyColumn {
  readonly kind: 'number';
  readonly values: Float64Array;
}

export interface FlagColumn extends AnyColumn {
  readonly kind: 'flag';
  readonly values: Uint8Array;
}

/** What a report's rows say in a column their data file does not have: nothing. */
interface NoColumn extends AnyColumn {
  readonly kind: 'none';
}

export type Column = TextColumn | NumberColumn | FlagColumn | NoColumn;

export const NO_COLUMN: NoColumn = {
  kind: 'none',
  isNull: new Uint8Array(MOST_ROWS).fill(1),
  ahead: () => MOST_ROWS,
  next: () => undefined,
  text: () => '',
};

/** The years that a CSV report can spell: 0 to 9999. */
const FIRST_MS = -62_167_219_200_000;
const LAST_MS = 253_402_300_799_999;
export const isInstant = (ms: number): boolean => ms >= FIRST_MS && ms <= LAST_MS;

/** An instant as a CSV report has it; the bare number for what is none. */
export const instantText = (ms: number): string => (isInstant(ms) ? new Date(ms).toISOString() : String(ms));

export function textAt(kernel: Kernel, address: number, length: number): string {
  return decodeUtf8(kernel.memory, address, address + length);
}

/** A piece of the kernel's memory that grows, its content not kept. */
export class KernelRoom {
  private readonly kernel: Kernel;
  private bytes = 0;
  at = 0;

  constructor(kernel: Kernel) {
    this.kernel = kernel;
  }

  /** Room for so many bytes, with some more behind them that may be read and written over. */
  need(bytes: number): number {
    if (bytes <= this.bytes && this.at !== 0) return this.at;
    if (this.at !== 0) this.kernel.calls.release(this.at);
    this.bytes = Math.max(bytes + (bytes >> 2), 1024);
    this.at = this.kernel.calls.allocate(this.bytes + 128);
    return this.at;
  }

  /** Puts bytes there. */
  put(bytes: Uint8Array): number {
    const at = this.need(bytes.length);
    this.kernel.memory.set(bytes, at);
    return at;
  }

  free(): void {
    if (this.at !== 0) this.kernel.calls.release(this.at);
    this.at = 0;
    this.bytes = 0;
  }
}

/** Numbers for texts, the same for equal ones, over all the columns and files that share it. */
export class Interner {
  private readonly ids = new Map<string, number>();

  idOf(text: string): number {
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    this.ids.set(text, this.ids.size);
    return this.ids.size - 1;
  }

  /** More texts than a column that repeats itself has: to be forgotten, with all ids given. */
  get isFull(): boolean {
    return this.ids.size > 100_000;
  }

  clear(): void {
    this.ids.clear();
  }
}
