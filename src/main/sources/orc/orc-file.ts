import { appError } from '../../../contract/errors.ts';
import { err, type Result } from '../../../contract/result.ts';
import type { ReportColumns } from '../../../core/inventory/columns.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { ColumnarFile } from '../columnar/columnar-file.ts';
import type { VerifiedFile } from '../verified-file.ts';

export function openOrc(_kernel: Kernel, file: VerifiedFile, _report: ReportColumns): Result<ColumnarFile> {
  return err(
    appError('FormatUnsupported', 'This report is written as ORC; only CSV and Parquet reports can be read so far.', { file: file.name }),
  );
}
