import { describe, expect, it } from 'vitest';
import { startStubProcess } from '../../../servers/s3-stub/start.ts';
import { computedStore, storeOf } from '../../../servers/s3-stub/store.ts';
import { difference, eachWithItsOwnPlace, hostile, keyed, list, SAME, serve, truth, value, versions } from './support.ts';

eachWithItsOwnPlace();

describe('pages end everywhere', () => {
  it.each([0, 1, 999, 1_000, 1_001, 2_001])('success-%i-keys', async (count) => {
    const names = Array.from({ length: count }, (_, i) => `k${i}`);
    for (const versioning of [undefined, 'Enabled', 'Suspended'] as const) {
      const store = await serve(
        storeOf(
          keyed(names, () => [{ versionId: 'null', sizeBytes: 3 }]),
          versioning === undefined ? {} : { versioning },
        ),
      );
      const listed = value(await list());
      expect(difference(listed.rows, truth(store))).toEqual(SAME);
      expect(listed.outcome).toMatchObject({ coverage: 1, refusedPrefixes: [], uploads: [], warnings: [] });
    }
  });

  it('success-versions-of-one-key-over-many-pages', async () => {
    const store = await serve(
      storeOf({ a: versions(1), 'b/huge': versions(3_333), 'b/next': versions(1_000), c: versions(2_001) }, { versioning: 'Enabled' }),
    );
    expect(difference(value(await list()).rows, truth(store))).toEqual(SAME);
  });

  it('success-a-million-keys-at-the-root', async () => {
    const keys = 1_000_000;
    await serve(computedStore(keys, (i) => `sample-${String(i).padStart(8, '0')}.jpg`));
    const seen = new Uint8Array(keys);
    let doubled = 0;
    value(
      await list({
        count: (batch) => {
          for (let row = 0; row < batch.rows; row++) {
            const number = Number(
              Buffer.from(batch.keyBytes.subarray((batch.keyStart[row] as number) + 7, (batch.keyStart[row] as number) + 15)).toString(
                'latin1',
              ),
            );
            if (seen[number] === 1) doubled++;
            seen[number] = 1;
          }
        },
      }),
    );
    expect({ doubled, missing: seen.filter((one) => one === 0).length }).toEqual({ doubled: 0, missing: 0 });
  });

  it('success-at-least-64-calls-under-way-when-pages-take-their-time', async () => {
    const server = await startStubProcess({ keys: 150_000, name: `${'deep/'.repeat(20)}#`, delayMs: 300 });
    try {
      let rows = 0;
      value(
        await list({
          endpoint: server.endpoint,
          count: (batch) => {
            rows += batch.rows;
          },
        }),
      );
      expect(rows).toBe(150_000);
      expect((await server.counted()).mostInFlight).toBeGreaterThanOrEqual(64);
    } finally {
      await server.stop();
    }
  });
});

describe('hostile keys', () => {
  it.each([true, false])('success-as-they-are, encoded %s', async (isEncoded) => {
    const store = await serve(
      storeOf(
        keyed(hostile, (_key, i) => versions(1 + (i % 4))),
        { versioning: 'Enabled' },
      ),
      ({ query }) => {
        if (!isEncoded) query.delete('encoding-type');
        return undefined;
      },
    );
    expect(difference(value(await list()).rows, truth(store))).toEqual(SAME);
    expect(value(await list({ prefix: 'a' })).rows.sort()).toEqual(truth(store).filter((row) => row.startsWith('["a')));
  });
});
