import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { identifier, type Sql, text } from './sql.ts';

/** A column as the engine describes it: its type in Trino's spelling, such as "varchar" or "timestamp(3)". */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
}

/**
 * What a row of an inventory table says, as expressions over its columns; null where the table has no such column.
 * Texts are '' for blank, times milliseconds since 1970, `isLatest` and `isMarker` never null.
 */
export interface TableShape {
  /** `inventory`: a report's table (s3-domain 1.4, 1.5). `metadata`: a live inventory table of S3 Metadata (s3-domain 2.4). */
  readonly kind: 'inventory' | 'metadata';
  readonly bucket: Sql | null;
  readonly key: Sql;
  readonly versionId: Sql | null;
  /** null where the table lists current versions alone; of S3 Metadata the newest of a key is the latest. */
  readonly isLatest: Sql | null;
  readonly isMarker: Sql | null;
  readonly size: Sql;
  readonly lastModifiedMs: Sql;
  readonly storageClass: Sql;
  readonly accessTier: Sql | null;
  readonly replicationStatus: Sql | null;
  readonly retainUntilMs: Sql | null;
  readonly legalHold: Sql | null;
  readonly eventHold: Sql | null;
  readonly eTag: Sql | null;
  /** S3 Metadata's order of the versions of one key. */
  readonly sequence: Sql | null;
  /** The columns that are read, for the words of an estimate. */
  readonly columns: readonly string[];
  /** The partition that tells the report, `dt`, where the table has it. */
  readonly partition: string | null;
}

/** Names in the order they are looked for: Parquet's and ORC's own (s3-domain 1.4), then other spellings met. */
const NAMES = {
  bucket: ['bucket'],
  key: ['key'],
  versionId: ['version_id'],
  isLatest: ['is_latest'],
  isMarker: ['is_delete_marker'],
  size: ['size'],
  lastModifiedMs: ['last_modified_date', 'last_modified'],
  storageClass: ['storage_class'],
  accessTier: ['intelligent_tiering_access_tier'],
  replicationStatus: ['replication_status'],
  retainUntilMs: ['object_lock_retain_until_date'],
  legalHold: ['object_lock_legal_hold_status'],
  eventHold: ['object_lock_event_hold_status'],
  eTag: ['e_tag', 'etag'],
  sequence: ['sequence_number'],
} as const;
type Field = keyof typeof NAMES;

type Kind = 'text' | 'boolean' | 'integer' | 'time' | 'zoned time';
const TYPES: readonly (readonly [RegExp, Kind])[] = [
  [/^(?:varchar|char|string)/, 'text'],
  [/^boolean$/, 'boolean'],
  [/^(?:bigint|int|integer|smallint|tinyint|long)$/, 'integer'],
  [/^timestamp.* with time zone$/, 'zoned time'],
  [/^timestamp/, 'time'],
];
const kindOf = (type: string): Kind | null => TYPES.find(([pattern]) => pattern.test(type.toLowerCase()))?.[1] ?? null;

/**
 * Reads the columns of a table. ColumnMissing or TableShape names the column that is not there or not of a type an
 * inventory has. A table whose sizes are text is one over CSV files: its keys are URL-encoded (s3-domain 1.3).
 */
