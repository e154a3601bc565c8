import { createHash } from 'node:crypto';
import type { AccessImport } from '../../contract/access-views.ts';
import { type AppError, appError } from '../../contract/errors.ts';
import type { RowsAt, Snapshot } from '../../contract/index-views.ts';
import type { Remote } from '../../contract/remote.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { DAY_MS } from '../../contract/units.ts';
import { AccessFold, type ReadSums } from '../../core/access/fold.ts';
import { keysMeant } from '../../core/access/log-line.ts';
import { agentOf, type Reader } from '../../core/access/readers.ts';
import type { RuleSet } from '../../core/classify/rule-set.ts';
import { formatDay, formatMoney } from '../../core/report/format.ts';
import { type LogTable, logDaysQuery, readsByKeyQuery, readsByPlaceQuery } from '../../core/sql-rollup/access-query.ts';
import { parseTableAddress, type TableAddress, tableAddressText } from '../../core/sql-rollup/address.ts';
import { logShape } from '../../core/sql-rollup/log-table.ts';
import { tableShape } from '../../core/sql-rollup/table-shape.ts';
import type { CallContext } from '../engine/handler.ts';
import { type AccessFile, addAccess, knownDigests } from '../index/evidence-rows.ts';
import { loadClassifier } from '../index/load-classifier.ts';
import { type IndexReader, openIndex } from '../index/reader.ts';
import { changeIn, readFrom } from '../index/small-changes.ts';
import { allRows, type SqlEngine, type SqlRow } from '../remote-sql/engine.ts';
import { connectEngine, type SqlEnvironment } from '../remote-sql/open-table.ts';
import { priceOfTb } from '../remote-sql/query-price.ts';
import { cancelled } from '../sources/cancelled.ts';
import { IndexLocator } from './index-locator.ts';
import { placesByRule } from './rule-locator.ts';

/** Lines come hours late: a day is taken once it has been over for so long, and then once. */
const SETTLED_MS = 6 * 3_600_000;
/** More reads than this, by key or place, would fill memory. */
const MOST_READS = 5_000_000;

export interface AccessTableRequest {
  readonly index: string;
  readonly snapshotId?: string | undefined;
  /** trino://… or athena://…, of a table over S3 server access logs. */
  readonly location: string;
  readonly remote?: Remote | undefined;
  readonly output?: string | undefined;
  /** Agreed to whatever the engine charges. */
  readonly confirm?: 'any' | undefined;
}

/**
 * Adds what a table over server access logs tells to what is known of a bucket, whole UTC days, each once: all or nothing. The
 * engine adds the reads up: by key where the index has its rows, else by unit and folder, beside the report that was rolled up.
 */
export async function importAccessTable(request: AccessTableRequest, context: CallContext): Promise<Result<AccessImport>> {
  const address = parseTableAddress(request.location);
  if (!address.ok) return address;
  const reader = openIndex(request.index);
  if (!reader.ok) return reader;
  const snapshot = reader.value.snapshot(request.snapshotId);
  if (!snapshot.ok) return snapshot;
  const { rowsAt } = snapshot.value;
  const apart = rowsAt && apartFrom(rowsAt, address.value);
  if (apart) return err(apart);
  const environment = sqlEnvironment(context.environment);
  const connected = await connectEngine(address.value, { remote: request.remote ?? {}, output: request.output }, environment);
  if (!connected.ok) return connected;
  try {
    const agreed = confirmed(connected.value, request, environment);
    return agreed.ok
      ? await read(connected.value, address.value, request, { reader: reader.value, snapshot: snapshot.value, context })
      : agreed;
  } finally {
    connected.value.close();
  }
}

const sqlEnvironment = ({ resourcesDir, now, trino = {} }: CallContext['environment']): SqlEnvironment => ({ resourcesDir, now, trino });

/** Logs are placed by the report's rows, so both must lie on one engine. */
function apartFrom({ address }: RowsAt, logs: TableAddress): AppError | undefined {
  const rows = parseTableAddress(address);
  const serverOf = (one: TableAddress): string => (one.engine === 'trino' ? one.server : 'athena');
  if (rows.ok && serverOf(rows.value) === serverOf(logs)) return undefined;
  return appError(
    'RowsElsewhere',
    `The rows of this snapshot are in ${address}, which the logs can only be told with on the same engine.`,
    {
      next: 'Make a table over the logs beside the report, or scan the report itself into an index.',
    },
  );
}

