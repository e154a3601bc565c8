import { ok, type Result } from '../../../contract/result.ts';
import type { ReportColumns } from '../../../core/inventory/columns.ts';
import { Damaged } from '../../../core/inventory/damaged.ts';
import { type OrcMetadata, readFooter, readPostScript } from '../../../core/inventory/orc/metadata.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { NO_COLUMN } from '../columnar/column.ts';
import { type ColumnarFile, MOST_ROWS_PER_BYTE, placesOf } from '../columnar/columnar-file.ts';
import type { VerifiedFile } from '../verified-file.ts';
import { isKept, orcColumn } from './orc-column.ts';
import { OrcStream, readWhole, Unpacker } from './orc-stream.ts';
import { Stripes } from './stripes.ts';

/** The postscript and the byte behind it that tells its length. */
const MOST_TAIL_BYTES = 256;
const MOST_FOOTER_BYTES = 64 << 20;

/** Opens an ORC file (https://orc.apache.org/specification/ORCv1/). Raises Damaged and Unsupported; fails with ColumnMissing. */
export function openOrc(kernel: Kernel, file: VerifiedFile, report: ReportColumns): Result<ColumnarFile> {
  const { metadata, unpacker } = tailOf(kernel, file);
  if (metadata.rows > file.sizeBytes * MOST_ROWS_PER_BYTE) throw new Damaged('the file claims more rows than it can hold');
  const kept = metadata.columns.map((column) => (isKept(column) ? column.name : ''));
  const places = placesOf(report, kept, file.name);
  if (!places.ok) return places;
  const stripes = new Stripes(file, unpacker, metadata.stripes);
  const columns = places.value.map((place) => {
    const column = metadata.columns[place];
    return column === undefined ? NO_COLUMN : orcColumn(kernel, column, stripes);
  });
  return ok({
    rows: metadata.rows,
    columns,
    nested: metadata.columns.filter((column) => !isKept(column)).map(({ name }) => name),
    free() {
      for (const column of columns) if (column.kind === 'text') column.free();
      unpacker.free();
    },
  });
}

function tailOf(kernel: Kernel, file: VerifiedFile): { metadata: OrcMetadata; unpacker: Unpacker } {
  const tailAt = Math.max(0, file.sizeBytes - MOST_TAIL_BYTES);
  const tail = file.read(tailAt, MOST_TAIL_BYTES);
  const length = tail.at(-1) ?? 0;
  if (length + 1 > tail.length || length === 0) throw new Damaged('the file is not ORC');
  const { footerBytes, codec, blockBytes } = readPostScript(tail.subarray(tail.length - 1 - length, -1));
  const footerAt = file.sizeBytes - 1 - length - footerBytes;
  if (footerAt < 0) throw new Damaged('the footer is longer than the file');
  const unpacker = new Unpacker(kernel, codec, blockBytes);
  const footer = readWhole(new OrcStream(file, unpacker, { offset: footerAt, bytes: footerBytes }), MOST_FOOTER_BYTES);
  return { metadata: readFooter(footer, footerAt), unpacker };
}
