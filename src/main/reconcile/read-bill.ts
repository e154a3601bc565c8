import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { type AsyncBuffer, parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet';
import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { BILL_COLUMNS, type BillRow, type BillTally, billColumns, columnName } from '../../core/reconcile/bill.ts';
import { CsvParser } from '../../core/report/csv-lines.ts';

const unreadable = (file: string, cause: unknown) =>
  appError('FileUnreadable', 'The Cost and Usage Report cannot be read.', {
    file,
    detail: cause instanceof Error ? cause.message : String(cause),
  });
const misplaced = (file: string, row: number, field: string) =>
  appError('RowField', 'A line item holds what it cannot hold.', { file, row, field });

/** Adds the line items of one file of a report: CSV, gzipped CSV or Parquet, by its first bytes. */
export async function readBill(file: string, tally: BillTally, signal: AbortSignal): Promise<Result<void>> {
  try {
    const handle = await open(file);
    const { buffer } = await handle.read({ buffer: Buffer.alloc(4), position: 0 }).finally(() => handle.close());
    if (buffer.toString('latin1') === 'PAR1') return await readParquet(file, tally, signal);
    return await readCsv(file, tally, buffer[0] === 0x1f && buffer[1] === 0x8b, signal);
  } catch (cause) {
    signal.throwIfAborted();
    return err(unreadable(file, cause));
  }
}

async function readCsv(file: string, tally: BillTally, isPacked: boolean, signal: AbortSignal): Promise<Result<void>> {
  const raw = createReadStream(file, { signal });
  const stream = isPacked ? pipeline(raw, createGunzip(), () => {}) : raw;
  stream.setEncoding('utf8');
  const parser = new CsvParser();
  let places: ReadonlyMap<(typeof BILL_COLUMNS)[number], number> | null = null;
  let row = 0;
  const take = (fields: readonly string[]): Result<void> => {
    row += 1;
    if (places === null) {
      const found = billColumns(fields, file);
      if (!found.ok) return found;
      places = found.value;
      return ok(undefined);
    }
    const own = places;
    const item = Object.fromEntries(BILL_COLUMNS.map((column) => [column, fields[own.get(column) as number]])) as BillRow;
    const wrong = tally.add(item);
    return wrong === null ? ok(undefined) : err(misplaced(file, row, wrong));
  };
  for await (const chunk of stream) {
    for (const fields of parser.push(chunk as string)) {
      const taken = take(fields);
      if (!taken.ok) return taken;
    }
  }
  for (const fields of parser.end()) {
    const taken = take(fields);
    if (!taken.ok) return taken;
  }
  return ok(undefined);
}

const compressors = { GZIP: (packed: Uint8Array) => gunzipSync(packed), ZSTD: (packed: Uint8Array) => zstdDecompressSync(packed) };

async function readParquet(name: string, tally: BillTally, signal: AbortSignal): Promise<Result<void>> {
  const handle = await open(name);
  try {
    const { size } = await handle.stat();
    const file: AsyncBuffer = {
      byteLength: size,
      slice: async (start, end = size) => {
        const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(end - start), position: start });
        if (bytesRead < end - start) throw new Error('the file ends too early');
        return new Uint8Array(buffer).buffer;
      },
    };
    const metadata = await parquetMetadataAsync(file);
    const names = parquetSchema(metadata).children.map(({ element }) => element.name);
    const places = billColumns(names, name);
    if (!places.ok) return places;
    const columns = BILL_COLUMNS.map((column) => names[places.value.get(column) as number] as string);
    let from = 0;
    for (const group of metadata.row_groups) {
      signal.throwIfAborted();
      const until = from + Number(group.num_rows);
      const rows = await parquetReadObjects({ file, metadata, columns, rowStart: from, rowEnd: until, compressors });
      for (const [at, row] of rows.entries()) {
        const item = Object.fromEntries(Object.entries(row).map(([column, value]) => [columnName(column), value])) as BillRow;
        const wrong = tally.add(item);
        if (wrong !== null) return err(misplaced(name, from + at + 1, wrong));
      }
      from = until;
    }
    return ok(undefined);
  } finally {
    await handle.close();
  }
}
