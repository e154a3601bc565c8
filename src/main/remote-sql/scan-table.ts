import { appError } from '../../contract/errors.ts';
import type { Progress } from '../../contract/frames.ts';
import type { Snapshot } from '../../contract/index-views.ts';
import type { Confirm, Table } from '../../contract/methods/sources.ts';
import type { TableEstimate } from '../../contract/methods/tables.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { inventoryName } from '../../core/inventory/file-schema.ts';
import { formatBytes, formatMoney } from '../../core/report/format.ts';
import { cellsQuery } from '../../core/sql-rollup/cells-query.ts';
import { filesQuery } from '../../core/sql-rollup/files-query.ts';
import type { IndexWriter } from '../index/writer.ts';
import { unknownClasses } from '../sources/unknown-classes.ts';
import { type OpenTable, openTable, type SqlEnvironment } from './open-table.ts';
import { costOf, priceOfTb } from './query-price.ts';
import { readCells, readFiles } from './read-cells.ts';

/** Queries that go over the whole report: cells, and files of units. */
const PASSES = 2;

export interface TableScan {
  readonly table: Table;
  readonly confirm: Confirm | undefined;
  /** Overrides the region of the bucket. */
  readonly region: string | undefined;
  readonly environment: SqlEnvironment;
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
}

/** What a roll-up of the opened table would read and cost at most. */
function estimateOf(open: OpenTable, table: Table, resourcesDir: string): TableEstimate {
  const price = priceOfTb(open.engine.name, open.engine.region, table.usdPerTb, resourcesDir);
  const nanoUsd = price === null || open.bytes === null ? null : String(costOf(open.bytes * PASSES, PASSES, price, resourcesDir));
  const facts = {
    engine: open.engine.name,
    bucket: open.bucket,
    report: open.partition,
    asOf: new Date(open.asOfMs).toISOString(),
    allVersions: open.shape.isMarker !== null,
    rows: open.rows,
    files: open.files,
    bytes: open.bytes === null ? null : open.bytes * PASSES,
    nanoUsd,
    price,
  };
  return { ...facts, words: estimateWords(facts) };
}

function estimateWords({ engine, rows, files, bytes, nanoUsd, price, bucket, asOf }: Omit<TableEstimate, 'words'>): string {
  const read = bytes === null ? 'an unknown number of bytes' : `at most ${formatBytes(bytes)}`;
  const cost =
    nanoUsd !== null
      ? `at most ${formatMoney(nanoUsd)}${price?.asOf ? ` (price of ${price.region} as of ${price.asOf})` : ''}`
      : engine === 'Athena'
        ? 'what Athena charges for them, of which no price is known here'
        : 'nothing that is known here: no price per byte was given';
  return `${rows} versions of "${bucket}" as of ${asOf}, in ${files} files: ${engine} would read ${read} and charge ${cost}.`;
}

/** Whether the person agreed to what the estimate says. CostNotConfirmed tells the cost and how to agree. */
function confirmed(estimate: TableEstimate, confirm: Confirm | undefined): Result<void> {
  if (confirm === 'any') return ok(undefined);
  const { nanoUsd, words } = estimate;
  const most = confirm === undefined ? null : BigInt(confirm.maxNanoUsd);
  if (most !== null && nanoUsd !== null && BigInt(nanoUsd) <= most) return ok(undefined);
  const why =
    most === null
      ? words
      : nanoUsd === null
        ? `${words} A limit of ${formatMoney(most)} cannot be kept.`
        : `${words} That is more than ${formatMoney(most)}.`;
  return err(
    appError('CostNotConfirmed', why, {
      next: nanoUsd === null ? 'Agree with --yes.' : `Agree with --max-usd ${usdUp(BigInt(nanoUsd))}, or with --yes.`,
    }),
  );
}

/** Dollars to the cent, rounded up. */
function usdUp(nanoUsd: bigint): string {
  const cents = (nanoUsd + 9_999_999n) / 10_000_000n;
  return `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;
}

export async function estimateTable(table: Table, environment: SqlEnvironment, signal: AbortSignal): Promise<Result<TableEstimate>> {
  const opened = await openTable(table, environment, signal);
  if (!opened.ok) return opened;
  opened.value.engine.close();
  return ok(estimateOf(opened.value, table, environment.resourcesDir));
}

/** Rolls a table up into an index as its newest snapshot, uncommitted. The same report, when it is known already, is handed back. */
export async function rollUpInto(
  writer: IndexWriter,
  open: OpenTable,
  scan: TableScan,
  scannedAtMs: number,
): Promise<Result<{ readonly snapshot: Snapshot; readonly unchanged: boolean }>> {
  const { table, environment, signal, progress } = scan;
  const rowsAt = {
    address: open.addressText,
    partition: open.partition,
    remote: table.remote,
    bytes: open.bytes,
    output: table.output ?? null,
  };
  const source = open.partition === null ? open.addressText : `${open.addressText}?dt=${open.partition}`;
  const known = open.shape.kind === 'metadata' ? undefined : writer.findRollUp(source, open.bucket, open.asOfMs);
  if (known) return ok({ snapshot: known, unchanged: true });
  const agreed = confirmed(estimateOf(open, table, environment.resourcesDir), scan.confirm);
  if (!agreed.ok) return agreed;
  const builder = writer.beginRollUp({
    bucket: open.bucket,
    source,
    sourceKind: 'table',
    asOfMs: open.asOfMs,
    scannedAtMs,
    manifestMd5: null,
    allVersions: open.shape.isMarker !== null,
    region: scan.region ?? null,
    isSample: false,
    fields: open.columns.filter(({ name }) => name !== open.shape.partition).map(({ name }) => inventoryName(name)),
    prefix: '',
    isClassified: true,
  });
  const { shape, onlyBucket, partition, asOfMs } = open;
  const rollUp = { shape, table: open.table, onlyBucket, partition, asOfMs, rules: writer.rules };
  const read = await readCells(open.engine, cellsQuery(rollUp), (cells) => builder.add(cells), { signal, progress });
  if (!read.ok) return read;
  const files = await readFiles(open.engine, filesQuery(rollUp), (found) => builder.addFiles(found), { signal, progress });
  if (!files.ok) return files;
  if (signal.aborted) return err(appError('Cancelled', 'The scan was cancelled.'));
  const { versions, deleteMarkers, classes } = builder.sums;
  // What was counted before must have come; a live table may have gone on meanwhile.
  if (shape.kind === 'inventory' && versions + deleteMarkers !== open.rows) {
    return err(
      appError('QueryFailed', `The engine added up ${versions + deleteMarkers} rows where it had counted ${open.rows}; nothing was kept.`, {
        next: 'Try again; the table changed while it was read.',
      }),
    );
  }
  progress({ phase: 'Building the index', done: 0 });
  const finished = builder.finish({ warnings: [...unknownClasses(classes), ...warningsOf(read.value.noSuccessor, open)], rowsAt }, signal);
  return finished.ok ? ok({ snapshot: finished.value, unchanged: false }) : finished;
}

function warningsOf(noSuccessor: number, { shape }: OpenTable): string[] {
  const warnings: string[] = [];
  if (noSuccessor > 0) {
    warnings.push(
      `${noSuccessor} noncurrent version${noSuccessor === 1 ? '' : 's'} came without a successor in the report; counted as noncurrent only since the snapshot's own time.`,
    );
  }
  if (shape.kind === 'metadata')
    warnings.push(
      'A live table of S3 Metadata tells of no locks and no replication; its rows may be an hour old, and this time is that of the query.',
    );
  return warnings;
}
