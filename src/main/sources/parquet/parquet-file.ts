import { ok, type Result } from '../../../contract/result.ts';
import type { ReportColumns } from '../../../core/inventory/columns.ts';
import { Damaged, Unsupported } from '../../../core/inventory/damaged.ts';
import { type ParquetMetadata, readMetadata } from '../../../core/inventory/parquet/metadata.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { NO_COLUMN } from '../columnar/column.ts';
import { type ColumnarFile, MOST_ROWS_PER_BYTE, placesOf } from '../columnar/columnar-file.ts';
import type { VerifiedFile } from '../verified-file.ts';
import type { ColumnChunks } from './pages.ts';
import { parquetColumn } from './parquet-column.ts';

const MAGIC = 'PAR1';
const ENCRYPTED = 'PARE';
/** The footer's length and the magic behind it. */
const TAIL_BYTES = 8;

/** Opens a Parquet file (https://github.com/apache/parquet-format). Raises Damaged and Unsupported; fails with ColumnMissing. */
export function openParquet(kernel: Kernel, file: VerifiedFile, report: ReportColumns): Result<ColumnarFile> {
  const metadata = footerOf(file);
  if (metadata.rows > file.sizeBytes * MOST_ROWS_PER_BYTE) throw new Damaged('the file claims more rows than it can hold');
  const flat = metadata.columns.map((column) => column?.name ?? '');
  const places = placesOf(report, flat, file.name);
  if (!places.ok) return places;
  const opened = places.value.map((place) => {
    const column = metadata.columns[place];
    if (!column) return NO_COLUMN;
    const chunks = metadata.groups.map(({ rows, chunks }) => ({ rows, chunk: chunks[place] }));
    return parquetColumn(kernel, column, file, chunks as ColumnChunks);
  });
  return ok({
    rows: metadata.rows,
    columns: opened,
    nested: metadata.nested,
    free() {
      for (const column of opened) if ('free' in column) column.free();
    },
  });
}

function footerOf(file: VerifiedFile): ParquetMetadata {
  const tail = file.read(Math.max(0, file.sizeBytes - TAIL_BYTES), TAIL_BYTES);
  const magic = Buffer.from(tail.subarray(4)).toString('latin1');
  if (magic === ENCRYPTED) throw new Unsupported('encrypted Parquet files');
  if (tail.length < TAIL_BYTES || magic !== MAGIC) throw new Damaged('the file is not Parquet');
  const bytes = new DataView(tail.buffer, tail.byteOffset).getUint32(0, true);
  const from = file.sizeBytes - TAIL_BYTES - bytes;
  if (from < MAGIC.length) throw new Damaged('the footer is longer than the file');
  return readMetadata(file.read(from, bytes), from);
}
