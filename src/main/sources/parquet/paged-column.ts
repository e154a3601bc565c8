import { ByteReader, Damaged, Unsupported } from '../../../core/inventory/damaged.ts';
import { readHybrid, readOldLevels } from '../../../core/inventory/parquet/levels.ts';
import type { ParquetColumn } from '../../../core/inventory/parquet/metadata.ts';
import { BIT_PACKED, type PageHeader, PLAIN, PLAIN_DICTIONARY, RLE, RLE_DICTIONARY } from '../../../core/inventory/parquet/page-header.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { MOST_ROWS } from '../columnar/column.ts';
import type { VerifiedFile } from '../verified-file.ts';
import { type ColumnChunks, Pages } from './pages.ts';

const MOST_PAGE_ROWS = 1 << 24;

/** What a page holds: which of its rows have a value, and for each of those its number in the dictionary, if it has one. */
interface PageFacts {
  readonly rows: number;
  /** 1 where a row has a value; null where all have. */
  readonly isThere: Int32Array | null;
  readonly codes: Int32Array | null;
}

/** Reads one column page by page; what its values are, the two kinds below say. */
export abstract class PagedColumn {
  readonly isNull = new Uint8Array(MOST_ROWS);
  protected readonly kernel: Kernel;
  protected readonly column: ParquetColumn;
  private readonly pages: Pages;
  private facts: PageFacts = { rows: 0, isThere: null, codes: null };
  private rowAt = 0;
  private valueAt = 0;
  private levels = new Int32Array(0);
  private codes = new Int32Array(0);
  protected dictionaryValues = 0;

  constructor(kernel: Kernel, column: ParquetColumn, file: VerifiedFile, chunks: ColumnChunks) {
    this.kernel = kernel;
    this.column = column;
    this.pages = new Pages(kernel, file, chunks);
  }

  /** Rows left of the page at hand, which texts lie in: the next one is only opened when it is used up. */
  ahead(): number {
    while (this.rowAt === this.facts.rows) this.turnPage();
    return this.facts.rows - this.rowAt;
  }

  next(rows: number): void {
    const { isThere, codes } = this.facts;
    let values = rows;
    if (isThere === null) this.isNull.fill(0, 0, rows);
    else {
      values = 0;
      for (let i = 0; i < rows; i++) {
        const there = isThere[this.rowAt + i] as number;
        this.isNull[i] = 1 - there;
        values += there;
      }
    }
    this.take(rows, this.valueAt, codes);
    this.rowAt += rows;
    this.valueAt += values;
  }

  free(): void {
    this.pages.free();
  }

  /** Makes the dictionary of a row group of a page's values. */
  protected abstract readDictionary(encoding: number, at: number, end: number, count: number): void;
  /** Reads the values of a page that are not in the dictionary. */
  protected abstract readPage(encoding: number, at: number, end: number, count: number): void;
  /** Puts the values of the next rows in place: values of the page from `value` on, one for each row that has one. */
  protected abstract take(rows: number, value: number, codes: Int32Array | null): void;

  private turnPage(): void {
    for (;;) {
      const { header, at, end, isFirst } = this.pages.read();
      if (isFirst) this.dictionaryValues = -1;
      if (header.values > MOST_PAGE_ROWS) throw new Damaged('a page has more values than any writer puts into one');
      if (header.kind === 'data') {
        this.openPage(header, at, end);
        return;
      }
      if (header.encoding !== PLAIN && header.encoding !== PLAIN_DICTIONARY)
        throw new Unsupported(`the encoding no. ${header.encoding} of a dictionary`);
      this.readDictionary(PLAIN, at, end, header.values);
      this.dictionaryValues = header.values;
    }
  }

  private openPage(header: PageHeader, at: number, end: number): void {
    const bytes = this.kernel.bytes(at, end - at);
    const reader = new ByteReader(bytes);
    let isThere = this.column.isOptional ? this.readLevels(header, reader) : null;
    if (!this.column.isOptional && header.levels) reader.take(header.levels.definition + header.levels.repetition);
    let values = header.values;
    if (isThere !== null) {
      values = 0;
      for (let i = 0; i < header.values; i++) values += isThere[i] as number;
      if (values === header.values) isThere = null;
    }
    let codes: Int32Array | null = null;
    if (header.encoding === PLAIN_DICTIONARY || header.encoding === RLE_DICTIONARY) codes = this.readCodes(reader, values);
    else this.readPage(header.encoding, at + reader.at, end, values);
    this.facts = { rows: header.values, isThere, codes };
    this.rowAt = 0;
    this.valueAt = 0;
  }

  private readLevels(header: PageHeader, reader: ByteReader): Int32Array {
    const count = header.values;
    if (this.levels.length < count) this.levels = new Int32Array(count);
    if (header.levels) {
      reader.take(header.levels.repetition);
      readHybrid(new ByteReader(reader.take(header.levels.definition)), 1, this.levels, 0, count);
    } else if (header.levelEncoding === RLE) readHybrid(new ByteReader(reader.take(reader.u32())), 1, this.levels, 0, count);
    else if (header.levelEncoding === BIT_PACKED) readOldLevels(reader, this.levels, count);
    else throw new Unsupported(`the encoding no. ${header.levelEncoding} of levels`);
    for (let i = 0; i < count; i++) if (((this.levels[i] as number) & ~1) !== 0) throw new Damaged('a level is none of 0 and 1');
    return this.levels;
  }

  private readCodes(reader: ByteReader, values: number): Int32Array {
    if (this.codes.length < values) this.codes = new Int32Array(values);
    if (values === 0) return this.codes;
    if (this.dictionaryValues < 0) throw new Damaged('a page refers to a dictionary that is not there');
    readHybrid(reader, reader.u8(), this.codes, 0, values);
    for (let i = 0; i < values; i++) {
      const code = this.codes[i] as number;
      if (code < 0 || code >= this.dictionaryValues) throw new Damaged('a value is not in its dictionary');
    }
    return this.codes;
  }
}
