import { type AppError, appError } from '../../../contract/errors.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import { BatchBuilder } from '../../../core/inventory/batch-builder.ts';
import type { ReportColumns } from '../../../core/inventory/columns.ts';
import { createCsvScanner } from '../../../core/inventory/csv-scanner.ts';
import {
  type Details,
  IS_DELETE_MARKER,
  MAX_KEY_BYTES,
  MAX_VERSION_ID_BYTES,
  type RowBatch,
  TEXT_ETAG,
} from '../../../core/inventory/row-batch.ts';
import { type BatchPlaces, batchPlaces, kernelBatch } from '../../index/kernel-batch.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { type Column, Interner, isInstant, type TextColumn } from './column.ts';

/** Room for the texts of a batch in the kernel. */
const MOST_TEXT_BYTES = 900_000;
/** Details are numbered anew when there are so many. */
const MOST_DETAILS = 60_000;

interface Meaning {
  readonly flags: number;
  readonly classId: number;
  readonly detailId: number;
}

export interface ColumnarRowsOptions {
  readonly kernel: Kernel;
  readonly columns: ReportColumns;
  readonly sourceBucket: string;
  readonly onBatch: (batch: RowBatch) => Result<void>;
}

/**
 * Makes batches of the columns of Parquet and ORC files. What the values of a row mean together is asked of the reader of CSV rows,
 * once for every combination, so that a report means the same in every format.
 */
export class ColumnarRows {
  rows = 0;
  private readonly kernel: Kernel;
  private readonly columns: ReportColumns;
  private readonly onBatch: (batch: RowBatch) => Result<void>;
  private readonly places: BatchPlaces;
  private readonly builder: BatchBuilder;
  private readonly judge: ReturnType<typeof createCsvScanner>;
  private readonly detailNames: readonly string[];
  /** The columns whose values mean something together, by position in the report. */
  private readonly said: readonly number[];
  private readonly interner = new Interner();
  private readonly meanings = new Map<string, Meaning>();
  private details: Details[] = [];
  private detailIds = new Map<string, number>();
  private ids: Int32Array[] = [];
  private file = '';
  private rowInFile = 0;

  constructor({ kernel, columns, sourceBucket, onBatch }: ColumnarRowsOptions) {
    this.kernel = kernel;
    this.columns = columns;
    this.onBatch = onBatch;
    this.places = batchPlaces(kernel);
    this.detailNames = columns.details.map((column) => columns.names[column] ?? '');
    this.builder = new BatchBuilder(this.detailNames);
    this.judge = createCsvScanner({ columns, sourceBucket, builder: this.builder, onBatch: () => ok(undefined) });
    const { bucket, isLatest, isDeleteMarker, storageClass, accessTier, details } = columns;
    this.said = [bucket, isLatest, isDeleteMarker, storageClass, accessTier, ...details].filter((column) => column >= 0);
  }

  begin(file: string): void {
    this.file = file;
    this.rowInFile = 0;
    this.judge.begin(file);
    // Columns number their texts anew in every file.
    this.meanings.clear();
  }

  /** Takes the rows that were read last from every column; `columns` are by position in the report. */
  take(columns: readonly Column[], rows: number): Result<void> {
    const key = this.textColumn(columns, this.columns.key);
    if (!key.ok) return key;
    let from = 0;
    for (const to of piecesOf(this.kernel.u32(key.value.lengths, rows))) {
      const taken = this.takePiece(columns, key.value, from, to);
      if (!taken.ok) return taken;
      from = to;
    }
    this.rowInFile += rows;
    this.rows += rows;
    return ok(undefined);
  }

  private takePiece(columns: readonly Column[], key: TextColumn, from: number, to: number): Result<void> {
    const { kernel, places, columns: at } = this;
    const rows = to - from;
    const keyLengths = kernel.u32(key.lengths + from * 4, rows);
    for (let i = 0; i < rows; i++) {
      const length = keyLengths[i] as number;
      if (length === 0) return this.fail(from + i, at.key, 'The key is blank.');
      if (length > MAX_KEY_BYTES) return this.fail(from + i, at.key, 'The key is longer than any S3 has.');
    }
    kernel.calls.gatherTexts(key.addresses + from * 4, key.lengths + from * 4, rows, places.keyBytes, places.keyStart);
    const versionIds = this.takeVersionIds(columns, from, rows);
    if (!versionIds.ok) return versionIds;
    const meant = this.takeMeanings(columns, from, rows);
    if (!meant.ok) return meant;
    const numbers = this.takeNumbers(columns, from, rows);
    if (!numbers.ok) return numbers;
    const eTags = this.takeETags(columns, from, rows);
    if (!eTags.ok) return eTags;
    kernel.calls.setBatchRows(rows);
    const names = { classes: this.builder.classes, details: this.details, detailNames: this.detailNames, eTagTexts: eTags.value };
    const taken = this.onBatch(kernelBatch(kernel, names));
    kernel.calls.clearBatch();
    return taken;
  }

