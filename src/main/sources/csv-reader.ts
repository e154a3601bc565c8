import type { AppError } from '../../contract/errors.ts';
import { ok, type Result } from '../../contract/result.ts';
import { BatchBuilder } from '../../core/inventory/batch-builder.ts';
import type { ReportColumns } from '../../core/inventory/columns.ts';
import { createCsvScanner, MAX_ROW_BYTES } from '../../core/inventory/csv-scanner.ts';
import type { Details, RowBatch } from '../../core/inventory/row-batch.ts';
import { kernelBatch } from '../index/kernel-batch.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { createGzipReader, type UnpackFault } from './gzip-reader.ts';

export interface CsvReaderOptions {
  readonly kernel: Kernel;
  readonly columns: ReportColumns;
  /** Every row must be of this bucket. */
  readonly sourceBucket: string;
  readonly onBatch: (batch: RowBatch) => Result<void>;
}

/** What ended the reading of a file. */
export type ReadFault = { readonly unpack: UnpackFault } | { readonly refused: AppError };

export interface CsvReader {
  /** Starts a data file. */
  begin(file: string): void;
  push(chunk: Uint8Array): ReadFault | null;
  end(): ReadFault | null;
  /** Hands over the rows that do not fill a batch. */
  flush(): Result<void>;
  /** Rows read so far over all files. */
  readonly rows: number;
}

/** What the kernel's reader stops for; see src/kernel/csv.ts. */
const NEEDS_INPUT = 0;
const BATCH_FULL = 1;
const NEEDS_MEANING = 2;
/** Steps of a row; see src/kernel/csv.ts. */
const GROUP = 0;
const MOST_STEPS = 512;
const MOST_GROUPS = 64;
const QUOTE = 0x22;
const SPARE_QUOTES = 64;
/** Details are numbered anew when there are so many. */
const MOST_DETAILS = 60_000;
/** Where rows are spelled oddly, ever more of them are read at a time without asking the kernel. */
const MOST_ODD = 4096;

/**
 * Reads packed CSV data files in the kernel. Rows that are spelled as S3 spells them are read there; a row of any other
 * spelling, and the first row of every combination of repeating values, is read by the plain scanner, which says what it means.
 */
