import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatchBuilder } from '../../../src/core/inventory/batch-builder.ts';
import { sliceBatch } from '../../../src/core/inventory/batch-slice.ts';
import { createListPageReader, LISTED_DETAILS, type ListPage } from '../../../src/core/listing/list-page.ts';
import { decodeRows, encodePage, recordOf } from '../../../src/core/listing/page-record.ts';
import { START } from '../../../src/core/listing/position.ts';
import { type PlainRow, plainRows } from '../../support/inventory-csv.ts';

const deep = process.env.ISOTHERM_DEEP === '1';

function read(xml: string): { page: ListPage; rows: PlainRow[] } | { fault: string } {
  const builder = new BatchBuilder(LISTED_DETAILS);
  const page = createListPageReader(builder).read(Buffer.from(xml, 'utf8'), 'ListObjectVersions');
  return page.ok ? { page: page.value, rows: plainRows(builder.batch()) } : { fault: page.error.message };
}
const TIME = '<LastModified>2024-05-06T22:44:22.000Z</LastModified>';
const version = (key: string, rest = '<Size>5</Size>'): string =>
  `<Version><Key>${key}</Key><VersionId>v1</VersionId><IsLatest>true</IsLatest>${TIME}${rest}</Version>`;
const listing = (inside: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inside}</ListVersionsResult>`;
const keysOf = (answer: ReturnType<typeof read>): string[] =>
  'rows' in answer ? answer.rows.map(({ key }) => Buffer.from(key, 'latin1').toString('utf8')) : [answer.fault];

describe('an answer', () => {
  it('is read with everything it says', () => {
    const xml = listing(
      `<EncodingType>url</EncodingType><IsTruncated>true</IsTruncated><NextKeyMarker>c%26</NextKeyMarker><NextVersionIdMarker>v9</NextVersionIdMarker>
       <!-- a comment > with marks -->
       <Version><Key>a+b</Key><VersionId>null</VersionId><IsLatest>false</IsLatest>${TIME}<ETag>&quot;d41d8cd98f00b204e9800998ecf8427e-12&quot;</ETag>
         <Size>9007199254740991</Size><StorageClass>TAPE</StorageClass><ChecksumAlgorithm>SHA256</ChecksumAlgorithm>
         <Owner><ID>75aa57f0</ID><DisplayName>someone</DisplayName></Owner><RestoreStatus><Key>not this</Key></RestoreStatus></Version>
       <DeleteMarker><Owner><ID>75aa57f0</ID></Owner>${TIME}<IsLatest>true</IsLatest><VersionId>m1</VersionId><Key>b</Key></DeleteMarker>
       <CommonPrefixes><Prefix>c%26/</Prefix></CommonPrefixes>`,
    );
    const answer = read(xml);
    expect(answer).toMatchObject({
      page: {
        isTruncated: true,
        isEncoded: true,
        nextKeyMarker: 'c%26',
        nextVersionIdMarker: 'v9',
        commonPrefixes: ['c&/'],
        lastRawKey: 'b',
        isOrdered: true,
      },
      rows: [
        {
          key: 'a b',
          versionId: '',
          flags: 0,
          sizeBytes: Number.MAX_SAFE_INTEGER,
          lastModifiedMs: Date.UTC(2024, 4, 6, 22, 44, 22),
          storageClass: 'TAPE',
          eTag: 'd41d8cd98f00b204e9800998ecf8427e-12',
          details: { ChecksumAlgorithm: 'SHA256', ObjectOwner: '75aa57f0' },
        },
        { key: 'b', versionId: 'm1', flags: 3, sizeBytes: 0, storageClass: '', eTag: '' },
      ],
    });
  });

  it.each([
    ['before the entries', (entries: string) => `<EncodingType>url</EncodingType>${entries}`],
    ['behind the entries', (entries: string) => `${entries}<EncodingType>url</EncodingType>`],
  ])('success-encoding-told %s', (_name, put) => {
    expect(keysOf(read(listing(put(version('a%2Bb+c') + version('b')))))).toEqual(['a+b c', 'b']);
  });

  it('success-raw keys with references, prefixed elements and odd ETags', () => {
    const answer = read(
      `<s3:ListBucketResult xmlns:s3="x"><s3:Contents><s3:Key>a&amp;b&#x1F525;&#10;%2B</s3:Key>${TIME}<s3:Size>0</s3:Size><s3:ETag>"odd"</s3:ETag></s3:Contents></s3:ListBucketResult>`,
    );
    expect(keysOf(answer)).toEqual(['a&b🔥\n%2B']);
    expect('rows' in answer && answer.rows[0]).toMatchObject({ eTag: 'odd', storageClass: 'STANDARD', flags: 1 });
  });

  it('tells when keys come in no order', () => {
    expect(read(listing(version('b') + version('a')))).toMatchObject({ page: { isOrdered: false } });
    expect(read(listing(version('b') + version('b') + version('b\u{10000}') + version('\u{ffff}')))).toMatchObject({
      page: { isOrdered: true },
    });
  });

  it.each([
    ['cut off', listing(version('a')).slice(0, -9), 'half an answer'],
    ['empty', '', 'half an answer'],
    ['no XML', 'hello', 'half an answer'],
    ['a web page', '<html><body>sign in</body></html>', 'no listing'],
    ['an error', '<Error><Code>SlowDown</Code></Error>', 'no listing'],
    ['two documents', listing('') + listing(''), 'half an answer'],
    ['a section that would be lost', listing('<Version><Key><![CDATA[x]]></Key></Version>'), 'half an answer'],
    ['no key', listing(`<Version>${TIME}<Size>1</Size></Version>`), 'without a key'],
    ['a blank key', listing(version('')), 'without a key'],
    ['no time', listing('<Version><Key>a</Key><Size>1</Size></Version>'), 'without a time'],
    ['no size', listing(`<Version><Key>a</Key>${TIME}</Version>`), 'without a size'],
    ['a size that is none', listing(version('a', '<Size>-1</Size>')), 'without a size'],
    ['a size beyond all numbers', listing(version('a', '<Size>99999999999999999999</Size>')), 'without a size'],
    ['a key not encoded as it should be', listing(`<EncodingType>url</EncodingType>${version('a%2')}`), 'not encoded'],
    ['a reference that is none', listing(version('a&nbsp;b')), 'not encoded'],
    [
      'neither the latest nor not',
      listing(`<Version><Key>a</Key><IsLatest>perhaps</IsLatest>${TIME}<Size>1</Size></Version>`),
      'may or may not',
    ],
  ])('refuse-%s', (_name, xml, words) => {
    const answer = read(xml);
    expect('fault' in answer ? answer.fault : 'read').toContain(words);
  });

  it('any bytes end in rows or a failure', () => {
    const whole = Buffer.from(listing(`<EncodingType>url</EncodingType>${version('a%2Bb')}${version('c')}`), 'utf8');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
        fc.nat({ max: whole.length }),
        (changes, end) => {
          const bytes = Buffer.from(whole.subarray(0, end));
          for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
          const builder = new BatchBuilder(LISTED_DETAILS);
          const page = createListPageReader(builder).read(bytes, 'List');
          expect(page.ok || page.error.code === 'RemoteFailed').toBe(true);
        },
      ),
      { numRuns: deep ? 200_000 : 3_000, seed: deep ? Date.now() : 20261121 },
    );
  });
});