  private takeVersionIds(columns: readonly Column[], from: number, rows: number): Result<void> {
    const { kernel, places, columns: at } = this;
    if (at.versionId < 0) {
      kernel.u32(places.versionIdStart, rows + 1).fill(0);
      return ok(undefined);
    }
    const column = this.textColumn(columns, at.versionId);
    if (!column.ok) return column;
    const { addresses, lengths } = column.value;
    const length = kernel.u32(lengths + from * 4, rows);
    for (let i = 0; i < rows; i++) {
      const own = length[i] as number;
      if (own > MAX_VERSION_ID_BYTES) return this.fail(from + i, at.versionId, 'The version id is longer than any S3 gives.');
      // The null version may be spelled out.
      if (own === 4 && column.value.text(from + i).toLowerCase() === 'null') length[i] = 0;
    }
    let bytes = 0;
    for (let i = 0; i < rows; i++) bytes += length[i] as number;
    if (bytes > MOST_TEXT_BYTES) return this.fail(from, at.versionId, 'The version ids are longer than any S3 gives.');
    kernel.calls.gatherTexts(addresses + from * 4, lengths + from * 4, rows, places.versionIdBytes, places.versionIdStart);
    return ok(undefined);
  }

  private takeETags(columns: readonly Column[], from: number, rows: number): Result<ReadonlyMap<number, string>> {
    const { kernel, places, columns: at } = this;
    const texts = new Map<number, string>();
    if (columns[at.eTag]?.kind === 'none' || at.eTag < 0) {
      kernel.u32(places.eTagParts, rows).fill(0xffffffff);
      kernel.bytes(places.eTag, rows * 16).fill(0);
      return ok(texts);
    }
    const column = this.textColumn(columns, at.eTag);
    if (!column.ok) return column;
    const odd = kernel.calls.readETags(column.value.addresses + from * 4, column.value.lengths + from * 4, rows);
    if (odd === 0) return ok(texts);
    const parts = kernel.u32(places.eTagParts, rows);
    for (let i = 0; i < rows; i++) if (parts[i] === TEXT_ETAG) texts.set(i, column.value.text(from + i));
    return ok(texts);
  }

  /** Sizes and times, after the flags. */
  private takeNumbers(columns: readonly Column[], from: number, rows: number): Result<void> {
    const { kernel, places, columns: at } = this;
    const flags = kernel.bytes(places.flags, rows);
    const sizeBytes = kernel.f64(places.sizeBytes, rows);
    const lastModifiedMs = kernel.f64(places.lastModifiedMs, rows);
    const size = this.numberColumn(columns, at.size);
    if (!size.ok) return size;
    const modified = this.numberColumn(columns, at.lastModified);
    if (!modified.ok) return modified;
    for (let i = 0; i < rows; i++) {
      const row = from + i;
      if (((flags[i] as number) & IS_DELETE_MARKER) !== 0) sizeBytes[i] = 0;
      else if (size.value.isNull[row] === 1) return this.fail(row, at.size, 'The size is blank.');
      else {
        const bytes = size.value.values[row] as number;
        if (!(bytes >= 0 && bytes <= Number.MAX_SAFE_INTEGER)) return this.fail(row, at.size, 'The value is not a size in bytes.');
        sizeBytes[i] = bytes;
      }
      const ms = modified.value.values[row] as number;
      if (modified.value.isNull[row] === 1 || !isInstant(ms)) return this.fail(row, at.lastModified, 'The value is not a time.');
      lastModifiedMs[i] = ms;
    }
    const retainUntilMs = kernel.f64(places.retainUntilMs, rows).fill(Number.NaN);
    if (at.retainUntil < 0 || columns[at.retainUntil]?.kind === 'none') return ok(undefined);
    const retained = this.numberColumn(columns, at.retainUntil);
    if (!retained.ok) return retained;
    const { isNull, values } = retained.value;
    for (let i = 0; i < rows; i++) {
      if (isNull[from + i] === 1) continue;
      const ms = values[from + i] as number;
      if (!isInstant(ms)) return this.fail(from + i, at.retainUntil, 'The value is not a time.');
      retainUntilMs[i] = ms;
    }
    return ok(undefined);
  }

