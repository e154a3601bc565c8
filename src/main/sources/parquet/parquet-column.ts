import { Damaged } from '../../../core/inventory/damaged.ts';
import { BOOLEAN, type ParquetColumn } from '../../../core/inventory/parquet/metadata.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { type FlagColumn, instantText, KernelRoom, MOST_ROWS, type NumberColumn, type TextColumn, textAt } from '../columnar/column.ts';
import { DictionaryIds } from '../columnar/dictionary-ids.ts';
import type { VerifiedFile } from '../verified-file.ts';
import { isText, readNumbers, TextLists } from './page-values.ts';
import { PagedColumn } from './paged-column.ts';
import type { ColumnChunks } from './pages.ts';

class ParquetTexts extends PagedColumn implements TextColumn {
  readonly kind = 'text' as const;
  readonly addresses: number;
  readonly lengths: number;
  readonly ids = new Int32Array(MOST_ROWS);
  private readonly dictionaryBytes: KernelRoom;
  private readonly dictionary: TextLists;
  private readonly dictionaryIds: DictionaryIds;
  private readonly page: TextLists;
  private pageValues = 0;

  constructor(kernel: Kernel, column: ParquetColumn, file: VerifiedFile, chunks: ColumnChunks) {
    super(kernel, column, file, chunks);
    this.addresses = kernel.calls.allocate(MOST_ROWS * 4);
    this.lengths = kernel.calls.allocate(MOST_ROWS * 4);
    this.dictionaryBytes = new KernelRoom(kernel);
    this.dictionary = new TextLists(kernel);
    this.page = new TextLists(kernel);
    this.dictionaryIds = new DictionaryIds(kernel);
  }

  text(row: number): string {
    if (this.isNull[row] === 1) return '';
    return textAt(
      this.kernel,
      this.kernel.u32(this.addresses + row * 4, 1)[0] as number,
      this.kernel.u32(this.lengths + row * 4, 1)[0] as number,
    );
  }

  override free(): void {
    super.free();
    this.kernel.calls.release(this.addresses);
    this.kernel.calls.release(this.lengths);
    this.dictionaryBytes.free();
    this.dictionary.free();
    this.page.free();
  }

  protected readDictionary(encoding: number, at: number, end: number, count: number): void {
    // The page's own memory is used for the next page.
    const own = this.dictionaryBytes.need(end - at);
    this.kernel.memory.copyWithin(own, at, end);
    this.dictionary.read(this.column, encoding, own, own + end - at, count);
    this.dictionaryIds.begin(count);
  }

  protected readPage(encoding: number, at: number, end: number, count: number): void {
    this.page.read(this.column, encoding, at, end, count);
    this.pageValues = count;
  }

  protected take(rows: number, value: number, codes: Int32Array | null): void {
    const { kernel, isNull, ids } = this;
    const addresses = kernel.u32(this.addresses, rows);
    const lengths = kernel.u32(this.lengths, rows);
    const lists = codes === null ? this.page : this.dictionary;
    const listed = lists.addresses.at === 0 ? 0 : codes === null ? this.pageValues : this.dictionaryValues;
    const places = kernel.u32(lists.addresses.at, listed);
    const sizes = kernel.u32(lists.lengths.at, listed);
    let next = value;
    for (let i = 0; i < rows; i++) {
      if (isNull[i] === 1) {
        addresses[i] = 0;
        lengths[i] = 0;
        continue;
      }
      const at = codes === null ? next : (codes[next] as number);
      next += 1;
      addresses[i] = places[at] as number;
      lengths[i] = sizes[at] as number;
      ids[i] = codes === null ? -1 : this.dictionaryIds.idOf(at, places[at] as number, sizes[at] as number);
    }
  }
}

class ParquetNumbers extends PagedColumn implements NumberColumn {
  readonly kind = 'number' as const;
  readonly values = new Float64Array(MOST_ROWS);
  private dictionary: Float64Array = new Float64Array(0);
  private page: Float64Array = new Float64Array(0);

  text(row: number): string {
    if (this.isNull[row] === 1) return '';
    const value = this.values[row] as number;
    const { meaning } = this.column;
    return meaning === 'plain' || meaning === 'unsigned' ? String(value) : instantText(value);
  }

  protected readDictionary(encoding: number, at: number, end: number, count: number): void {
    this.dictionary = readNumbers(this.column, encoding, this.kernel.bytes(at, end - at), count);
  }

  protected readPage(encoding: number, at: number, end: number, count: number): void {
    this.page = readNumbers(this.column, encoding, this.kernel.bytes(at, end - at), count);
  }

  protected take(rows: number, value: number, codes: Int32Array | null): void {
    const { isNull, values, page, dictionary } = this;
    let next = value;
    for (let i = 0; i < rows; i++) {
      if (isNull[i] === 1) values[i] = 0;
      else values[i] = (codes === null ? page[next++] : dictionary[codes[next++] as number]) as number;
    }
  }
}

class ParquetFlags extends PagedColumn implements FlagColumn {
  readonly kind = 'flag' as const;
  readonly values = new Uint8Array(MOST_ROWS);
  private page: Float64Array = new Float64Array(0);

  text(row: number): string {
    return this.isNull[row] === 1 ? '' : this.values[row] === 1 ? 'true' : 'false';
  }

  protected readDictionary(): void {
    throw new Damaged('flags have a dictionary');
  }

  protected readPage(encoding: number, at: number, end: number, count: number): void {
    this.page = readNumbers(this.column, encoding, this.kernel.bytes(at, end - at), count);
  }

  protected take(rows: number, value: number): void {
    let next = value;
    for (let i = 0; i < rows; i++) this.values[i] = this.isNull[i] === 1 ? 0 : (this.page[next++] as number);
  }
}

/** Opens a column of a file from its first row group on. */
export function parquetColumn(
  kernel: Kernel,
  column: ParquetColumn,
  file: VerifiedFile,
  chunks: ColumnChunks,
): (TextColumn | NumberColumn | FlagColumn) & { free(): void } {
  if (isText(column)) return new ParquetTexts(kernel, column, file, chunks);
  if (column.type === BOOLEAN) return new ParquetFlags(kernel, column, file, chunks);
  return new ParquetNumbers(kernel, column, file, chunks);
}