export function tableShape(columns: readonly TableColumn[], table: string): Result<TableShape> {
  const byName = new Map(columns.map((column) => [column.name.toLowerCase(), column]));
  const columnOf = (field: Field): TableColumn | undefined => {
    const name = NAMES[field].find((spelling) => byName.has(spelling));
    return name === undefined ? undefined : byName.get(name);
  };
  for (const field of ['key', 'size', 'lastModifiedMs', 'storageClass'] as const) {
    const [name] = NAMES[field];
    if (columnOf(field)) continue;
    const words =
      field === 'key'
        ? `The table "${table}" has no column ${name}; it is not an inventory.`
        : `The table "${table}" has no column ${name}; without it ages and costs cannot be told.`;
    return err(
      appError('ColumnMissing', words, {
        file: table,
        field: name,
        next: field === 'key' ? 'Name a table over an S3 Inventory report; "isotherm ddl" makes one.' : undefined,
      }),
    );
  }
  const isMetadata = byName.has('sequence_number') && !byName.has('is_latest');
  const versionFields = (['versionId', 'isLatest', 'isMarker'] as const).filter((field) => !(isMetadata && field === 'isLatest'));
  if (versionFields.some((field) => columnOf(field))) {
    for (const field of versionFields) {
      if (columnOf(field)) continue;
      const [name] = NAMES[field];
      return err(appError('ColumnMissing', `The table "${table}" lists versions but has no column ${name}.`, { file: table, field: name }));
    }
  }
  const isCsv = kindOf(columnOf('size')?.type ?? '') === 'text';
  let wrong: TableColumn | undefined;
  const read = (field: Field, expression: (name: Sql, kind: Kind) => Sql | null): Sql | null => {
    const column = columnOf(field);
    if (!column) return null;
    const kind = kindOf(column.type);
    const made = kind === null ? null : expression(identifier(column.name), kind);
    if (made === null) wrong ??= column;
    return made;
  };
  const must = (field: Field, expression: (name: Sql, kind: Kind) => Sql | null): Sql => read(field, expression) ?? 'NULL';
  const shape: TableShape = {
    kind: isMetadata ? 'metadata' : 'inventory',
    bucket: read('bucket', asText),
    key: must('key', (name, kind) => (kind !== 'text' ? null : isCsv ? `url_decode(${name})` : name)),
    versionId: read('versionId', asText),
    isLatest: read('isLatest', (name, kind) => asFlag(name, kind, true)),
    isMarker: read('isMarker', (name, kind) => asFlag(name, kind, false)),
    size: must('size', (name, kind) => (kind === 'integer' ? name : kind === 'text' ? `TRY_CAST(${name} AS bigint)` : null)),
    lastModifiedMs: must('lastModifiedMs', asTime),
    storageClass: must('storageClass', asText),
    accessTier: read('accessTier', asText),
    replicationStatus: read('replicationStatus', asText),
    retainUntilMs: read('retainUntilMs', asTime),
    legalHold: read('legalHold', asText),
    eventHold: read('eventHold', asText),
    eTag: read('eTag', asText),
    sequence: isMetadata ? read('sequence', asText) : null,
    columns: (Object.keys(NAMES) as Field[]).flatMap((field) => (field === 'eTag' ? [] : (columnOf(field)?.name ?? []))),
    partition: byName.get('dt')?.name ?? null,
  };
  if (!wrong) return ok(shape);
  return err(
    appError('TableShape', `The column ${wrong.name} of "${table}" is of the type ${wrong.type}, which no inventory has.`, {
      file: table,
      field: wrong.name,
    }),
  );
}

const asText = (name: Sql, kind: Kind): Sql | null => (kind === 'text' ? `coalesce(${name}, '')` : null);

/** Blank is the given value: a writer that leaves IsLatest blank claims no successor. */
function asFlag(name: Sql, kind: Kind, blank: boolean): Sql | null {
  if (kind === 'boolean') return `coalesce(${name}, ${blank})`;
  return kind === 'text' ? `(CASE WHEN coalesce(${name}, '') = '' THEN ${blank} ELSE lower(${name}) = 'true' END)` : null;
}

/** AWS's own table definitions keep retain-until as milliseconds in a bigint; texts are ISO 8601. */
function asTime(name: Sql, kind: Kind): Sql | null {
  if (kind === 'integer') return name;
  // Times without a zone are UTC whatever the session's zone.
  if (kind === 'time') return `date_diff('millisecond', TIMESTAMP '1970-01-01 00:00:00', ${name})`;
  const zoned = kind === 'text' ? `try(from_iso8601_timestamp(nullif(${name}, '')))` : kind === 'zoned time' ? name : null;
  return zoned === null ? null : `date_diff('millisecond', TIMESTAMP '1970-01-01 00:00:00 UTC', ${zoned})`;
}

/** A table's name in three parts, quoted. */
export const qualified = (parts: readonly string[]): Sql => parts.map(identifier).join('.');

/** Only the rows of one report and bucket, where the table holds several. */
export function rowsOf(shape: TableShape, partition: string | null, onlyBucket: string | null): Sql {
  const conditions = [
    ...(shape.partition === null || partition === null ? [] : [`${identifier(shape.partition)} = ${text(partition)}`]),
    ...(shape.bucket === null || onlyBucket === null ? [] : [`${shape.bucket} = ${text(onlyBucket)}`]),
  ];
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
}