export function createCsvReader({ kernel, columns, sourceBucket, onBatch }: CsvReaderOptions): CsvReader {
  const { calls } = kernel;
  const detailNames = columns.details.map((column) => columns.names[column] ?? '');
  const builder = new BatchBuilder(detailNames);
  const plain = createCsvScanner({ columns, sourceBucket, builder, onBatch });
  const judgeBuilder = new BatchBuilder(detailNames, builder);
  const judgeScanner = createCsvScanner({ columns, sourceBucket, builder: judgeBuilder, onBatch: () => ok(undefined) });
  const isPlain = !planSteps(kernel, columns);
  let details: Details[] = [];
  let detailIds = new Map<string, number>();
  let rows = 0;
  let rowInFile = 0;
  let odd = 1;
  let refused: AppError | undefined;

  const gzip = createGzipReader(kernel, {
    longestRest: MAX_ROW_BYTES,
    use(from, to) {
      if (refused !== undefined) return to;
      const read = readRows(from, to);
      if (read.ok) return read.value;
      refused = read.error;
      return to;
    },
    end(from, to) {
      if (refused !== undefined || from === to) return;
      const read = readOdd(from, to, true, Number.POSITIVE_INFINITY);
      if (!read.ok) refused = read.error;
    },
  });

  /** Reads whole rows from [from, to); where the first one begins that is not whole. */
  function readRows(from: number, to: number): Result<number> {
    kernel.memory.fill(QUOTE, to, to + SPARE_QUOTES);
    let at = from;
    let learntAt = -1;
    for (;;) {
      if (isPlain) {
        const read = readOdd(at, to, false, Number.POSITIVE_INFINITY);
        if (!read.ok || read.value === at) return read;
        at = read.value;
        continue;
      }
      const before = calls.batchRows();
      calls.setRowsAt(at);
      const stopped = calls.readRows(to);
      const count = calls.batchRows() - before;
      rows += count;
      rowInFile += count;
      if (count > 0) odd = 1;
      at = calls.rowsAt();
      if (stopped === NEEDS_INPUT) return checkRest(at, to);
      if (stopped === BATCH_FULL) {
        const flushed = flushKernel();
        if (!flushed.ok) return flushed;
        continue;
      }
      // Values too long to be remembered are not known when they are met again: such a row is read like an odd one.
      if (stopped === NEEDS_MEANING && at !== learntAt) {
        const learnt = learn(at, to);
        if (!learnt.ok) return learnt;
        learntAt = at;
        if (learnt.value) continue;
      }
      const read = readOdd(at, to, false, odd);
      if (!read.ok || read.value === at) return read;
      at = read.value;
      odd = Math.min(odd * 2, MOST_ODD);
    }
  }

  /** A rest that is too long is a quote that is never closed: the plain scanner says so. */
  function checkRest(at: number, to: number): Result<number> {
    return to - at > MAX_ROW_BYTES ? readOdd(at, to, false, Number.POSITIVE_INFINITY) : ok(at);
  }

  /** Reads rows with the plain scanner. */
  function readOdd(at: number, to: number, isLast: boolean, most: number): Result<number> {
    const flushed = flushKernel();
    if (!flushed.ok) return flushed;
    const before = plain.rows;
    plain.rowInFile = rowInFile;
    const read = plain.readRows(kernel.memory, at, to, isLast, most);
    rows += plain.rows - before;
    rowInFile = plain.rowInFile;
    if (!read.ok) return read;
    const handed = plain.flush();
    return handed.ok ? read : handed;
  }

  /** What the plain scanner says of one row, which is not handed over. */
  function judge(at: number, to: number): Result<{ flag: number; kind: number; detail: Details } | null> {
    judgeScanner.rowInFile = rowInFile;
    const read = judgeScanner.readRows(kernel.memory, at, to, false, 1);
    if (!read.ok) return read;
    // A batch ends early where its texts are very long.
    if (judgeBuilder.rows !== 1) return ok(null);
    const { flags, classId, detailId, details: known } = judgeBuilder.batch();
    const said = { flag: flags[0] as number, kind: classId[0] as number, detail: known[detailId[0] as number] as Details };
    judgeBuilder.clear();
    return ok(said);
  }

  /**
   * Lets the plain scanner judge one row and tells the kernel what its repeating values mean together. False where they are
   * too long to be told.
   */
  function learn(at: number, to: number): Result<boolean> {
    const judged = judge(at, to);
    if (!judged.ok) return judged;
    if (judged.value === null) return ok(false);
    const { flag, kind, detail } = judged.value;
    if (details.length >= MOST_DETAILS) {
      const flushed = flushKernel();
      if (!flushed.ok) return flushed;
      details = [];
      detailIds = new Map();
      calls.forgetMeanings();
    }
    const json = JSON.stringify(detail);
    let id = detailIds.get(json);
    if (id === undefined) {
      id = details.push(detail) - 1;
      detailIds.set(json, id);
    }
    calls.tellMeaning(flag, kind, id);
    return ok(true);
  }

  function flushKernel(): Result<void> {
    if (calls.batchRows() === 0) return ok(undefined);
    const taken = onBatch(kernelBatch(kernel, { classes: builder.classes, details, detailNames }));
    calls.clearBatch();
    return taken;
  }

  const faultOf = (unpack: UnpackFault | null): ReadFault | null => {
    if (refused !== undefined) return { refused };
    return unpack === null ? null : { unpack };
  };

  return {
    begin(name) {
      plain.begin(name);
      judgeScanner.begin(name);
      rowInFile = 0;
    },
    push: (chunk) => faultOf(gzip.push(chunk)),
    end: () => faultOf(gzip.end()),
    flush: flushKernel,
    get rows() {
      return rows;
    },
  };
}

/** Tells the kernel what a row is made of; false where a report has more columns than it can take. */
function planSteps(kernel: Kernel, columns: ReportColumns): boolean {
  const { key, versionId, size, lastModified, eTag, retainUntil } = columns;
  const [stepsAt, columnsAt] = kernel.answers(kernel.calls.csvLayout, 2) as [number, number];
  const own = [key, versionId, size, lastModified, eTag, retainUntil];
  const steps: number[] = [];
  const groups: number[] = [];
  for (let column = 0; column < columns.count; column++) {
    const step = own.indexOf(column) + 1;
    if (step === GROUP && steps.at(-1) === GROUP) groups[groups.length - 1] = (groups.at(-1) as number) + 1;
    else {
      steps.push(step);
      if (step === GROUP) groups.push(1);
    }
  }
  if (steps.length > MOST_STEPS || groups.length > MOST_GROUPS) return false;
  kernel.bytes(stepsAt, steps.length).set(steps);
  kernel.u32(columnsAt, groups.length).set(groups);
  kernel.calls.setCsvSteps(steps.length, groups.length);
  return true;
}
