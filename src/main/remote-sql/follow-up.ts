import { type AppError, appError } from '../../contract/errors.ts';
import type { Progress } from '../../contract/frames.ts';
import type { RowsAt } from '../../contract/index-views.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { MULTI } from '../../core/cube/cube.ts';
import type { PackedCube } from '../../core/cube/group.ts';
import type { DirectoryRange } from '../../core/cube/row-block.ts';
import { formatBytes, formatMoney } from '../../core/report/format.ts';
import { parseTableAddress } from '../../core/sql-rollup/address.ts';
import { type KeyPlace, MOST_PLACES, rowsQuery } from '../../core/sql-rollup/rows-query.ts';
import { tableShape } from '../../core/sql-rollup/table-shape.ts';
import type { WantedRows } from '../index/elsewhere.ts';
import type { FetchedRow } from '../index/fetched-rows.ts';
import { loadClassifier } from '../index/load-classifier.ts';
import { openIndex } from '../index/reader.ts';
import { spend } from './allowance.ts';
import type { SqlEngine, SqlRow } from './engine.ts';
import { connectEngine, type SqlEnvironment } from './open-table.ts';
import { costOf, priceOfTb } from './query-price.ts';

/** More rows than this are a table and no answer. */
const MOST_ROWS = 5_000_000;
/** So many come at once where a question is likely to go on asking: each query reads the same bytes. */
const AT_ONCE = 1_000_000;

/**
 * Fetches the rows for want of which a question failed; a failure where that may not be paid for, or went wrong. `isAgain`: the
 * question has wanted rows of several places by now.
 */
export async function fetchRows(
  { index, snapshotId, range: asked, onlySeveral: onlySeveralAsked, isAgain }: WantedRows & { readonly isAgain: boolean },
  environment: SqlEnvironment,
  signal: AbortSignal,
  progress: (progress: Progress) => void,
): Promise<Result<void>> {
  const reader = openIndex(index);
  if (!reader.ok) return reader;
  const snapshot = reader.value.snapshot(snapshotId);
  if (!snapshot.ok) return snapshot;
  const cube = reader.value.cube(snapshotId);
  if (!cube.ok) return cube;
  const { rowsAt, bucket, asOf, rows: allRows } = snapshot.value;
  // Who asks for keys of several versions asks for those of other prefixes next; who asks for many places, for more of them.
  const isAll = isAgain && allRows <= MOST_ROWS;
  const onlySeveral = onlySeveralAsked && !isAll;
  const range = isAll || (onlySeveral && countSeveral(cube.value) <= AT_ONCE) ? { from: 0, to: cube.value.tree.count } : asked;
  const classifier = loadClassifier(environment.resourcesDir);
  if (!classifier.ok) return classifier;
  if (rowsAt === null) return ok(undefined);
  const engine = await engineOf(rowsAt, environment);
  if (!engine.ok) return engine;
  try {
    const paid = pay(engine.value, rowsAt, environment.resourcesDir);
    if (paid) return err(paid);
    const address = parseTableAddress(rowsAt.address);
    if (!address.ok) return address;
    const columns = await engine.value.columns(signal);
    if (!columns.ok) return columns;
    const shape = tableShape(columns.value, rowsAt.address);
    if (!shape.ok) return shape;
    const { catalog, schema, table } = address.value.table;
    const rollUp = {
      shape: shape.value,
      table: [catalog, schema, table],
      onlyBucket: shape.value.bucket === null ? null : bucket,
      partition: rowsAt.partition,
      asOfMs: Date.parse(asOf),
    };
    const rows: FetchedRow[] = [];
    const places = placesOf(cube.value, range);
    for (let from = 0; from < places.length; from += MOST_PLACES) {
      const sql = rowsQuery(rollUp, places.slice(from, from + MOST_PLACES), onlySeveral);
      const run = await engine.value.query(sql, {
        signal,
        isLarge: places.some(({ isWhole }) => isWhole),
        onStats: ({ scannedBytes }) => progress({ phase: `Asking ${engine.value.name} for rows`, done: rows.length, bytes: scannedBytes }),
        onRows: (page) => take(page, rows, cube.value),
      });
      if (!run.ok) return run;
    }
    reader.value.keepFetched(snapshotId, range, onlySeveral, rows, classifier.value);
    return ok(undefined);
  } finally {
    engine.value.close();
  }
}

function countSeveral({ flags, count, cellCount }: PackedCube): number {
  let several = 0;
  for (let cell = 0; cell < cellCount; cell++) if (((flags[cell] as number) & MULTI) !== 0) several += count[cell] as number;
  return several;
}

async function engineOf({ address, remote, output }: RowsAt, environment: SqlEnvironment): Promise<Result<SqlEngine>> {
  const parsed = parseTableAddress(address);
  return parsed.ok ? connectEngine(parsed.value, { remote, output: output ?? undefined }, environment) : parsed;
}

/** Athena charges for every question of rows: only what a person allowed beforehand is spent. */
function pay(engine: SqlEngine, { address, bytes }: RowsAt, resourcesDir: string): AppError | undefined {
  if (engine.name !== 'Athena') return undefined;
  const price = priceOfTb(engine.name, engine.region, undefined, resourcesDir);
  const cost = price === null || bytes === null ? null : costOf(bytes, 1, price, resourcesDir);
  if (spend(cost)) return undefined;
  const read = bytes === null ? '' : `, which reads at most ${formatBytes(bytes)}`;
  const charge = cost === null ? 'what Athena asks for it' : `at most ${formatMoney(cost)}`;
  return appError('RowsElsewhere', `This question needs rows of ${address}. It takes a query${read} and costs ${charge}.`, {
    next: 'Allow it with --query-usd and the most it may cost ("any" for whatever it comes to).',
  });
}

/** Directories as the fewest places: whole subtrees, and single directories. */
function placesOf({ tree }: PackedCube, { from, to }: DirectoryRange): KeyPlace[] {
  const places: KeyPlace[] = [];
  for (let d = from; d < to; ) {
    const end = tree.subtreeEnd[d] as number;
    const isWhole = end <= to && (end > d + 1 || from === 0);
    places.push({ path: tree.path(d), isWhole });
    d = isWhole ? end : d + 1;
  }
  return places;
}

function take(page: readonly SqlRow[], rows: FetchedRow[], cube: PackedCube): Result<void> {
  if (rows.length + page.length > MOST_ROWS) {
    return err(
      appError('LimitExceeded', `The question needs more than ${MOST_ROWS} rows of the table.`, {
        next: 'Ask about a smaller prefix, or scan the report itself into an index.',
      }),
    );
  }
  for (const [key, versionId, flags, size, modified, storageClass, tier, clock, retain, eTag] of page) {
    const text = String(key);
    const slash = text.lastIndexOf('/') + 1;
    const directory = cube.tree.find(text.slice(0, slash));
    const classId = cube.classes.findIndex((known) => known.storageClass === storageClass && known.accessTier === tier);
    if (directory < 0) {
      return err(
        appError('TableShape', `The table holds the key "${text}", which was not in it when it was rolled up.`, {
          next: 'Roll the table up again; its report has changed.',
        }),
      );
    }
    rows.push({
      directory,
      name: text.slice(slash),
      versionId: String(versionId),
      flags: Number(flags),
      sizeBytes: Number(size),
      lastModifiedMs: Number(modified),
      classId: Math.max(0, classId),
      clockMs: Number(clock),
      retainUntilMs: retain === null || retain === undefined ? null : Number(retain),
      eTag: String(eTag),
    });
  }
  return ok(undefined);
}
