import { describe, expect, test } from 'vitest';
import { athenaTable, hiveTable, trinoTable } from '../../../src/core/sql-rollup/ddl.ts';
import { partitionOf, reportTable } from '../../../src/core/sql-rollup/report-table.ts';
import { tableShape } from '../../../src/core/sql-rollup/table-shape.ts';

const manifest = (fileFormat: string, fileSchema: string, extra: object = {}): string =>
  JSON.stringify({
    sourceBucket: 'src',
    destinationBucket: 'arn:aws:s3:::dest',
    creationTimestamp: '1795222800000',
    fileFormat,
    fileSchema,
    files: [{ key: 'inv/src/all/data/a.orc', size: 1, MD5checksum: '' }],
    ...extra,
  });
const ORC = manifest(
  'ORC',
  'struct<bucket:string,key:string,is_latest:boolean,size:bigint,last_modified_date:timestamp,storage_class:string>',
);
const PARQUET = manifest(
  'Parquet',
  'message s3.inventory {  required binary bucket (STRING);  required binary key (UTF8); optional boolean is_latest;\n optional int64 size;  optional int64 last_modified_date (TIMESTAMP(MILLIS,true)); optional binary e_tag (STRING);}',
);
const CSV = manifest('CSV', 'Bucket, Key, Size, LastModifiedDate, ETag, StorageClass, ObjectLockRetainUntilDate');

function must(json: string, at = '/copied/manifest.json') {
  const report = reportTable(json, at);
  if (!report.ok) throw new Error(report.error.message);
  return report.value;
}

describe('a report as a table', () => {
  test('success-orc, parquet and csv: names and types of the columns', () => {
    expect(must(ORC).columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'bucket string',
      'key string',
      'is_latest boolean',
      'size bigint',
      'last_modified_date timestamp',
      'storage_class string',
    ]);
    expect(must(PARQUET).columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'bucket string',
      'key string',
      'is_latest boolean',
      'size bigint',
      'last_modified_date timestamp',
      'e_tag string',
    ]);
    expect(must(CSV).columns.map(({ name }) => name)).toEqual([
      'bucket',
      'key',
      'size',
      'last_modified_date',
      'e_tag',
      'storage_class',
      'object_lock_retain_until_date',
    ]);
  });

  test('success-places: beside the manifest on S3, else beside its data', () => {
    expect(must(ORC, 's3://dest/other/src/all/2026-11-21T01-00Z/manifest.json').partitions).toBe('s3://dest/other/src/all/hive/');
    expect(must(ORC).partitions).toBe('s3://dest/inv/src/all/hive/');
    expect(must(manifest('ORC', 'struct<key:string>', { files: [] })).partitions).toBeNull();
    expect(partitionOf(must(ORC).begunMs)).toBe('2026-11-21-01-00');
  });

  test.each([
    ['not JSON', '{', 'ManifestNotJson', undefined],
    ['another format', manifest('AVRO', 'a'), 'ManifestInvalid', 'fileFormat'],
    ['an odd schema', manifest('ORC', 'struct<key:map<string,string>>'), 'ManifestInvalid', 'fileSchema'],
    ['no schema', manifest('Parquet', 'message x {}'), 'ManifestInvalid', 'fileSchema'],
    ['no bucket', manifest('CSV', 'Key', { sourceBucket: '' }), 'ManifestInvalid', 'sourceBucket'],
    ['no time', manifest('CSV', 'Key', { creationTimestamp: 'x' }), 'ManifestInvalid', 'creationTimestamp'],
  ])('refuse-%s', (_, json, code, field) => {
    const report = reportTable(json, 'm');
    expect(report.ok ? null : [report.error.code, report.error.field]).toEqual([code, field]);
  });
});

test('a table of Athena projects its partitions from the first report on, and what it declares can be rolled up', () => {
  const report = must(ORC);
  const sql = athenaTable(['inv', "it's`all"], report, "s3://dest/o'dd/hive/");
  expect(sql).toContain("CREATE EXTERNAL TABLE `inv`.`it's``all` (");
  expect(sql).toContain("LOCATION 's3://dest/o''dd/hive/'");
  expect(sql).toContain("'projection.dt.range' = '2026-11-21-00-00,NOW'");
  expect(sql).toContain('SymlinkTextInputFormat');
  expect(tableShape([...report.columns, { name: 'dt', type: 'string' }], 't')).toMatchObject({ ok: false, error: { field: 'version_id' } });
  const current = report.columns.filter(({ name }) => name !== 'is_latest');
  expect(tableShape([...current, { name: 'dt', type: 'string' }], 't')).toMatchObject({ ok: true, value: { partition: 'dt' } });
});

test('a metastore gets a statement for the table and one for the report', () => {
  const [table, partition] = hiveTable(['inv', 'all'], must(PARQUET), 's3://dest/hive/', '2026-11-21-01-00');
  expect(table).not.toContain('projection');
  expect(partition).toBe(
    "ALTER TABLE `inv`.`all` ADD IF NOT EXISTS PARTITION (dt = '2026-11-21-01-00') LOCATION 's3://dest/hive/dt=2026-11-21-01-00/'",
  );
});

test('a table of Trino lies over the files of one report', () => {
  expect(trinoTable(['hive', 'inv', 'all'], must(PARQUET), 's3a://copy/one/')).toContain(
    `"last_modified_date" timestamp(3),\n  "e_tag" varchar\n)\nWITH (format = 'PARQUET', external_location = 's3a://copy/one/')`,
  );
});
