import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { type CsvRowOptions, createRowReader, type RowFields } from './csv-row.ts';
import type { RowBatch } from './row-batch.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const LF = 0x0a;
const CR = 0x0d;

/** A key has at most 1,024 bytes; a longer row than this means that a quote was never closed. */
export const MAX_ROW_BYTES = 1 << 20;

export interface CsvScanner {
  /** Starts a data file; rows are counted from 1 in each. */
  begin(file: string): void;
  push(chunk: Uint8Array): Result<void>;
  /** Ends the data file; a last row without a newline counts. */
  end(): Result<void>;
  /**
   * Reads at most `most` whole rows straight from bytes[from..length), behind which there is room for two more; where the next
   * one begins. `isLast`: nothing follows, and a row without a newline is whole. Not to be mixed with `push` in one file.
   */
  readRows(bytes: Uint8Array, from: number, length: number, isLast: boolean, most: number): Result<number>;
  /** Hands over the rows that do not fill a batch. */
  flush(): Result<void>;
  /** Rows read so far over all files. */
  readonly rows: number;
  /** Rows of this file so far: failures count on from it. */
  rowInFile: number;
}

interface CsvScannerOptions extends CsvRowOptions {
  readonly onBatch: (batch: RowBatch) => Result<void>;
}

const done = ok(undefined);

/**
 * Reads the data files of a CSV report (no header row, RFC 4180 quoting, s3-domain 1.3) straight from bytes into
 * columns. Fails with RowColumnCount or RowField, naming file, row and field; after a failure nothing more may be pushed.
 */
export function createCsvScanner(options: CsvScannerOptions): CsvScanner {
  const { columns, builder, onBatch } = options;
  const count = columns.count;
  const fields: RowFields = { start: new Int32Array(count), end: new Int32Array(count), doubled: new Uint8Array(count) };
  const read = createRowReader(options, fields);

  let file = '';
  let rowInFile = 0;
  let rows = 0;
  // The bytes of a row cut by the end of a chunk wait at the front of this buffer.
  let buffer = new Uint8Array(1 << 21);
  let held = 0;

  const wrongCount = (found: string) =>
    err(
      appError('RowColumnCount', `The row has ${found} columns where the report's fileSchema names ${count}.`, {
        file,
        row: rowInFile + 1,
      }),
    );

  /** Scans whole rows of buffer[0 .. length); what is left over is kept. */
  function scan(length: number, isLast: boolean): Result<void> {
    const read = readRows(buffer, 0, length, isLast, Number.POSITIVE_INFINITY);
    if (!read.ok) return read;
    held = length - read.value;
    if (read.value > 0 && held > 0) buffer.copyWithin(0, read.value, length);
    return done;
  }

  function readRows(bytes: Uint8Array, from: number, length: number, isLast: boolean, most: number): Result<number> {
    const { start, end, doubled } = fields;
    let left = most;
    // A quote behind the last byte ends every inner loop without a bounds check.
    bytes[length] = QUOTE;
    let at = from;
    while (at < length && left > 0) {
      const first = bytes[at]!;
      if (first === LF || (first === CR && at + 1 < length && bytes[at + 1] === LF)) {
        at += first === LF ? 1 : 2;
        continue;
      }
      let p = at;
      let column = 0;
      let complete = false;
      for (;;) {
        let from = p;
        let to: number;
        let twice = 0;
        if (bytes[p] === QUOTE && p < length) {
          from = ++p;
          for (;;) {
            while (bytes[p] !== QUOTE) p++;
            if (p >= length || bytes[p + 1] !== QUOTE || p + 1 >= length) break;
            twice = 1;
            p += 2;
          }
          if (p >= length) {
            if (isLast)
              return err(
                appError('RowField', 'A quoted value is never closed.', { file, row: rowInFile + 1, field: columns.names[column] }),
              );
            break;
          }
          to = p++;
          // Whether this quote ends the value is only known from the byte behind it.
          if (p >= length && !isLast) break;
        } else {
          for (;;) {
            const byte = bytes[p]!;
            if (byte === COMMA || byte === LF) break;
            if (byte === QUOTE && p >= length) break;
            p++;
          }
          if (p >= length && !isLast) break;
          to = p > from && bytes[p - 1] === CR ? p - 1 : p;
          if (to < p && bytes[p] === COMMA) to = p;
        }
        if (column < count) {
          start[column] = from;
          end[column] = to;
          doubled[column] = twice;
        }
        column++;
        const next = p < length ? bytes[p]! : LF;
        if (next === COMMA) {
          p++;
          continue;
        }
        if (next === LF) {
          p++;
          complete = true;
          break;
        }
        if (next === CR) {
          if (p + 1 >= length && !isLast) break;
          if (p + 1 >= length || bytes[p + 1] === LF) {
            p += 2;
            complete = true;
            break;
          }
        }
        return err(
          appError('RowField', 'A quoted value has text behind its closing quote.', {
            file,
            row: rowInFile + 1,
            field: columns.names[column - 1],
          }),
        );
      }
      if (!complete) break;
      if (column !== count) return wrongCount(String(column));
      const failure = read(bytes);
      rowInFile++;
      if (failure !== null) return err(appError('RowField', failure.words, { file, row: rowInFile, field: columns.names[failure.column] }));
      rows++;
      left--;
      if (builder.isFull) {
        const taken = flush();
        if (!taken.ok) return taken;
      }
      at = p;
    }
    if (left > 0 && length - at > MAX_ROW_BYTES)
      return err(appError('RowField', 'A row is longer than any S3 writes; a quote was never closed.', { file, row: rowInFile + 1 }));
    return ok(Math.min(at, length));
  }

  function flush(): Result<void> {
    if (builder.rows === 0) return done;
    const taken = onBatch(builder.batch());
    builder.clear();
    return taken;
  }

  return {
    begin(name) {
      file = name;
      rowInFile = 0;
      held = 0;
    },
    push(chunk) {
      const length = held + chunk.length;
      // Two spare bytes: the sentinel, and the byte the doubled-quote test looks at behind it.
      if (length + 2 > buffer.length) {
        const larger = new Uint8Array(Math.max(length + 2, buffer.length * 2));
        larger.set(buffer.subarray(0, held));
        buffer = larger;
      }
      buffer.set(chunk, held);
      return scan(length, false);
    },
    end() {
      const length = held;
      held = 0;
      return length === 0 ? done : scan(length, true);
    },
    readRows,
    flush,
    get rowInFile() {
      return rowInFile;
    },
    set rowInFile(rows) {
      rowInFile = rows;
    },
    get rows() {
      return rows;
    },
  };
}
