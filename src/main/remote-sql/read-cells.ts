import { appError } from '../../contract/errors.ts';
import type { Progress } from '../../contract/frames.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { FAULTS } from '../../core/sql-rollup/cells-query.ts';
import type { RolledUp } from '../index/roll-up-cells.ts';
import type { RolledUpFiles } from '../index/roll-up-files.ts';
import type { QueryStats, SqlEngine, SqlRow, SqlValue } from './engine.ts';

/** More cells than this would fill memory. */
const MOST_CELLS = 20_000_000;

export interface ReadCells {
  readonly stats: QueryStats;
  /** Noncurrent versions whose successor is not in the table. */
  readonly noSuccessor: number;
}

/** Runs the query of units' files and hands them on as they come. */
export function readFiles(
  engine: SqlEngine,
  sql: string,
  onFiles: (files: readonly RolledUpFiles[]) => void,
  { signal, progress }: { readonly signal: AbortSignal; readonly progress: (progress: Progress) => void },
): Promise<Result<QueryStats>> {
  let files = 0;
  return engine.query(sql, {
    signal,
    isLarge: true,
    onStats: ({ state, scannedBytes, share }) =>
      progress({ phase: phaseOf('Finding units', engine, state, share), done: files, bytes: scannedBytes }),
    onRows(rows) {
      files += rows.length;
      if (files > MOST_CELLS) return err(tooMany('names that units are judged by'));
      onFiles(rows.map(filesOf));
      return ok(undefined);
    },
  });
}

const filesOf = ([
  directory,
  _rule,
  state,
  head,
  tail,
  width,
  first,
  last,
  versions,
  empty,
  bytes,
  firstMs,
  lastMs,
]: SqlRow): RolledUpFiles => ({
  directory: String(directory),
  state: whole(state),
  head: String(head),
  tail: String(tail),
  width: whole(width),
  first: whole(first),
  last: whole(last),
  versions: whole(versions),
  empty: whole(empty),
  bytes: whole(bytes),
  firstMs: whole(firstMs),
  lastMs: whole(lastMs),
});

function phaseOf(what: string, engine: SqlEngine, state: string, share: number | null): string {
  return `${what} on ${engine.name} (${state.toLowerCase()}${share === null ? '' : `, ${Math.floor(share * 100)} %`})`;
}

const tooMany = (what: string) =>
  appError('LimitExceeded', `The roll-up has more than ${MOST_CELLS} ${what}.`, {
    next: 'Roll up a view of the table that leaves out keys, or scan the report on a machine with the disk for it.',
  });

/** Runs a roll-up and hands its cells on as they come. RowField, LimitExceeded or whatever the engine says. */
export async function readCells(
  engine: SqlEngine,
  sql: string,
  onCells: (cells: readonly RolledUp[]) => void,
  { signal, progress }: { readonly signal: AbortSignal; readonly progress: (progress: Progress) => void },
): Promise<Result<ReadCells>> {
  let cells = 0;
  let noSuccessor = 0;
  const run = await engine.query(sql, {
    signal,
    isLarge: true,
    onStats: ({ state, scannedBytes, share }) =>
      progress({ phase: phaseOf('Adding up', engine, state, share), done: cells, bytes: scannedBytes }),
    onRows(rows) {
      const read: RolledUp[] = [];
      for (const row of rows) {
        const cell = cellOf(row);
        if (!cell.ok) return cell;
        noSuccessor += cell.value.noSuccessor;
        read.push(cell.value);
      }
      cells += read.length;
      if (cells > MOST_CELLS) return err(tooMany('cells'));
      onCells(read);
      return ok(undefined);
    },
  });
  return run.ok ? ok({ stats: run.value, noSuccessor }) : run;
}

function cellOf(row: SqlRow): Result<RolledUp & { readonly noSuccessor: number }> {
  const [directory, name, rule, marks, storageClass, accessTier, packed, locked, written, clock, versions, bytes, noSuccessor] = row;
  const traits = whole(packed);
  const fault = traits >> 6;
  if (fault !== 0) return err(faultOf(FAULTS[fault] ?? 'key', `${directory}${name}`, whole(versions)));
  const [count, sum] = [whole(versions), whole(bytes)];
  if (!Number.isSafeInteger(count) || !Number.isSafeInteger(sum))
    return err(appError('QueryFailed', 'The engine answered with a number that cannot be: a count or a sum of sizes beyond 2^53.'));
  return ok({
    directory: String(directory),
    name: String(name),
    rule: whole(rule),
    isMark: whole(marks) !== 0,
    storageClass: String(storageClass),
    accessTier: String(accessTier),
    state: traits & 3,
    flags: (traits >> 2) & 7,
    isSmall: (traits >> 5) & 1,
    lockedUntilDay: whole(locked),
    writtenDay: whole(written),
    clockDay: whole(clock),
    count,
    bytes: sum,
    noSuccessor: whole(noSuccessor),
  });
}

const whole = (value: SqlValue | undefined): number => Number(value);

function faultOf(column: string, key: string, rows: number) {
  const words = column === 'key' ? 'no key' : `no ${column} that S3 would write, the key "${key}" among them`;
  return appError('RowField', `${rows} row${rows === 1 ? '' : 's'} of the table ${rows === 1 ? 'has' : 'have'} ${words}.`, {
    field: column,
    next: 'Check how the table is defined over the report ("isotherm ddl" writes the definition), or ask for a new report.',
  });
}
