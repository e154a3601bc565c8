import { describe, expect, it } from 'vitest';
import { parseChecksum, parseManifest } from '../../../src/core/inventory/manifest.ts';

const GOOD = {
  sourceBucket: 'src',
  destinationBucket: 'arn:aws:s3:::dest',
  version: '2016-11-30',
  creationTimestamp: '1715043600000',
  fileFormat: 'CSV',
  fileSchema: 'Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size, LastModifiedDate, StorageClass',
  files: [{ key: 'inv/src/all/data/a.csv.gz', size: 331, MD5checksum: 'C473BCC2407D0A5CEC5229B21D967E59' }],
};
const parse = (changes: object) => parseManifest(JSON.stringify({ ...GOOD, ...changes }), 'm.json');

describe('success', () => {
  it.each([
    [
      'ORC',
      'struct<storage_class:string,extra:struct<a:array<int>,key:map<string,decimal(10,2)>>,key:string,size:bigint,last_modified_date:timestamp>',
    ],
    [
      'Parquet',
      'message s3.inventory { optional binary storage_class (STRING); optional group extra (LIST) { repeated group key { optional int32 size; } }\n required binary key (UTF8); optional int64 size; optional int64 last_modified_date (TIMESTAMP(MILLIS,true));}',
    ],
  ])('success-schema of %s', (fileFormat, fileSchema) => {
    expect(parse({ fileFormat, fileSchema })).toMatchObject({
      ok: true,
      value: {
        format: fileFormat,
        columns: {
          names: ['StorageClass', 'Extra', 'Key', 'Size', 'LastModifiedDate'],
          spelled: ['storage_class', 'extra', 'key', 'size', 'last_modified_date'],
          details: [1],
        },
      },
    });
  });

  it('success-all-versions', () => {
    expect(parse({})).toMatchObject({
      ok: true,
      value: {
        sourceBucket: 'src',
        destinationBucket: 'dest',
        createdMs: 1715043600000,
        allVersions: true,
        columns: { count: 8, bucket: 0, key: 1, storageClass: 7, accessTier: -1 },
        parts: [{ key: 'inv/src/all/data/a.csv.gz', sizeBytes: 331, md5: 'c473bcc2407d0a5cec5229b21d967e59' }],
      },
    });
  });

  it.each(['arn:aws-cn:s3:::dest', 'arn:aws-us-gov:s3:::dest'])('success-partition %s', (destinationBucket) => {
    expect(parse({ destinationBucket })).toMatchObject({ ok: true, value: { destinationBucket: 'dest' } });
  });

  it('success-current-versions-in-another-order-with-unknown-columns', () => {
    expect(parse({ fileSchema: 'StorageClass,Size ,Nobody, LastModifiedDate,Key,Bucket' })).toMatchObject({
      ok: true,
      value: { allVersions: false, columns: { storageClass: 0, size: 1, lastModified: 3, key: 4, bucket: 5, count: 6, versionId: -1 } },
    });
  });

  it('success-no-parts', () => expect(parse({ files: [] })).toMatchObject({ ok: true, value: { parts: [] } }));
});

describe('refuse', () => {
  it.each(['', '{', 'nonsense', '{"a":1}x'])('refuse-not-json %j', (text) => {
    expect(parseManifest(text, 'm.json')).toMatchObject({ ok: false, error: { code: 'ManifestNotJson', file: 'm.json' } });
  });

  it.each(['[]', 'null', '"x"', '7'])('refuse-not-an-object %s', (text) => {
    expect(parseManifest(text, 'm.json')).toMatchObject({ ok: false, error: { code: 'ManifestInvalid' } });
  });

  const part = GOOD.files[0];
  it.each([
    ['sourceBucket', { sourceBucket: '' }],
    ['destinationBucket', { destinationBucket: 'dest' }],
    ['destinationBucket', { destinationBucket: 'arn:aws:s3:::dest/inv' }],
    ['creationTimestamp', { creationTimestamp: 'today' }],
    ['creationTimestamp', { creationTimestamp: '' }],
    ['creationTimestamp', { creationTimestamp: '99999999999999999999' }],
    ['creationTimestamp', { creationTimestamp: null }],
    ['fileFormat', { fileFormat: 'TSV' }],
    ['fileSchema', { fileSchema: 7 }],
    ['fileSchema', { fileSchema: 'Key, Key, Size, LastModifiedDate, StorageClass' }],
    ['files', { files: {} }],
    ['files[0]', { files: ['a'] }],
    ['files[0].key', { files: [{ ...part, key: '../../etc/passwd' }] }],
    ['files[0].key', { files: [{ ...part, key: '/etc/passwd' }] }],
    ['files[0].key', { files: [{ ...part, key: 'C:\\x' }] }],
    ['files[0].key', { files: [{ ...part, key: 'a/./b' }] }],
    ['files[1].key', { files: [part, part] }],
    ['files[0].size', { files: [{ ...part, size: -1 }] }],
    ['files[0].size', { files: [{ ...part, size: '331' }] }],
    ['files[0].MD5checksum', { files: [{ ...part, MD5checksum: 'abc' }] }],
  ])('refuse-bad %s', (field, changes) => {
    expect(parse(changes)).toMatchObject({ ok: false, error: { code: 'ManifestInvalid', field, file: 'm.json' } });
  });

  it.each([
    ['ORC', 'Bucket, Key'],
    ['ORC', 'struct<bucket:string,key>'],
    ['ORC', 'struct<bucket:string>,key:string>'],
    ['Parquet', 'struct<bucket:string,key:string>'],
    ['Parquet', 'message s3.inventory { required binary bucket (UTF8)'],
    ['Parquet', 'message s3.inventory { required binary bucket (UTF8); nothing }'],
  ])('refuse-schema of %s: %s', (fileFormat, fileSchema) => {
    expect(parse({ fileFormat, fileSchema })).toMatchObject({ ok: false, error: { code: 'ManifestInvalid', field: 'fileSchema' } });
  });

  it.each([
    ['Key', 'Bucket, Size, LastModifiedDate, StorageClass'],
    ['Size', 'Bucket, Key, LastModifiedDate, StorageClass'],
    ['LastModifiedDate', 'Bucket, Key, Size, StorageClass'],
    ['StorageClass', 'Bucket, Key, Size, LastModifiedDate'],
    ['IsLatest', 'Bucket, Key, VersionId, IsDeleteMarker, Size, LastModifiedDate, StorageClass'],
    ['IsDeleteMarker', 'Bucket, Key, VersionId, IsLatest, Size, LastModifiedDate, StorageClass'],
  ])('refuse-report-without %s', (field, fileSchema) => {
    expect(parse({ fileSchema })).toMatchObject({ ok: false, error: { code: 'ColumnMissing', field } });
  });
});

it('a checksum is 32 hex digits with any space around it', () => {
  expect(parseChecksum(' ABCDEF00abcdef00ABCDEF00abcdef00\n')).toBe('abcdef00abcdef00abcdef00abcdef00');
  expect(parseChecksum('abc')).toBeNull();
  expect(parseChecksum('')).toBeNull();
});
