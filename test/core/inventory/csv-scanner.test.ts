import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../../src/contract/result.ts';
import { ok } from '../../../src/contract/result.ts';
import { BatchBuilder } from '../../../src/core/inventory/batch-builder.ts';
import { createCsvScanner } from '../../../src/core/inventory/csv-scanner.ts';
import { IS_DELETE_MARKER, IS_HELD, IS_LATEST, IS_REPLICATION_BLOCKED } from '../../../src/core/inventory/row-batch.ts';
import { columnsFrom, FULL_SCHEMA, type PlainRow, plainRows } from '../../support/inventory-csv.ts';

function scan(schema: string, chunks: readonly Uint8Array[]): Result<PlainRow[]> {
  const rows: PlainRow[] = [];
  const columns = columnsFrom(schema);
  const scanner = createCsvScanner({
    columns,
    sourceBucket: 'b',
    builder: new BatchBuilder(columns.details.map((column) => columns.names[column] ?? '')),
    onBatch: (batch) => {
      rows.push(...plainRows(batch));
      return ok(undefined);
    },
  });
  scanner.begin('part.csv.gz');
  for (const chunk of chunks) {
    const pushed = scanner.push(chunk);
    if (!pushed.ok) return pushed;
  }
  const ended = scanner.end();
  if (!ended.ok) return ended;
  const flushed = scanner.flush();
  return flushed.ok ? ok(rows) : flushed;
}

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const scanText = (schema: string, text: string): Result<PlainRow[]> => scan(schema, [bytes(text)]);
const CURRENT = 'Bucket, Key, Size, LastModifiedDate, StorageClass';
const row = (key: string): string => `"b","${key}","5","2024-05-06T22:44:22.000Z","STANDARD"\n`;

function keysOf(result: Result<PlainRow[]>): string[] {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value.map((one) => Buffer.from(one.key, 'latin1').toString('utf8'));
}

describe('keys', () => {
  it.each([
    ['success-plus-is-a-space', 'a+b', 'a b'],
    ['success-encoded-plus', 'a%2Bb', 'a+b'],
    ['success-encoded-slash-and-newline', 'a%2Fb%0Ac', 'a/b\nc'],
    ['success-encoded-quote', '%22x%22', '"x"'],
    ['success-utf-8', '%F0%9F%94%A5/%D7%A9', '🔥/ש'],
    ['success-raw-utf-8', '🔥', '🔥'],
    ['success-percent-itself', '100%25+off', '100% off'],
    ['success-doubled-quote', 'a""b', 'a"b'],
    ['success-newline-inside-quotes', 'a\nb', 'a\nb'],
    ['success-empty-segment', 'a//b', 'a//b'],
    ['success-comma', 'a,b', 'a,b'],
  ])('%s', (_name, written, key) => {
    expect(keysOf(scanText(CURRENT, row('x') + row(written) + row('y')))).toEqual(['x', key, 'y']);
  });

  it('success-invalid-utf-8-keeps-its-bytes', () => {
    const result = scanText(CURRENT, row('%FF%00z'));
    expect(result.ok && result.value[0]?.key).toBe('\u00ff\u0000z');
  });

  it.each([['%'], ['%4'], ['a%zz'], ['%2'], ['%%20']])('refuse-malformed-percent %s', (written) => {
    expect(scanText(CURRENT, row('x') + row(written))).toMatchObject({
      ok: false,
      error: { code: 'RowField', file: 'part.csv.gz', row: 2, field: 'Key' },
    });
  });
});