  private takeMeanings(columns: readonly Column[], from: number, rows: number): Result<void> {
    if (this.interner.isFull) {
      this.interner.clear();
      this.meanings.clear();
    }
    if (this.details.length >= MOST_DETAILS) {
      this.details = [];
      this.detailIds = new Map();
      this.meanings.clear();
    }
    const { kernel, places } = this;
    this.ids = this.said.map((position, i) => this.idsOf(columns[position] as Column, from, rows, this.ids[i]));
    const { ids } = this;
    const flags = kernel.bytes(places.flags, rows);
    const classId = kernel.u16(places.classId, rows);
    const detailId = kernel.u16(places.detailId, rows);
    let meaning: Meaning | undefined;
    for (let i = 0; i < rows; i++) {
      let isSame = meaning !== undefined;
      for (let k = 0; k < ids.length && isSame; k++) isSame = ids[k]?.[i] === ids[k]?.[i - 1];
      if (!isSame) {
        const found = this.meaningOf(columns, from + i, ids.map((column) => column[i] as number).join(','));
        if (!found.ok) return found;
        meaning = found.value;
      }
      flags[i] = (meaning as Meaning).flags;
      classId[i] = (meaning as Meaning).classId;
      detailId[i] = (meaning as Meaning).detailId;
    }
    return ok(undefined);
  }

  /** A number for each row's value in a column, the same for the same value; -1 for none. */
  private idsOf(column: Column, from: number, rows: number, last: Int32Array | undefined): Int32Array {
    const ids = last !== undefined && last.length >= rows ? last : new Int32Array(Math.max(rows, 8192));
    for (let i = 0; i < rows; i++) {
      const row = from + i;
      if (column.isNull[row] === 1) ids[i] = -1;
      else if (column.kind === 'flag') ids[i] = column.values[row] as number;
      else if (column.kind === 'text' && (column.ids[row] as number) >= 0) ids[i] = -2 - (column.ids[row] as number);
      else ids[i] = this.interner.idOf(column.text(row));
    }
    return ids;
  }

  private meaningOf(columns: readonly Column[], row: number, combination: string): Result<Meaning> {
    const known = this.meanings.get(combination);
    if (known !== undefined) return ok(known);
    const judged = this.ask(columns, row);
    if (!judged.ok) return judged;
    const { flags, classId, details } = judged.value;
    const json = JSON.stringify(details);
    let detailId = this.detailIds.get(json);
    if (detailId === undefined) {
      detailId = this.details.push(details) - 1;
      this.detailIds.set(json, detailId);
    }
    const meaning = { flags, classId, detailId };
    // Combinations that hardly repeat are not worth keeping.
    if (this.meanings.size > 200_000) this.meanings.clear();
    this.meanings.set(combination, meaning);
    return ok(meaning);
  }

  /** Has the reader of CSV rows judge a row with these values, and with a key, a size and a time that are nothing out of the ordinary. */
  private ask(columns: readonly Column[], row: number): Result<{ flags: number; classId: number; details: Details }> {
    const { key, size, lastModified } = this.columns;
    const values = this.columns.names.map(() => '');
    for (const position of this.said) values[position] = (columns[position] as Column).text(row);
    values[key] = 'k';
    values[size] = '0';
    values[lastModified] = '1970-01-01T00:00:00.000Z';
    const line = Buffer.from(`${values.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')}\n__`);
    this.judge.rowInFile = this.rowInFile + row;
    const read = this.judge.readRows(line, 0, line.length - 2, true, 1);
    if (!read.ok) return read;
    const { flags, classId, detailId, details } = this.builder.batch();
    // Details too long for a batch of their own are handed on before they can be looked at.
    if (this.builder.rows !== 1) return this.fail(row, columns.length - 1, 'The values are longer than any S3 writes.');
    const said = { flags: flags[0] as number, classId: classId[0] as number, details: details[detailId[0] as number] as Details };
    this.builder.clear();
    return ok(said);
  }

  private textColumn(columns: readonly Column[], position: number): Result<TextColumn> {
    const column = columns[position];
    return column?.kind === 'text' ? ok(column) : err(this.wrongType(position, 'a text'));
  }

  private numberColumn(columns: readonly Column[], position: number): Result<{ isNull: Uint8Array; values: Float64Array }> {
    const column = columns[position];
    return column?.kind === 'number' ? ok(column) : err(this.wrongType(position, 'a number or a time'));
  }

  private wrongType(position: number, wanted: string): AppError {
    return appError('FormatUnsupported', `The column ${this.columns.names[position]} of the data file is not ${wanted}.`, {
      file: this.file,
      field: this.columns.names[position],
    });
  }

  private fail(row: number, position: number, words: string) {
    return err(appError('RowField', words, { file: this.file, row: this.rowInFile + row + 1, field: this.columns.names[position] }));
  }
}

/** Where pieces end whose keys fit a batch. */
function piecesOf(lengths: Uint32Array): number[] {
  const ends: number[] = [];
  let bytes = 0;
  for (let row = 0; row < lengths.length; row++) {
    const length = lengths[row] as number;
    if (bytes > 0 && bytes + length > MOST_TEXT_BYTES) {
      ends.push(row);
      bytes = 0;
    }
    bytes += length;
  }
  if (lengths.length > 0) ends.push(lengths.length);
  return ends;
}
