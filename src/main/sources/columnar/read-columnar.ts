import { setImmediate } from 'node:timers/promises';
import { type AppError, appError } from '../../../contract/errors.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import type { ReportColumns } from '../../../core/inventory/columns.ts';
import { Damaged, Unsupported } from '../../../core/inventory/damaged.ts';
import type { FileFormat } from '../../../core/inventory/file-schema.ts';
import type { ManifestPart } from '../../../core/inventory/manifest.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { cancelled } from '../cancelled.ts';
import { readFailure } from '../fs-error.ts';
import { openOrc } from '../orc/orc-file.ts';
import { openParquet } from '../parquet/parquet-file.ts';
import type { ReportStore } from '../report-store.ts';
import { openVerified, type VerifiedFile } from '../verified-file.ts';
import { MOST_ROWS } from './column.ts';
import type { ColumnarFile } from './columnar-file.ts';
import type { ColumnarRows } from './columnar-rows.ts';

/** So many batches are read before others on this thread have their turn. */
const BATCHES_BETWEEN = 8;

export interface ColumnarOptions {
  readonly kernel: Kernel;
  readonly format: FileFormat;
  readonly columns: ReportColumns;
  readonly rows: ColumnarRows;
  readonly scratch: string;
  readonly signal: AbortSignal;
  readonly onBytes: (bytes: number) => void;
}

/**
 * Reads one Parquet or ORC data file, whose size and MD5 are verified first; tells which of its columns were passed over, being
 * lists or structs. Fails as `readPart` does, and with FormatUnsupported.
 */
export async function readColumnarPart(
  store: ReportStore,
  part: ManifestPart,
  options: ColumnarOptions,
): Promise<Result<readonly string[]>> {
  const opened = await openVerified(store, part, options.scratch, options.signal, options.onBytes);
  if (!opened.ok) return opened;
  const file = opened.value;
  try {
    const read = await readRows(file, options);
    const settled = file.settled();
    // A file that was changed under us explains whatever else went wrong.
    return settled.ok ? read : settled;
  } catch (error) {
    const settled = file.settled();
    return err(settled.ok ? failureOf(error, file.name, options.format) : settled.error);
  } finally {
    file.close();
  }
}

async function readRows(
  file: VerifiedFile,
  { kernel, format, columns, rows, signal }: ColumnarOptions,
): Promise<Result<readonly string[]>> {
  const opened = format === 'ORC' ? openOrc(kernel, file, columns) : openParquet(kernel, file, columns);
  if (!opened.ok) return opened;
  const columnar: ColumnarFile = opened.value;
  try {
    rows.begin(file.name);
    for (let row = 0, batches = 1; row < columnar.rows; batches++) {
      let count = Math.min(MOST_ROWS, columnar.rows - row);
      for (const column of columnar.columns) count = Math.min(count, column.ahead());
      for (const column of columnar.columns) column.next(count);
      const taken = rows.take(columnar.columns, count);
      if (!taken.ok) return taken;
      row += count;
      if (batches % BATCHES_BETWEEN === 0) await setImmediate();
      if (signal.aborted) return err(cancelled());
    }
    return ok(columnar.nested);
  } finally {
    columnar.free();
  }
}

function failureOf(error: unknown, file: string, format: FileFormat): AppError {
  if (error instanceof Damaged)
    return appError('PartTruncated', 'The data file is damaged and cannot be read.', { file, detail: error.message });
  if (error instanceof Unsupported)
    return appError('FormatUnsupported', `The ${format} file uses what this version does not read: ${error.message}.`, { file });
  if (typeof error === 'object' && error !== null && 'syscall' in error) return readFailure(error, file);
  throw error;
}