function confirmed(engine: SqlEngine, { location, confirm }: AccessTableRequest, { resourcesDir }: SqlEnvironment): Result<void> {
  if (confirm === 'any') return ok(undefined);
  const price = priceOfTb(engine.name, engine.region, undefined, resourcesDir);
  const each = price ? `, ${formatMoney(price.nanoUsdPerTb)} a TB (price of ${price.region} as of ${price.asOf})` : '';
  const charge = engine.name === 'Athena' ? `Athena charges for what it reads${each}` : 'the server is kept busy with them';
  return err(
    appError('CostNotConfirmed', `Two queries read all of ${location}, whose size is not known before; ${charge}.`, {
      next: 'Agree with --yes.',
    }),
  );
}

interface Day {
  readonly day: number;
  readonly lines: number;
  readonly partial: number;
  readonly events: number;
  readonly writes: number;
  readonly otherBuckets: number;
}

async function read(
  engine: SqlEngine,
  address: TableAddress,
  { index, location }: AccessTableRequest,
  { reader, snapshot, context: { environment, signal, progress } }: { reader: IndexReader; snapshot: Snapshot; context: CallContext },
): Promise<Result<AccessImport>> {
  const { bucket } = snapshot;
  const columns = await engine.columns(signal);
  if (!columns.ok) return columns;
  const shape = logShape(columns.value, location);
  if (!shape.ok) return shape;
  const { catalog, schema, table } = address.table;
  const log: LogTable = { shape: shape.value, table: [catalog, schema, table], bucket };
  progress({ phase: `Counting requests on ${engine.name}`, done: 0 });
  const counted = await allRows(engine, logDaysQuery(log), signal);
  if (!counted.ok) return counted;
  const malformed = sum(counted.value.rows.map(([day, lines]) => (day === null ? lines : 0)));
  const settled = Math.floor((environment.now().getTime() - SETTLED_MS) / DAY_MS);
  const all = counted.value.rows.filter(([day]) => day !== null).map(dayIn);
  if (all.length === 0 && malformed > 0) {
    return err(appError('AccessLogUnreadable', `Nothing in ${location} is an access log.`, { file: location }));
  }
  const source = tableAddressText(address);
  const known = readFrom(index, (database) => knownDigests(database, bucket));
  if (!known.ok) return known;
  const ended = all.filter(({ day }) => day < settled).sort((a, b) => a.day - b.day);
  const days = ended.filter(({ day }) => !known.value.has(digestOf(source, day)));
  const folded = await fold(engine, log, days, { reader, snapshot, environment: sqlEnvironment(environment), signal, progress });
  if (!folded.ok) return folded;
  const files = days.map(({ day, lines, partial }): AccessFile => {
    return { digest: digestOf(source, day), name: `${source} ${formatDay(day)}`, lines, malformed: 0, partial };
  });
  // Lines without a time are of no day: they are counted as they were first met.
  if (malformed > 0) files.push({ digest: digestOf(source, 'malformed'), name: source, lines: malformed, malformed, partial: 0 });
  if (signal.aborted) return err(cancelled());
  const changed = changeIn(index, (database): AppError | null => {
    const now = knownDigests(database, bucket);
    if (days.some(({ day }) => now.has(digestOf(source, day)))) {
      return appError('IndexBusy', 'The same logs were read by somebody else meanwhile.');
    }
    addAccess(database, bucket, source, folded.value, files);
    return null;
  });
  if (!changed.ok) return changed;
  if (changed.value !== null) return err(changed.value);
  const { events: requests, reads, writes, otherBuckets, notInIndex } = folded.value;
  return ok({
    bucket,
    source,
    files: days.length,
    filesKnown: ended.length - days.length,
    filesUnreadable: [],
    unreadable: 0,
    lines: sum(days.map(({ lines }) => lines)) + malformed,
    malformed,
    partial: sum(days.map(({ partial }) => partial)),
    requests,
    reads,
    writes,
    otherBuckets,
    notInIndex,
    places: folded.value.result().length,
    days: folded.value.eventsByDay().length,
  });
}

interface FoldOver {
  readonly reader: IndexReader;
  readonly snapshot: Snapshot;
  readonly environment: SqlEnvironment;
  readonly signal: AbortSignal;
  readonly progress: CallContext['progress'];
}

