import { ok, type Result } from '../../contract/result.ts';
import type { TableColumn } from '../../core/sql-rollup/table-shape.ts';

/** One value of a row, whatever the engine's wire makes of it. */
export type SqlValue = string | number | boolean | null;
export type SqlRow = readonly SqlValue[];

/** What a running or finished query says of itself. */
export interface QueryStats {
  readonly queryId: string;
  /** The engine's own word for where it stands, such as "RUNNING". */
  readonly state: string;
  /** Bytes read from storage so far: what Athena charges for. */
  readonly scannedBytes: number;
  readonly elapsedMs: number;
  readonly cpuMs: number | null;
  /** Share that is done, 0 to 1, where the engine says so. */
  readonly share: number | null;
}

export interface QueryOptions {
  readonly signal: AbortSignal;
  /** Many rows are to be expected: where pages of rows are slow, they come as files. */
  readonly isLarge?: boolean;
  readonly onStats?: (stats: QueryStats) => void;
  /** Pages of rows as they come; a failure ends the query at the engine too. */
  readonly onRows: (rows: readonly SqlRow[]) => Result<void>;
}

/** A SQL engine of Trino's dialect. Every failure is a value; cancelling a query ends it at the engine. */
export interface SqlEngine {
  readonly name: 'Trino' | 'Athena';
  /** Where it runs, where prices depend on that; null elsewhere. */
  readonly region: string | null;
  /** Columns of the table; TableNotFound where there is none. */
  columns(signal: AbortSignal): Promise<Result<readonly TableColumn[]>>;
  /** Runs a query to its end. The result is only sound when this says so. */
  query(sql: string, options: QueryOptions): Promise<Result<QueryStats>>;
  close(): void;
}

/** All rows of a query that gives few. */
export async function allRows(engine: SqlEngine, sql: string, signal: AbortSignal): Promise<Result<{ rows: SqlRow[]; stats: QueryStats }>> {
  const rows: SqlRow[] = [];
  const done = await engine.query(sql, {
    signal,
    onRows: (page) => {
      for (const row of page) rows.push(row);
      return ok(undefined);
    },
  });
  return done.ok ? ok({ rows, stats: done.value }) : done;
}