describe('a page kept in a journal', () => {
  const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');
  const built = (): BatchBuilder => {
    const builder = new BatchBuilder(LISTED_DETAILS);
    const xml = listing(
      Array.from({ length: 40 }, (_, i) =>
        version(
          `k${String(i).padStart(3, '0')}🔥`,
          `<Size>${i ** 9}</Size><ETag>&quot;${i % 3 === 0 ? 'odd' : 'd41d8cd98f00b204e9800998ecf8427e'}${i % 5 === 0 ? '-7' : ''}&quot;</ETag><StorageClass>C${i % 4}</StorageClass><Owner><ID>o${i % 2}</ID></Owner>`,
        ),
      ).join(''),
    );
    if (!createListPageReader(builder).read(Buffer.from(xml), 'x').ok) throw new Error('not read');
    return builder;
  };

  it.each([
    [0, 40],
    [0, 0],
    [7, 31],
    [39, 40],
  ])('comes back as it was, rows %i to %i', (from, to) => {
    const builder = built();
    const slice = sliceBatch(builder.batch(), from, to);
    const record = {
      prefix: 'k',
      covered: {
        after: { key: bytes('k🔥'), versionId: 'v3' },
        to: { key: bytes('k9'), versionId: null },
        upTo: Uint8Array.of(0xff, 0, 0x22),
      },
    };
    const kept = encodePage(record, slice);
    // Into a builder that knows other classes already.
    const other = new BatchBuilder(LISTED_DETAILS);
    other.classIdOf('ELSE', '');
    expect(decodeRows(kept, other)).toBe(true);
    expect(plainRows(other.batch())).toEqual(plainRows(slice));
    const read = recordOf(kept);
    expect(read?.prefix).toBe('k');
    expect(Buffer.from(read?.covered.upTo ?? [])).toEqual(Buffer.from([0xff, 0, 0x22]));
    expect(Buffer.from(read?.covered.after.key ?? []).toString('utf8')).toBe('k🔥');
    expect(read?.covered).toMatchObject({ after: { versionId: 'v3' }, to: { versionId: null } });
  });

  it('refuse-bytes-that-are-no-page', () => {
    const kept = encodePage({ prefix: '', covered: { after: START, to: null, upTo: null } }, built().batch());
    for (const bad of [
      kept.subarray(0, kept.length - 1),
      kept.subarray(0, 3),
      Buffer.concat([kept, Buffer.from('x')]),
      Buffer.alloc(100),
    ]) {
      expect(recordOf(bad)).toBeNull();
      expect(decodeRows(bad, new BatchBuilder(LISTED_DETAILS))).toBe(false);
    }
  });
});