async function fold(engine: SqlEngine, log: LogTable, days: readonly Day[], over: FoldOver): Promise<Result<AccessFold>> {
  const { reader, snapshot, environment, signal, progress } = over;
  const { snapshotId, bucket, rowsAt } = snapshot;
  const [cube, units, classifier] = [reader.cube(snapshotId), reader.units(snapshotId), loadClassifier(environment.resourcesDir)];
  if (!cube.ok) return cube;
  if (!units.ok) return units;
  if (!classifier.ok) return classifier;
  const folded = new AccessFold(bucket, new IndexLocator(reader, snapshotId, cube.value, units.value.units));
  for (const { day, ...counts } of days) folded.addDay(day, counts);
  const wanted = days.filter(({ events }) => events > 0).map(({ day }) => day);
  if (wanted.length === 0) return ok(folded);
  const query =
    rowsAt === null ? ok(readsByKeyQuery(log, wanted)) : await beside(rowsAt, snapshot, log, wanted, classifier.value.rules, over);
  if (!query.ok) return query;
  const rows: SqlRow[] = [];
  const run = await engine.query(query.value, {
    signal,
    isLarge: true,
    onStats: ({ scannedBytes }) => progress({ phase: `Adding reads up on ${engine.name}`, done: rows.length, bytes: scannedBytes }),
    onRows: (page) => {
      for (const row of page) rows.push(row);
      return rows.length > MOST_READS ? err(tooMany()) : ok(undefined);
    },
  });
  if (!run.ok) return run;
  if (rowsAt === null) {
    for (const row of rows) folded.addReads(keysMeant({ key: String(row[0]), isKeyEncoded: true }), readerOf(row), sumsOf(row));
    return placed(folded);
  }
  const keys = rows.map((row) => ({ key: String(row[0]), isIn: Number(row[9]) === 1 }));
  const places = placesByRule(reader, snapshotId, cube.value, units.value.units, classifier.value, keys);
  if (!places.ok) return places;
  for (const [at, row] of rows.entries()) {
    folded.addPlaced(places.value[at] ?? [], keys[at]?.isIn === true, readerOf(row), sumsOf(row));
  }
  return ok(folded);
}

/** Finds the places of all keys now; what the locator throws when the index cannot be read is told. */
function placed(folded: AccessFold): Result<AccessFold> {
  try {
    folded.result();
    return ok(folded);
  } catch (error) {
    const { failure } = error as { failure?: AppError };
    if (failure) return err(failure);
    throw error;
  }
}

/** The query that tells reads by place, over the logs and the report that was rolled up. */
async function beside(
  rowsAt: RowsAt,
  { bucket, asOf }: Snapshot,
  log: LogTable,
  days: readonly number[],
  rules: RuleSet,
  { environment, signal }: FoldOver,
): Promise<Result<string>> {
  const address = parseTableAddress(rowsAt.address);
  if (!address.ok) return address;
  const report = await connectEngine(address.value, { remote: rowsAt.remote, output: rowsAt.output ?? undefined }, environment);
  if (!report.ok) return report;
  const columns = await report.value.columns(signal);
  report.value.close();
  if (!columns.ok) return columns;
  const shape = tableShape(columns.value, rowsAt.address);
  if (!shape.ok) return shape;
  const { catalog, schema, table } = address.value.table;
  const onlyBucket = shape.value.bucket === null ? null : bucket;
  const rollUp = {
    shape: shape.value,
    table: [catalog, schema, table],
    onlyBucket,
    partition: rowsAt.partition,
    asOfMs: Date.parse(asOf),
    rules,
  };
  return ok(readsByPlaceQuery(log, days, rollUp));
}

const sum = (values: readonly unknown[]): number => values.reduce((total: number, value) => total + Number(value), 0);

function dayIn([day, lines, partial, events, writes, otherBuckets]: SqlRow): Day {
  const whole = { day, lines, partial, events, writes, otherBuckets };
  return Object.fromEntries(Object.entries(whole).map(([name, value]) => [name, Number(value)])) as unknown as Day;
}

const readerOf = ([, requester, agent]: SqlRow): Reader => ({ requester: String(requester), agent: agentOf(String(agent)) });

const sumsOf = ([, , , region, reads, whole, sent, first, last]: SqlRow): ReadSums => ({
  firstReadMs: Number(first),
  lastReadMs: Number(last),
  reads: Number(reads),
  wholeReads: Number(whole),
  bytesSent: Number(sent),
  sourceRegion: String(region),
});

const digestOf = (source: string, day: number | 'malformed'): string => createHash('sha256').update(`${source} ${day}`).digest('hex');

const tooMany = (): AppError =>
  appError('LimitExceeded', `The logs tell of more than ${MOST_READS} keys or places by reader.`, {
    next: 'Name a view of the table with fewer days.',
  });
