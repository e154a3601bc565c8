import type { ReportTable } from './report-table.ts';
import { identifier, type Sql, text } from './sql.ts';

/** Hive quotes names with backticks. */
const name = (own: string): string => `\`${own.replaceAll('`', '``')}\``;

const SERDES: Readonly<Record<ReportTable['format'], string>> = {
  CSV: 'org.apache.hadoop.hive.serde2.OpenCSVSerde',
  ORC: 'org.apache.hadoop.hive.ql.io.orc.OrcSerde',
  Parquet: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
};

/**
 * A table over all reports of one configuration, for Athena, in Hive's dialect: S3 writes a list of each report's files into
 * hive/dt=…/symlink.txt, and partitions are projected, so that new reports need no statement
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-athena-query.html).
 */
export function athenaTable(table: readonly string[], report: ReportTable, partitions: string): Sql {
  const from = new Date(report.begunMs).toISOString().slice(0, 10);
  const properties = [
    ['projection.enabled', 'true'],
    ['projection.dt.type', 'date'],
    ['projection.dt.format', 'yyyy-MM-dd-HH-mm'],
    ['projection.dt.range', `${from}-00-00,NOW`],
    ['projection.dt.interval', '1'],
    ['projection.dt.interval.unit', 'HOURS'],
  ];
  return `CREATE EXTERNAL TABLE ${table.map(name).join('.')} (
${report.columns.map((column) => `  ${name(column.name)} ${column.type}`).join(',\n')}
)
PARTITIONED BY (dt string)
ROW FORMAT SERDE '${SERDES[report.format]}'
STORED AS INPUTFORMAT 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat'
OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
LOCATION ${text(partitions)}
TBLPROPERTIES (
${properties.map(([key, value]) => `  '${key}' = ${text(value as string)}`).join(',\n')}
)`;
}

/**
 * The same without projection, for a metastore that Trino reads: one statement makes the table, one more each report.
 * (Trino reads such tables but cannot make them.)
 */
export function hiveTable(table: readonly string[], report: ReportTable, partitions: string, partition: string): readonly Sql[] {
  const [whole] = athenaTable(table, report, partitions).split('\nTBLPROPERTIES');
  return [
    whole as string,
    `ALTER TABLE ${table.map(name).join('.')} ADD IF NOT EXISTS PARTITION (dt = ${text(partition)}) LOCATION ${text(`${partitions}dt=${partition}/`)}`,
  ];
}

const TRINO_TYPES: Readonly<Record<string, string>> = {
  string: 'varchar',
  timestamp: 'timestamp(3)',
  bigint: 'bigint',
  boolean: 'boolean',
};

/** A table on Trino over a folder that holds the files of one report alone. The folder "data/" holds those of all. */
export function trinoTable(table: readonly string[], report: ReportTable, files: string): Sql {
  const columns = report.columns.map((column) => `  ${identifier(column.name)} ${TRINO_TYPES[column.type]}`);
  return `CREATE TABLE ${table.map(identifier).join('.')} (
${columns.join(',\n')}
)
WITH (format = '${report.format.toUpperCase()}', external_location = ${text(files)})`;
}