describe('rows', () => {
  it('success-crlf-and-no-last-newline', () => {
    const text = (row('a') + row('b')).replaceAll('\n', '\r\n').slice(0, -2);
    expect(keysOf(scanText(CURRENT, text))).toEqual(['a', 'b']);
  });

  it('success-unquoted-values', () => {
    expect(scanText(CURRENT, 'b,k/1,7,2024-05-06T22:44:22.000Z,GLACIER\r\nb,k/2,8,2024-05-06T22:44:22.000Z,SNOW')).toMatchObject({
      ok: true,
      value: [
        { key: 'k/1', sizeBytes: 7, storageClass: 'GLACIER' },
        { key: 'k/2', sizeBytes: 8, storageClass: 'SNOW' },
      ],
    });
  });

  it('success-columns-in-another-order-with-unknown-ones-between', () => {
    const schema = 'StorageClass, Nobody, IsDeleteMarker, LastModifiedDate, Key, IsLatest, Size, VersionId, Bucket';
    expect(scanText(schema, '"TAPE","?","False","2024-05-06T22:44:22.000Z","k","TRUE","9","v1","b"\n')).toEqual({
      ok: true,
      value: [
        {
          key: 'k',
          versionId: 'v1',
          flags: IS_LATEST,
          sizeBytes: 9,
          lastModifiedMs: Date.UTC(2024, 4, 6, 22, 44, 22),
          storageClass: 'TAPE',
          accessTier: '',
          eTag: '',
          retainUntilMs: null,
          details: { Nobody: '?' },
        },
      ],
    });
  });

  it('success-delete-marker-with-blank-values-and-null-versions', () => {
    const text =
      '"b","k","v2","true","true","","2024-05-06T22:46:14.000Z","","","","","","","","","","DISABLED",""\n' +
      '"b","k","null","false","false","5","2024-05-06T22:45:34.000Z","e","STANDARD","false","","SSE-S3","","","","","DISABLED",""\n' +
      '"b","k","","false","FALSE","6","2024-05-06T22:45:33.000Z","e","STANDARD","false","","SSE-S3","","","","","DISABLED",""\n';
    expect(scanText(FULL_SCHEMA, text)).toMatchObject({
      ok: true,
      value: [
        { versionId: 'v2', flags: IS_LATEST | IS_DELETE_MARKER, sizeBytes: 0 },
        { versionId: '', flags: 0, sizeBytes: 5 },
        { versionId: '', flags: 0, sizeBytes: 6 },
      ],
    });
  });

  it('success-locks-replication-and-tiers', () => {
    const line = (replication: string, until: string, hold: string, tier: string): string =>
      `"b","k","v","true","false","5","2024-05-06T22:46:14.000Z","e","INTELLIGENT_TIERING","false","${replication}","SSE-S3","${until}","","${hold}","${tier}","",""\n`;
    const text =
      line('PENDING', '', 'Off', 'FREQUENT') +
      line('FAILED', '2026-11-21T00:00:00.001Z', '', 'ARCHIVE') +
      line('COMPLETED', '2026-11-20T00:00:00.000Z', 'On', '') +
      line('REPLICA', '2026-11-20T00:00:00.000Z', '', '');
    expect(scanText(FULL_SCHEMA, text)).toMatchObject({
      ok: true,
      value: [
        { flags: IS_LATEST | IS_REPLICATION_BLOCKED, accessTier: 'FREQUENT' },
        { flags: IS_LATEST | IS_REPLICATION_BLOCKED, accessTier: 'ARCHIVE', retainUntilMs: Date.UTC(2026, 10, 21) + 1 },
        { flags: IS_LATEST | IS_HELD, accessTier: '', retainUntilMs: Date.UTC(2026, 10, 20) },
        { flags: IS_LATEST, details: { ReplicationStatus: 'REPLICA', IsMultipartUploaded: 'false', EncryptionStatus: 'SSE-S3' } },
      ],
    });
  });

  it('success-etags-and-details-are-kept-as-they-are-spelled', () => {
    const line = (key: string, eTag: string, more: string): string =>
      `"b","${key}","5","2024-05-06T22:46:14.000Z","${eTag}","STANDARD",${more}\n`;
    const schema = `${CURRENT.replace('StorageClass', 'ETag, StorageClass')}, ObjectOwner, Odd`;
    const hex = '00112233445566778899aabbccddeeff';
    const rows = [
      ['a', hex, '"me","1"'],
      ['b', `${hex}-10000`, '"me","1"'],
      ['c', hex.toUpperCase(), '"me",""'],
      ['d', `${hex}-007`, '"",""'],
      ['e', '', '"m\u00e9","a\u0000b"'],
      ['f', `${hex}x`, '"me","1"'],
    ] as const;
    expect(scanText(schema, rows.map(([key, eTag, more]) => line(key, eTag, more)).join(''))).toMatchObject({
      ok: true,
      value: rows.map(([key, eTag, more]) => {
        const [ObjectOwner, Odd] = JSON.parse(`[${more.replace('\0', '\\u0000')}]`) as string[];
        const details = { ...(ObjectOwner && { ObjectOwner }), ...(Odd && { Odd }) };
        return { key, eTag, details };
      }),
    });
  });

  it.each([
    ['2024-05-06T22:44:22Z', Date.UTC(2024, 4, 6, 22, 44, 22)],
    ['2024-05-06T22:44:22.123456Z', Date.UTC(2024, 4, 6, 22, 44, 22, 123)],
    ['2024-05-06 22:44:22', Date.UTC(2024, 4, 6, 22, 44, 22)],
    ['2024-05-07T00:44:22+02:00', Date.UTC(2024, 4, 6, 22, 44, 22)],
    ['2024-02-29T23:59:59.999Z', Date.UTC(2024, 1, 29, 23, 59, 59, 999)],
    ['2024-05-06', Date.UTC(2024, 4, 6)],
  ])('success-time %s', (written, ms) => {
    const result = scanText(CURRENT, `"b","k","5","${written}","STANDARD"\n`);
    expect(result.ok && result.value[0]?.lastModifiedMs).toBe(ms);
  });

  it.each([
    ['refuse-too-few-columns', '"b","k","5","2024-05-06T22:44:22.000Z"\n', 'RowColumnCount', undefined],
    ['refuse-too-many-columns', '"b","k","5","2024-05-06T22:44:22.000Z","STANDARD",""\n', 'RowColumnCount', undefined],
    ['refuse-size-not-a-number', '"b","k","5x","2024-05-06T22:44:22.000Z","STANDARD"\n', 'RowField', 'Size'],
    ['refuse-size-negative', '"b","k","-5","2024-05-06T22:44:22.000Z","STANDARD"\n', 'RowField', 'Size'],
    ['refuse-size-beyond-2-53', '"b","k","9007199254740993","2024-05-06T22:44:22.000Z","STANDARD"\n', 'RowField', 'Size'],
    ['refuse-size-blank', '"b","k","","2024-05-06T22:44:22.000Z","STANDARD"\n', 'RowField', 'Size'],
    ['refuse-time-that-is-none', '"b","k","5","yesterday","STANDARD"\n', 'RowField', 'LastModifiedDate'],
    ['refuse-30-february', '"b","k","5","2024-02-30T00:00:00.000Z","STANDARD"\n', 'RowField', 'LastModifiedDate'],
    ['refuse-hour-24', '"b","k","5","2024-02-20T24:00:00.000Z","STANDARD"\n', 'RowField', 'LastModifiedDate'],
    ['refuse-letters-in-milliseconds', '"b","k","5","2024-02-20T23:00:00.0x0Z","STANDARD"\n', 'RowField', 'LastModifiedDate'],
    ['refuse-storage-class-blank', '"b","k","5","2024-02-20T23:00:00.000Z",""\n', 'RowField', 'StorageClass'],
    ['refuse-key-blank', '"b","","5","2024-02-20T23:00:00.000Z","STANDARD"\n', 'RowField', 'Key'],
    ['refuse-row-of-another-bucket', '"c","k","5","2024-05-06T22:44:22.000Z","STANDARD"\n', 'RowField', 'Bucket'],
    ['refuse-quote-never-closed', '"b","k\n', 'RowField', 'Key'],
    ['refuse-text-behind-a-closing-quote', '"b","k"x,"5","2024-05-06T22:44:22.000Z","STANDARD"\n', 'RowField', 'Key'],
  ])('%s', (_name, line, code, field) => {
    expect(scanText(CURRENT, row('good') + line)).toMatchObject({
      ok: false,
      error: { code, file: 'part.csv.gz', row: 2, ...(field === undefined ? {} : { field }) },
    });
  });

  it('refuse-word-that-is-no-boolean', () => {
    expect(
      scanText('Key, VersionId, IsLatest, IsDeleteMarker, Size, LastModifiedDate, StorageClass', 'k,v,maybe,false,1,2024-05-06,STANDARD'),
    ).toMatchObject({
      ok: false,
      error: { code: 'RowField', row: 1, field: 'IsLatest' },
    });
  });
});

