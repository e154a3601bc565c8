import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ok, type Result } from '../../../src/contract/result.ts';
import { BatchBuilder } from '../../../src/core/inventory/batch-builder.ts';
import { createCsvScanner } from '../../../src/core/inventory/csv-scanner.ts';
import { loadKernel } from '../../../src/main/kernel/load.ts';
import { createCsvReader } from '../../../src/main/sources/csv-reader.ts';
import { columnsFrom, FULL_SCHEMA, type PlainRow, plainRows } from '../../support/inventory-csv.ts';

const deep = process.env.ISOTHERM_DEEP === '1';
const newKernel = await loadKernel();

/** The rows of a report's data files as the kernel reads them, or the failure. */
function readPacked(schema: string, files: readonly Uint8Array[], pieceBytes: number): Result<PlainRow[]> {
  const rows: PlainRow[] = [];
  const reader = createCsvReader({
    kernel: newKernel(),
    columns: columnsFrom(schema),
    sourceBucket: 'b',
    onBatch: (batch) => {
      rows.push(...plainRows(batch));
      return ok(undefined);
    },
  });
  for (const [i, file] of files.entries()) {
    reader.begin(`part-${i}`);
    for (let at = 0; at <= file.length; at += pieceBytes) {
      const fault = at === file.length ? null : reader.push(file.subarray(at, at + pieceBytes));
      if (fault !== null && 'refused' in fault) return { ok: false, error: fault.refused };
      if (fault !== null) throw new Error(fault.unpack.words);
    }
    const fault = reader.end();
    if (fault !== null && 'refused' in fault) return { ok: false, error: fault.refused };
    if (fault !== null) throw new Error(fault.unpack.words);
  }
  const flushed = reader.flush();
  if (!flushed.ok) return flushed;
  expect(reader.rows).toBe(rows.length);
  return ok(rows);
}

/** The same by the plain scanner alone. */
function readPlain(schema: string, files: readonly Uint8Array[]): Result<PlainRow[]> {
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
  for (const [i, file] of files.entries()) {
    scanner.begin(`part-${i}`);
    for (const step of [() => scanner.push(file), () => scanner.end()]) {
      const done = step();
      if (!done.ok) return done;
    }
  }
  const flushed = scanner.flush();
  return flushed.ok ? ok(rows) : flushed;
}

/** Mostly what S3 writes, and now and then what it does not: whatever the plain scanner says of it holds. */
const often = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: odd });
const values: Readonly<Record<string, fc.Arbitrary<string>>> = {
  Bucket: often(fc.constant('b'), fc.constantFrom('B', '', 'other')),
  Key: often(
    fc
      .array(fc.constantFrom('a', 'data', 'run-1', '/', '/', '%2F', '+', '%2B', '%F0%9F%94%A5', '\u05e9', '.bin', '=', "'"), {
        minLength: 1,
        maxLength: 12,
      })
      .map((parts) => parts.join('')),
    fc.constantFrom('', '%', '%4', 'a%zz', 'x'.repeat(3000), 'a"b', 'line\nbreak', 'a,b', '%FF'),
  ),
  VersionId: often(
    fc.stringMatching(/^[0-9a-f]{32}$/),
    fc.constantFrom('', 'null', 'NULL', '3HL4kqtJlcpXroDTDmJ+rmSpXd3dIbrH', 'A'.repeat(32)),
  ),
  IsLatest: often(fc.constantFrom('true', 'false'), fc.constantFrom('TRUE', 'False', '', 'maybe')),
  IsDeleteMarker: often(fc.constantFrom('false', 'false', 'false', 'true'), fc.constantFrom('', 'yes')),
  Size: often(
    fc.nat(2_000_000_000).map(String),
    fc.constantFrom('', '0', '00012', '9007199254740991', '9007199254740993', '12x', '-5', '123456789012345'),
  ),
  LastModifiedDate: often(
    fc.date({ min: new Date(0), max: new Date('2090-01-01'), noInvalidDate: true }).map((date) => date.toISOString()),
    fc.constantFrom(
      '',
      '2024-02-30T00:00:00.000Z',
      '2024-05-06T22:44:22Z',
      '1969-12-31T23:59:59.999Z',
      '2024-05-06T24:00:00.000Z',
      '2100-02-29T00:00:00.000Z',
      '2000-02-29T00:00:00.000Z',
    ),
  ),
  ETag: often(
    fc.stringMatching(/^[0-9a-f]{32}(-[1-9][0-9]{0,4})?$/),
    fc.constantFrom('', 'x', `${'a'.repeat(32)}-0`, `${'A'.repeat(32)}`, `${'0'.repeat(32)}-123456789`, `${'0'.repeat(31)}g`),
  ),
  StorageClass: often(fc.constantFrom('STANDARD', 'GLACIER', 'INTELLIGENT_TIERING'), fc.constantFrom('', 'MOON_VAULT', 'A"B')),
  ObjectLockRetainUntilDate: often(fc.constant(''), fc.constantFrom('2027-01-01T00:00:00.000Z', 'never', '2027-01-01')),
  ReplicationStatus: often(fc.constant(''), fc.constantFrom('PENDING', 'Failed', 'REPLICA')),
  ObjectLockLegalHoldStatus: often(fc.constant(''), fc.constantFrom('On', 'OFF', 'on')),
  IntelligentTieringAccessTier: fc.constantFrom('', 'FREQUENT', 'ARCHIVE'),
};
const anything = often(fc.constantFrom('', 'x', 'false'), fc.string({ maxLength: 20 }));

