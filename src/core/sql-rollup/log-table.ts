import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { DAY_MS } from '../../contract/units.ts';
import { READS, WRITES } from '../access/event.ts';
import { identifier, type Sql, text } from './sql.ts';
import type { TableColumn } from './table-shape.ts';

/** What a row of a table over server access logs says, as expressions over its columns; texts are '' for blank. */
export interface LogShape {
  readonly bucket: Sql;
  /** null where it cannot be read. */
  readonly timeMs: Sql;
  readonly operation: Sql;
  readonly key: Sql;
  readonly requester: Sql;
  readonly status: Sql;
  readonly bytesSent: Sql;
  readonly objectSize: Sql;
  readonly userAgent: Sql;
  readonly sourceRegion: Sql;
}

/** Names as AWS's own table has them (https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-s3-access-logs-to-identify-requests.html), then other spellings. */
const NAMES = {
  bucket: ['bucket_name', 'bucket', 'bucketname'],
  timeMs: ['requestdatetime', 'request_datetime', 'request_date_time', 'request_time', 'time'],
  operation: ['operation'],
  key: ['key'],
  status: ['httpstatus', 'http_status', 'status'],
  requester: ['requester'],
  bytesSent: ['bytessent', 'bytes_sent'],
  objectSize: ['objectsize', 'object_size'],
  userAgent: ['useragent', 'user_agent'],
  sourceRegion: ['sourceregion', 'source_region'],
} as const satisfies Record<keyof LogShape, readonly string[]>;
const NEEDED = ['bucket', 'timeMs', 'operation', 'key', 'status'] as const satisfies readonly (keyof LogShape)[];

/** Reads the columns of a table over access logs; ColumnMissing names the first that is not there. */
export function logShape(columns: readonly TableColumn[], table: string): Result<LogShape> {
  const byName = new Map(columns.map((column) => [column.name.toLowerCase(), column]));
  const columnOf = (field: keyof LogShape): TableColumn | undefined =>
    NAMES[field].map((name) => byName.get(name)).find((column) => column !== undefined);
  for (const field of NEEDED) {
    const [name] = NAMES[field];
    if (columnOf(field)) continue;
    return err(
      appError('ColumnMissing', `The table "${table}" has no column ${name}; it is not one over S3 server access logs.`, {
        file: table,
        field: name,
        next: "Name a table with the columns of AWS's own definition for server access logs.",
      }),
    );
  }
  const words = (field: keyof LogShape): Sql => {
    const column = columnOf(field);
    if (!column) return "''";
    const value = `CAST(${identifier(column.name)} AS varchar)`;
    return `IF(${value} = '-', '', coalesce(${value}, ''))`;
  };
  const time = columnOf('timeMs') as TableColumn;
  const name = identifier(time.name);
  return ok({
    bucket: words('bucket'),
    timeMs: /^timestamp/i.test(time.type)
      ? `date_diff('millisecond', TIMESTAMP '1970-01-01 00:00:00${/with time zone/i.test(time.type) ? ' UTC' : ''}', ${name})`
      : `IF(regexp_like(${name}, '^\\[?\\d{2}/[A-Z][a-z]{2}/\\d{4}:\\d{2}:\\d{2}:\\d{2} [+-]\\d{4}\\]?$'), date_diff('millisecond', TIMESTAMP '1970-01-01 00:00:00 UTC', try(parse_datetime(replace(replace(${name}, '['), ']'), 'dd/MMM/yyyy:HH:mm:ss Z'))))`,
    operation: words('operation'),
    key: words('key'),
    requester: words('requester'),
    status: words('status'),
    bytesSent: words('bytesSent'),
    objectSize: words('objectSize'),
    // AWS's pattern keeps the quotes; the first product is what counts of it (agentOf).
    userAgent: `substr(regexp_extract(regexp_replace(replace(${words('userAgent')}, '"'), '^-$'), '^\\[?\\s*([^\\s/;,(]*)', 1), 1, 80)`,
    sourceRegion: words('sourceRegion'),
  });
}

const list = (names: Iterable<string>): Sql => [...names].map(text).join(', ');

/** `events`: lines of the log told apart as `parseLogLine` and `kindOfOperation` do. */
export function logEvents(shape: LogShape, table: Sql, bucket: string): Sql {
  return `lines AS (
  SELECT ${shape.bucket} AS b, ${shape.timeMs} AS t, ${shape.operation} AS op, ${shape.key} AS raw, ${shape.requester} AS requester,
    ${shape.userAgent} AS agent, ${shape.status} AS st, ${shape.bytesSent} AS sent, ${shape.objectSize} AS size, ${shape.sourceRegion} AS region
  FROM ${table}
),
told AS (
  SELECT *, t IS NOT NULL AND regexp_like(op, '^[A-Z][A-Za-z0-9_]*(?:\\.[A-Za-z0-9_]+)+$') AS is_ok, b = ${text(bucket)} AS is_ours,
    NOT regexp_like(st, '^\\d{3}$') OR NOT regexp_like(sent, '^\\d*$') OR NOT regexp_like(size, '^\\d*$') AS is_partial
  FROM lines
),
events AS (
  SELECT t, raw, requester, is_ok, is_ours, is_partial, IF(is_ok, t / ${DAY_MS}) AS day,
    IF(is_partial, '', agent) AS agent,
    IF(NOT is_partial AND regexp_like(region, '^[a-z]{2}(-[a-z]+)+-\\d$'), region, '') AS region,
    IF(is_partial OR length(sent) > 15, 0, coalesce(TRY_CAST(sent AS bigint), 0)) AS sent,
    NOT is_partial AND st = '200' AND sent = size AND length(size) < 16 AND TRY_CAST(size AS bigint) > 0 AS is_whole,
    op IN (${list(READS)}) AND (is_partial OR st IN ('200', '206', '304')) AS is_read,
    op IN (${list(WRITES)}) AND (is_partial OR st IN ('200', '206')) AS is_write
  FROM told
)`;
}
