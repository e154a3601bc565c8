import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type StubVersion, storeOf } from '../../../servers/s3-stub/store.ts';
import type { Fault, StubRequest } from '../../../servers/s3-stub/stub.ts';
import { difference, eachWithItsOwnPlace, failure, keyed, list, place, SAME, serve, truth, value, versions } from './support.ts';

eachWithItsOwnPlace();

describe('a right that reaches only so far', () => {
  const tree = (): Record<string, StubVersion[]> =>
    keyed(['top', 'a/1', 'a/2', 'b/1', 'b/sub/1', 'b/secret/1', 'b/secret/2', 'c/1', 'secret/1'], () => versions(2));
  /** As bucket policies do it: the request's own prefix and delimiter decide, not the keys of the answer. */
  const only =
    (mayWhole: readonly string[], mayFolder: readonly string[]) =>
    ({ operation, query }: StubRequest): Fault | undefined => {
      if (operation !== 'ListObjectVersions') return undefined;
      const prefix = query.get('prefix') ?? '';
      const isFolder = query.get('delimiter') === '/';
      return (isFolder ? mayFolder : mayWhole).includes(prefix) ? undefined : { status: 403, code: 'AccessDenied' };
    };

  it('success-what-may-be-listed-is, and what may not is named', async () => {
    const store = await serve(storeOf(tree(), { versioning: 'Enabled' }), only(['a/', 'c/', 'b/sub/'], ['', 'b/']));
    const { rows, outcome } = value(await list());
    expect(
      difference(
        rows,
        truth(store).filter((row) => !row.includes('secret')),
      ),
    ).toEqual(SAME);
    expect(outcome.refusedPrefixes).toEqual(['b/secret/', 'secret/']);
    // The root and b/ by folder, a/, c/ and b/sub/ whole; two refused.
    expect(outcome.coverage).toBeCloseTo(5 / 7);
    expect(outcome.warnings.filter((words) => words.startsWith('Access was denied'))).toHaveLength(2);
  });

  it('success-walked-again-after-a-stop', async () => {
    const names = Array.from({ length: 3_000 }, (_, i) => `${'abc'[i % 3]}/${i}`);
    const store = await serve(
      storeOf(
        keyed([...names, 'x/1', 'top'], () => versions(1)),
        { versioning: 'Enabled' },
      ),
      only(['a/', 'b/', 'c/'], ['']),
    );
    const index = join(place.folder, 'x.db');
    expect(failure(await list({ index, stopAt: 1_500 })).code).toBe('Cancelled');
    const { rows, outcome } = value(await list({ index }));
    expect(
      difference(
        rows,
        truth(store).filter((row) => !row.startsWith('["x/')),
      ),
    ).toEqual(SAME);
    expect(outcome.refusedPrefixes).toEqual(['x/']);
  });

  it('refuse-where-nothing-may-be-listed', async () => {
    await serve(storeOf(tree(), { versioning: 'Enabled' }), only([], []));
    const error = failure(await list());
    expect(error).toMatchObject({ code: 'AccessDenied' });
    expect(error.message).toContain('s3:ListBucketVersions');
  });

  it('refuse-credentials-that-expire-on-the-way, and go on later', async () => {
    const store = await serve(
      storeOf(
        keyed(
          Array.from({ length: 2_500 }, (_, i) => `k${i}`),
          () => versions(1),
        ),
        { versioning: 'Enabled' },
      ),
    );
    let calls = 0;
    place.stub.fault = ({ operation }) => (operation.startsWith('List') && ++calls > 1 ? { status: 400, code: 'ExpiredToken' } : undefined);
    const index = join(place.folder, 'x.db');
    const error = failure(await list({ index }));
    expect(error.code).toBe('AccessDenied');
    expect(error.next).toContain('Renew');
    place.stub.fault = () => undefined;
    const { rows, outcome } = value(await list({ index }));
    expect(difference(rows, truth(store))).toEqual(SAME);
    expect(outcome.coverage).toBe(1);
  });

  it('success-current-objects-alone where versions may not be listed', async () => {
    const store = await serve(storeOf(tree(), { versioning: 'Enabled' }), ({ operation }) =>
      operation === 'ListObjectVersions' || operation === 'GetBucketVersioning' ? { status: 403, code: 'AccessDenied' } : undefined,
    );
    expect(failure(await list()).code).toBe('AccessDenied');
    const { rows, outcome } = value(await list({ currentOnly: true }));
    expect(difference(rows, truth(store, true))).toEqual(SAME);
    expect(outcome.warnings.join()).toContain('noncurrent versions and delete markers are not known');
  });

  it('success-versions-although-nobody-may-ask-whether-there-are-any', async () => {
    const store = await serve(storeOf(tree(), { versioning: 'Suspended' }), ({ operation }) =>
      operation === 'GetBucketVersioning' ? { status: 403, code: 'AccessDenied' } : undefined,
    );
    expect(difference(value(await list()).rows, truth(store))).toEqual(SAME);
  });
});
