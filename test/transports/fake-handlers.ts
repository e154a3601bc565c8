import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { appError } from '../../src/contract/errors.ts';
import type { Snapshot } from '../../src/contract/index-views.ts';
import { METHOD_NAMES, type MethodName } from '../../src/contract/methods.ts';
import { err, ok } from '../../src/contract/result.ts';
import type { Handler } from '../../src/main/engine/handler.ts';
import type { HandlerLoaders } from '../../src/main/engine/handlers/index.ts';

export const snapshot = (bucket: string): Snapshot => ({
  snapshotId: 'snapshot-1',
  bucket,
  source: 's3://inventory/ä ö — 模型 😀 " \\ \u2028',
  sourceKind: 'inventory',
  asOf: '2026-11-01T00:00:00.000Z',
  scannedAt: '2026-11-01T01:00:00.000Z',
  manifestMd5: null,
  allVersions: true,
  region: null,
  rows: 1,
  versions: 1,
  deleteMarkers: 0,
  bytes: 2 ** 53 - 1,
  coverage: 1,
  warnings: [],
  isSample: false,
  fields: ['Key'],
  prefix: '',
  refusedPrefixes: [],
  incompleteUploads: null,
  rowsAt: null,
});

export const fullFailure = appError('RowField', 'Row 7 of the data file has a size S3 does not write.', {
  file: 'data/part ü.csv.gz',
  row: 7,
  field: 'Size',
  detail: 'the text was "-1"',
  next: 'Ask for a new report.',
});

const handlers = {
  'index.snapshots': async ({ index }) => {
    if (index === 'fail') return err(fullFailure);
    if (index === 'busy') return err(appError('IndexBusy', 'Another scan holds the index.'));
    if (index === 'throw') throw new TypeError('a bug, not a failure');
    if (index === 'bad-result') return ok([{ ...snapshot('x'), rows: 'many' as unknown as number }]);
    if (index.startsWith('big ')) return ok(Array.from({ length: Number(index.slice(4)) }, (_, at) => snapshot(`bucket-${at}`)));
    if (index.startsWith('wait ')) await sleep(Number(index.slice(5)));
    return ok([snapshot(index)]);
  },
  /** Reports `versions` times, one per `seed` milliseconds or all at once for 0. */
  'sample.write': async ({ versions, seed }, { progress }) => {
    for (let done = 1; done <= versions; done += 1) {
      progress({ phase: 'write', done, total: versions });
      if (seed > 0) await sleep(seed);
    }
    const none = { versions: 0, bytes: 0 };
    return ok({
      rows: versions,
      versions: 0,
      deleteMarkers: 0,
      bytes: 0,
      byClass: {},
      byState: { current: none, noncurrent: none, marker: none },
      staleCheckpoints: { checkpoints: 0, versions: 0, bytes: 0, billedBytes: {} },
    });
  },
  /** Runs until it is cancelled, and then writes a line to the file named as the index. */
  'index.scan': async ({ index }, { signal, progress }) => {
    progress({ phase: 'read', done: 1 });
    await sleep(30_000, undefined, { signal }).catch(() => {});
    appendFileSync(index, 'aborted\n');
    return err(appError('Cancelled', 'The scan was cancelled.'));
  },
  /** Leaves a line when it begins and one when it ends in the file `to`. */
  'policy.rollback': async ({ bucket, to }) => {
    appendFileSync(to, `begin ${bucket}\n`);
    await sleep(60);
    appendFileSync(to, `end ${bucket}\n`);
    return ok({ journalId: 'j', bucket, planHash: null, verified: true, changed: true, readBackHash: 'h', notes: [] });
  },
} satisfies { readonly [M in MethodName]?: Handler<M> };

/** Handlers that behave as the suite needs; every other method fails as a bug does. */
export const FAKE_HANDLERS = Object.fromEntries(
  METHOD_NAMES.map((name) => [
    name,
    async () =>
      (handlers as Record<string, unknown>)[name] ??
      (async () => {
        throw new Error(`${name} is not part of this suite`);
      }),
  ]),
) as unknown as HandlerLoaders;
