import { describe, expect, it } from 'vitest';
import { storeOf } from '../../../servers/s3-stub/store.ts';
import { difference, eachWithItsOwnPlace, keyed, list, SAME, serve, value, versions } from './support.ts';

eachWithItsOwnPlace();

describe('incomplete multipart uploads', () => {
  const MIB = 1 << 20;
  const uploads = Array.from({ length: 1_234 }, (_, i) => ({
    key: i % 3 === 0 ? 'a b+c/%2F' : `k${i % 40}`,
    uploadId: `u${String(i).padStart(5, '0')}`,
    initiatedMs: Date.UTC(2026, 0, 1) + i * 1000,
    storageClass: i % 2 === 0 ? 'STANDARD' : 'GLACIER',
    partBytes: i === 7 ? Array.from({ length: 2_100 }, () => 5 * MIB) : Array.from({ length: i % 4 }, (_, part) => 5 * MIB + part),
  }));

  it('success-each-with-its-parts', async () => {
    await serve(
      storeOf(
        keyed(['a'], () => versions(1)),
        { uploads },
      ),
    );
    const found = value(await list()).outcome.uploads ?? [];
    expect(
      difference(
        found.map((one) => JSON.stringify(one)),
        uploads.map((one) => JSON.stringify(one)),
      ),
    ).toEqual(SAME);
    expect(value(await list({ prefix: 'a' })).outcome.uploads).toHaveLength(uploads.filter(({ key }) => key.startsWith('a')).length);
  });

  it('success-unknown-is-said where they may not be listed, and kept without parts where those may not', async () => {
    const store = storeOf(
      keyed(['a'], () => versions(1)),
      { uploads: uploads.slice(0, 3) },
    );
    await serve(store, ({ operation }) => (operation === 'ListMultipartUploads' ? { status: 403, code: 'AccessDenied' } : undefined));
    const { outcome } = value(await list());
    expect(outcome.uploads).toBeUndefined();
    expect(outcome.warnings.join()).toContain('s3:ListBucketMultipartUploads');
    await serve(store, ({ operation }) => (operation === 'ListParts' ? { status: 403, code: 'AccessDenied' } : undefined));
    expect(value(await list()).outcome.uploads?.map(({ partBytes }) => partBytes)).toEqual([null, null, null]);
    await serve(store, ({ operation }) => (operation === 'ListParts' ? { status: 404, code: 'NoSuchUpload' } : undefined));
    expect(value(await list()).outcome.uploads).toEqual([]);
    await serve(store, ({ operation }) => (operation === 'ListMultipartUploads' ? { status: 501, code: 'NotImplemented' } : undefined));
    expect(value(await list()).outcome.uploads).toBeUndefined();
  });
});
