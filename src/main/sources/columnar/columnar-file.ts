import { appError } from '../../../contract/errors.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import type { ReportColumns } from '../../../core/inventory/columns.ts';
import type { Column } from './column.ts';

/** A Parquet or ORC data file whose columns were found. */
export interface ColumnarFile {
  readonly rows: number;
  /** By position in the report. */
  readonly columns: readonly Column[];
  /** Columns of a kind that no report has, such as lists: they are passed over. */
  readonly nested: readonly string[];
  free(): void;
}

/** Keys take a byte of a file each at least, packed as they may be; this is far less. */
export const MOST_ROWS_PER_BYTE = 64;

/** What a data file must have; of the others it may lack any. */
const REQUIRED = ['key', 'size', 'lastModified', 'storageClass', 'versionId', 'isLatest', 'isDeleteMarker'] as const;

/** For every column of the report its place among the columns of a data file, -1 where it has none. Fails with ColumnMissing. */
export function placesOf(report: ReportColumns, names: readonly string[], file: string): Result<number[]> {
  const lower = names.map((name) => name.toLowerCase());
  const places = report.spelled.map((name) => {
    const exact = names.indexOf(name);
    return exact >= 0 ? exact : lower.indexOf(name.toLowerCase());
  });
  for (const column of REQUIRED) {
    const position = report[column];
    if (position < 0 || (places[position] as number) >= 0) continue;
    const name = report.spelled[position];
    return err(appError('ColumnMissing', `The data file has no column ${name}, which the manifest names.`, { file, field: name }));
  }
  return ok(places);
}