interface Wanted {
  readonly key: Uint8Array;
  readonly versionId: string;
  readonly isLatest: boolean;
  readonly isMarker: boolean;
  readonly size: number;
  readonly ms: number;
  readonly storageClass: string;
  readonly eTag: string;
  readonly retainUntilMs: number | null;
  readonly owner: string;
  readonly encodeAll: boolean;
  readonly quote: boolean;
  readonly crlf: boolean;
}

const UNRESERVED = /[A-Za-z0-9._~/-]/;
function encodeKey(wanted: Wanted): string {
  return [...wanted.key]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      if (byte === 0x20) return '+';
      return UNRESERVED.test(character) && !wanted.encodeAll ? character : `%${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}

const wantedRow = fc.record({
  key: fc.uint8Array({ minLength: 1, maxLength: 40 }),
  versionId: fc.stringMatching(/^[A-Za-z0-9._]{0,32}$/).filter((id) => id.toLowerCase() !== 'null'),
  isLatest: fc.boolean(),
  isMarker: fc.boolean(),
  size: fc.maxSafeNat(),
  ms: fc.integer({ min: Date.UTC(1999, 0, 1), max: Date.UTC(2099, 0, 1) }),
  storageClass: fc.constantFrom('STANDARD', 'GLACIER', 'A"QUOTED"CLASS', 'DEEP_ARCHIVE', 'X,Y\nZ'),
  eTag: fc.oneof(fc.stringMatching(/^[0-9a-f]{32}(-[1-9][0-9]{0,4})?$/), fc.constantFrom('', '"quoted"', 'odd,one', `${'0'.repeat(32)}-0`)),
  retainUntilMs: fc.option(fc.integer({ min: Date.UTC(1999, 0, 1), max: Date.UTC(2099, 0, 1) })),
  owner: fc.constantFrom('', 'me', 'you', '\u05e9"x"'),
  encodeAll: fc.boolean(),
  quote: fc.boolean(),
  crlf: fc.boolean(),
});

describe('any rows', () => {
  it('are read as written whatever the keys and wherever the chunks are cut', () => {
    fc.assert(
      fc.property(
        fc.array(wantedRow, { maxLength: 30 }),
        fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 20 }),
        (rows, cuts) => {
          const text = rows
            .map((one) => {
              const values = [
                'b',
                encodeKey(one),
                one.versionId,
                String(one.isLatest),
                String(one.isMarker),
                one.isMarker ? '' : String(one.size),
                new Date(one.ms).toISOString(),
                one.isMarker ? '' : one.storageClass,
                one.eTag,
                one.retainUntilMs === null ? '' : new Date(one.retainUntilMs).toISOString(),
                one.owner,
              ];
              const cells = values.map((value) => (one.quote || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value));
              return cells.join(',') + (one.crlf ? '\r\n' : '\n');
            })
            .join('');
          const whole = bytes(text);
          const chunks: Uint8Array[] = [];
          for (let at = 0, i = 0; at < whole.length; i++) {
            const size = cuts[i % cuts.length] ?? 1;
            chunks.push(whole.subarray(at, at + size));
            at += size;
          }
          const result = scan(
            'Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size, LastModifiedDate, StorageClass, ETag, ObjectLockRetainUntilDate, ObjectOwner',
            chunks,
          );
          expect(result).toEqual({
            ok: true,
            value: rows.map((one) => ({
              key: Buffer.from(one.key).toString('latin1'),
              versionId: one.versionId,
              flags: (one.isLatest ? IS_LATEST : 0) | (one.isMarker ? IS_DELETE_MARKER : 0),
              sizeBytes: one.isMarker ? 0 : one.size,
              lastModifiedMs: one.ms,
              storageClass: one.isMarker ? '' : one.storageClass,
              accessTier: '',
              eTag: one.eTag,
              retainUntilMs: one.retainUntilMs,
              details: one.owner === '' ? {} : { ObjectOwner: one.owner },
            })),
          });
        },
      ),
      { seed: 20261121, numRuns: 300 },
    );
  });

  it('of more than one batch and keys longer than the buffers keep their order', () => {
    const long = 'k'.repeat(1000);
    const text = Array.from({ length: 40_000 }, (_, i) => row(`${long}${i}`)).join('');
    const keys = keysOf(scan(CURRENT, [bytes(text)]));
    expect(keys.length).toBe(40_000);
    expect(keys[39_999]).toBe(`${long}39999`);
    expect(keys[16_384]).toBe(`${long}16384`);
  });
});
