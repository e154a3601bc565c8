import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type StubStore, storeOf } from '../../../servers/s3-stub/store.ts';
import type { Fault, StubRequest } from '../../../servers/s3-stub/stub.ts';
import {
  difference,
  eachWithItsOwnPlace,
  failure,
  hostile,
  keyed,
  list,
  numbers,
  place,
  SAME,
  serve,
  truth,
  value,
  versions,
} from './support.ts';

const deep = process.env.ISOTHERM_DEEP === '1';
eachWithItsOwnPlace();

describe('whatever goes wrong, every version comes once', () => {
  const manyKeys = (count: number, seed: number): string[] => {
    const next = numbers(seed);
    const pick = <T>(all: readonly T[]): T => all[Math.floor(next() * all.length)] as T;
    return Array.from(
      { length: count },
      (_, i) => pick(['runs/', 'data/🔥/', '', 'a+b/', 'logs/2026/']) + pick([...hostile, 'x', 'y']).slice(0, 40) + i * 7,
    );
  };
  const storeFor = (seed: number, count: number): StubStore =>
    storeOf(
      keyed(manyKeys(count, seed), (_key, i) => versions(i % 97 === 0 ? 150 : 1 + (i % 3))),
      seed % 3 === 0 ? {} : { versioning: 'Enabled' },
    );

  /** Small pages, some refused, cut off or late. */
  const troubled = (seed: number) => {
    const next = numbers(seed + 1);
    return ({ operation, query }: StubRequest): Fault | undefined => {
      if (!operation.startsWith('List')) return undefined;
      query.set('max-keys', String(20 + Math.floor(next() * 60)));
      const dice = next();
      if (dice < 0.1) return { status: 503, code: 'SlowDown' };
      if (dice < 0.13) return { cutAfterBytes: Math.floor(next() * 3000) };
      if (dice < 0.15) return { status: 500, code: 'InternalError' };
      return dice < 0.4 ? { delayMs: next() * 20 } : undefined;
    };
  };

  it.each(Array.from({ length: deep ? 40 : 3 }, (_, seed) => seed + 1))(
    'success-refusals-cuts-and-delays %i',
    async (seed) => {
      const store = await serve(storeFor(seed, deep ? 1_200 : 800), troubled(seed));
      expect(difference(value(await list()).rows, truth(store))).toEqual(SAME);
    },
    600_000,
  );

  it.each(Array.from({ length: deep ? 60 : 3 }, (_, seed) => seed + 1))(
    'success-taken-up-again-after-stops-at-any-point %i',
    async (seed) => {
      const next = numbers(seed);
      const store = await serve(storeFor(seed, deep ? 1_000 : 700), troubled(seed));
      const all = truth(store);
      const index = join(place.folder, 'x.db');
      const journal = (): string => join(place.folder, readdirSync(place.folder).find((name) => name.startsWith('x.db.crawl-')) ?? '');
      for (let stop = 0; stop < 4; stop++) {
        const stopped = await list({ index, stopAt: 1 + Math.floor((next() * all.length * (stop + 1)) / 5) });
        expect(failure(stopped)).toMatchObject({ code: 'Cancelled', next: 'Run the same scan again: it goes on where this one stopped.' });
        // A kill leaves the file cut off at any byte.
        const size = statSync(journal()).size;
        truncateSync(journal(), size - Math.floor(next() * Math.min(size, 20_000)));
      }
      const listed = value(await list({ index }));
      expect(difference(listed.rows, all)).toEqual(SAME);
      expect(listed.outcome.warnings.join()).toContain('taken up again');
      expect(readdirSync(place.folder)).toEqual([]);
    },
    600_000,
  );
});
