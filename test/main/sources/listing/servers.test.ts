import { describe, expect, it } from 'vitest';
import { type StubStore, storeOf } from '../../../servers/s3-stub/store.ts';
import { fakeS3, xml } from '../../../support/fake-s3.ts';
import { difference, eachWithItsOwnPlace, failure, keyed, list, SAME, serve, truth, value, versions } from './support.ts';

eachWithItsOwnPlace();

describe('servers with ways of their own', () => {
  it('success-no-order-to-rely-on', async () => {
    const store = await serve(
      storeOf(
        keyed(
          Array.from({ length: 30 }, (_, i) => `k${i}`),
          () => versions(1),
        ),
      ),
    );
    const backwards: StubStore = { ...store, keyAt: (i) => store.keyAt(store.count - 1 - i) };
    const pages: string[][] = [];
    for (let i = 0; i < backwards.count; i += 8)
      pages.push(Array.from({ length: Math.min(8, backwards.count - i) }, (_, k) => backwards.keyAt(i + k).toString()));
    const server = await fakeS3(({ query }, response) => {
      if (query.has('versioning')) return xml(response, '<VersioningConfiguration/>');
      if (query.has('uploads')) return xml(response, '<ListMultipartUploadsResult/>');
      const at = Number(query.get('continuation-token') ?? 0);
      const entries = (pages[at] ?? []).map(
        (key) => `<Contents><Key>${key}</Key><LastModified>2024-05-06T22:44:22.000Z</LastModified><Size>0</Size></Contents>`,
      );
      const next =
        at + 1 < pages.length
          ? `<IsTruncated>true</IsTruncated><NextContinuationToken>${at + 1}</NextContinuationToken>`
          : '<IsTruncated>false</IsTruncated>';
      return xml(response, `<ListBucketResult>${next}${entries.join('')}</ListBucketResult>`);
    });
    try {
      expect(difference(value(await list({ endpoint: server.endpoint })).rows, truth(store))).toEqual(SAME);
    } finally {
      await server.close();
    }
  });

  it('success-start-after-not-known', async () => {
    const store = await serve(
      storeOf(
        keyed(
          Array.from({ length: 3_000 }, (_, i) => `k${i}`),
          () => [{ versionId: 'null', sizeBytes: 1 }],
        ),
      ),
      ({ query }) => {
        query.delete('start-after');
        query.set('max-keys', '100');
        return undefined;
      },
    );
    expect(difference(value(await list()).rows, truth(store))).toEqual(SAME);
  });

  it('refuse-a-page-that-never-comes', async () => {
    await serve(
      storeOf(
        keyed(
          Array.from({ length: 50 }, (_, i) => `k${i}`),
          () => versions(1),
        ),
      ),
      ({ operation, query }) => {
        query.set('max-keys', '10');
        return operation === 'ListObjectsV2' && query.has('continuation-token') ? { status: 500, code: 'InternalError' } : undefined;
      },
    );
    expect(failure(await list()).code).toBe('RemoteFailed');
  });
});