const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`;
const bare = (value: string): string => (/["\n\r,]/.test(value) ? quoted(value) : value);

const file = (names: readonly string[]) =>
  fc
    .array(
      fc.record({
        values: fc.tuple(...names.map((name) => values[name] ?? anything)),
        spelling: often(fc.constant('s3'), fc.constantFrom('bare', 'crlf', 'blank line before', 'tail', 'too many', 'too few')),
      }),
      { maxLength: 60 },
    )
    .map((rows) =>
      Buffer.from(
        rows
          .map(({ values: cells, spelling }) => {
            const all = spelling === 'too many' ? [...cells, 'x'] : spelling === 'too few' ? cells.slice(1) : cells;
            const line = all.map(spelling === 'bare' ? bare : quoted).join(',');
            if (spelling === 'tail') return `${line} \n`;
            return `${spelling === 'blank line before' ? '\n' : ''}${line}${spelling === 'crlf' ? '\r\n' : '\n'}`;
          })
          .join(''),
      ),
    );

const report = fc
  .tuple(fc.shuffledSubarray([...FULL_SCHEMA.split(', '), 'Unknown', 'Another'], { minLength: 20 }), fc.boolean())
  .chain(([names, cutEnd]) =>
    fc.tuple(fc.constant(names), fc.array(file(names), { minLength: 1, maxLength: 3 })).map(([all, files]) => ({
      schema: all.join(', '),
      files: files.map((bytes) => (cutEnd && bytes.length > 0 ? bytes.subarray(0, -1) : bytes)),
    })),
  );

test('the kernel reads what the plain scanner reads, and refuses what it refuses, in the same words', () => {
  let refusals = 0;
  let successes = 0;
  fc.assert(
    fc.property(report, fc.integer({ min: 50, max: 5000 }), ({ schema, files }, pieceBytes) => {
      const expected = readPlain(schema, files);
      if (expected.ok) successes += 1;
      else refusals += 1;
      expect(
        readPacked(
          schema,
          files.map((bytes) => gzipSync(bytes)),
          pieceBytes,
        ),
      ).toEqual(expected);
    }),
    { seed: 31, numRuns: deep ? 20_000 : 240 },
  );
  expect(refusals).toBeGreaterThan(20);
  expect(successes).toBeGreaterThan(20);
});

const line = (key: string, more: string): string => `"b","${key}","5","2024-05-06T22:44:22.000Z","STANDARD","${more}"\n`;
const schema = 'Bucket, Key, Size, LastModifiedDate, StorageClass, Note';

test('more rows than a batch, more notes than are remembered, and keys longer than S3 has', () => {
  const long = 'k'.repeat(1000);
  const text = Array.from({ length: 30_000 }, (_, i) => line(`${i % 3 === 0 ? long : 'd/'}${i}`, i % 2 === 0 ? 'same' : `note ${i}`)).join(
    '',
  );
  const files = [Buffer.from(text)];
  const expected = readPlain(schema, files);
  expect(expected.ok && expected.value.length).toBe(30_000);
  expect(
    readPacked(
      schema,
      files.map((bytes) => gzipSync(bytes)),
      1 << 16,
    ),
  ).toEqual(expected);
});

test('notes too long to be remembered are kept, and a quote that is never closed is refused', () => {
  const files = [Buffer.from(line('a', 'n'.repeat(400_000)) + line('b', 'n'.repeat(400_000)) + line('c', '"'.repeat(2)) + line('d', ''))];
  const expected = readPlain(schema, files);
  expect(expected.ok && expected.value.map(({ details }) => details.Note?.length ?? 0)).toEqual([400_000, 400_000, 1, 0]);
  expect(
    readPacked(
      schema,
      files.map((bytes) => gzipSync(bytes)),
      1 << 16,
    ),
  ).toEqual(expected);
  const open = [Buffer.from(`${line('a', '')}"b","never closed ${'x'.repeat(3_000_000)}`)];
  const refused = readPacked(
    schema,
    open.map((bytes) => gzipSync(bytes)),
    1 << 16,
  );
  expect(refused).toMatchObject({ ok: false, error: { code: 'RowField', row: 2 } });
});
