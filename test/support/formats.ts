import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type FileFormat, inventoryName } from '../../src/core/inventory/file-schema.ts';
import { md5, put } from './report-folder.ts';

export type Value = string | number | boolean | null;
export type ReportRow = Readonly<Record<string, Value>>;

const FORMATS = join(import.meta.dirname, '..', 'fixtures', 'formats');
/** A data file that test/fixtures/formats/make.py had written. */
export const formatFixture = (name: string): Buffer => readFileSync(join(FORMATS, name));

const TIMES = ['last_modified_date', 'object_lock_retain_until_date', 'lifecycle_expiration_date'];
const FLAGS = ['is_latest', 'is_delete_marker', 'is_multipart_uploaded', 'brand_new_flag'];
const NUMBERS = ['size', 'brand_new_number'];
/** In the order of the fixtures. */
export const FIXTURE_NAMES = [
  ...['bucket', 'key', 'version_id', 'is_latest', 'is_delete_marker', 'size', 'last_modified_date', 'e_tag', 'storage_class'],
  ...['is_multipart_uploaded', 'replication_status', 'encryption_status', 'object_lock_retain_until_date', 'object_lock_mode'],
  ...['object_lock_legal_hold_status', 'intelligent_tiering_access_tier', 'bucket_key_status', 'checksum_algorithm'],
  ...['object_access_control_list', 'object_owner', 'lifecycle_expiration_date', 'brand_new_text', 'brand_new_number', 'brand_new_flag'],
];

/** What every fixture but "long" and "no-rows" holds. */
export const FIXTURE_ROWS: readonly ReportRow[] = (JSON.parse(formatFixture('rows.json').toString()) as ReportRow[]).map((row) =>
  Object.fromEntries(FIXTURE_NAMES.map((name) => [name, row[name] ?? null])),
);

const CLASSES = ['STANDARD', 'STANDARD_IA', 'GLACIER', 'DEEP_ARCHIVE', 'INTELLIGENT_TIERING', 'MOON_VAULT'];
/** What "long" holds, by the rule of make.py. */
export const LONG_ROWS: readonly ReportRow[] = Array.from({ length: 20_000 }, (_, i) => ({
  bucket: 'src',
  key: `runs/r${Math.floor(i / 900)}/checkpoint-${i % 900}/${'deep/'.repeat(Math.floor(i / 3000))}part-${i}.bin`,
  version_id: null,
  is_latest: true,
  is_delete_marker: false,
  size: i % 2 === 1 ? (i % 1000) ** 2 * 4099 : Math.floor(i / 700),
  last_modified_date: 1_600_000_000_000 + Math.floor(i / 400) * 86_400_000 + (i % 7) * 61_234,
  e_tag: (i % 50).toString(16).padStart(32, '0'),
  storage_class: CLASSES[Math.floor(i / 2500) % 6] as string,
}));

/** As S3 writes keys in CSV reports (s3-domain 1.3). */
const csvKey = (key: string): string =>
  encodeURIComponent(key)
    .replaceAll('%2F', '/')
    .replaceAll('%20', '+')
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

function csvValue(name: string, value: Value): string {
  if (value === null) return '';
  if (name === 'key') return csvKey(String(value));
  return TIMES.includes(name) ? new Date(value as number).toISOString() : String(value);
}

/** The rows as S3 writes them in a CSV report, packed. */
export function csvPart(rows: readonly ReportRow[], names: readonly string[]): Buffer {
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  return gzipSync(rows.map((row) => `${names.map((name) => quoted(csvValue(name, row[name] ?? null))).join(',')}\n`).join(''));
}

/** A manifest's fileSchema for these columns. */
export function fileSchema(format: FileFormat, names: readonly string[]): string {
  if (format === 'CSV') return names.map(inventoryName).join(', ');
  const types = names.map((name) =>
    TIMES.includes(name) ? 'time' : FLAGS.includes(name) ? 'flag' : NUMBERS.includes(name) ? 'number' : 'text',
  );
  if (format === 'ORC') {
    const orc = { time: 'timestamp', flag: 'boolean', number: 'bigint', text: 'string' };
    return `struct<${names.map((name, i) => `${name}:${orc[types[i] as keyof typeof orc]}`).join(',')}>`;
  }
  const parquet = { time: 'int64 @ (TIMESTAMP_MILLIS)', flag: 'boolean @', number: 'int64 @', text: 'binary @ (UTF8)' };
  const fields = names.map((name, i) => `  optional ${parquet[types[i] as keyof typeof parquet].replace('@', name)};\n`);
  return `message s3.inventory {\n${fields.join('')}}`;
}

/** Writes a report of these data files into a folder. */
export function writeReport(
  folder: string,
  format: FileFormat,
  parts: readonly Uint8Array[],
  names: readonly string[],
  sourceBucket = 'src',
): void {
  const ending = { CSV: 'csv.gz', ORC: 'orc', Parquet: 'parquet' }[format];
  const files = parts.map((bytes, i) => {
    put(join(folder, 'data', `${i}.${ending}`), bytes);
    return { key: `data/${i}.${ending}`, size: bytes.length, MD5checksum: md5(bytes) };
  });
  const manifest = JSON.stringify({
    sourceBucket,
    destinationBucket: 'arn:aws:s3:::dest',
    version: '2016-11-30',
    creationTimestamp: '1735693200000',
    fileFormat: format,
    fileSchema: fileSchema(format, names),
    files,
  });
  put(join(folder, 'manifest.json'), manifest);
  put(join(folder, 'manifest.checksum'), md5(manifest));
}
