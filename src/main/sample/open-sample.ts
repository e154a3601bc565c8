import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { GENERATOR_VERSION } from '../../core/sample/names.ts';
import type { CallContext } from '../engine/handler.ts';
import { openIndex } from '../index/reader.ts';
import { writeFailure } from '../sources/fs-error.ts';
import { scan } from '../sources/scan.ts';
import { importAccess } from '../units/access-import.ts';
import { ACCESS_LOGS } from './write-report.ts';
import { writeSample } from './write-sample.ts';

const VERSIONS = 200_000;
const SEED = 20261121;
const WAIT_MS = 60_000;

const StampSchema = v.object({ generator: v.literal(GENERATOR_VERSION), versions: v.literal(VERSIONS), snapshotId: v.string() });

type Opened = { index: string; snapshotId: string };

/** The built-in workspace under the data folder: generated and scanned on first use, and again when the generator changed. */
export async function openSample(context: CallContext): Promise<Result<Opened>> {
  const { environment, signal, progress } = context;
  const folder = join(environment.dataDir, 'sample');
  const index = join(folder, `sample-${GENERATOR_VERSION}.db`);
  const report = join(folder, 'report');
  const stamp = join(folder, 'sample.json');

  const ready = await readyMade(index, stamp);
  if (ready !== undefined) return ok(ready);
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    return err(writeFailure(error, folder));
  }
  const written = await writeSample(report, { versions: VERSIONS, seed: SEED, signal, progress });
  // Two windows opened at once: the other one may have put its report there between our look and our rename.
  if (!written.ok) return (await readyMade(index, stamp)) === undefined ? written : openSample(context);
  // What an older Isotherm made and this one cannot read is made again; nobody else writes there.
  const before = openIndex(index);
  if (!before.ok && before.error.code === 'IndexUnreadable')
    await Promise.all(['', '-wal', '-shm'].map((end) => rm(index + end, { force: true })));
  const scanned = await scan({
    source: { kind: 'inventory', location: report },
    index,
    region: undefined,
    resourcesDir: environment.resourcesDir,
    now: environment.now,
    signal,
    progress,
  });
  if (!scanned.ok) return scanned.error.code === 'IndexBusy' ? waitForOther(index, stamp, context) : scanned;
  const { snapshotId } = scanned.value;
  const logged = await importAccess({ index, snapshotId, location: join(report, ACCESS_LOGS) }, context);
  if (!logged.ok) return logged.error.code === 'IndexBusy' ? waitForOther(index, stamp, context) : logged;
  try {
    await writeFile(`${stamp}.new`, JSON.stringify({ generator: GENERATOR_VERSION, versions: VERSIONS, snapshotId }));
    await rename(`${stamp}.new`, stamp);
  } catch (error) {
    return err(writeFailure(error, stamp));
  }
  return ok({ index, snapshotId });
}

async function readyMade(index: string, stamp: string): Promise<Opened | undefined> {
  try {
    const parsed = v.safeParse(StampSchema, JSON.parse(await readFile(stamp, 'utf8')));
    if (!parsed.success) return undefined;
    const reader = openIndex(index);
    if (!reader.ok) return undefined;
    const { snapshotId } = parsed.output;
    return reader.value.snapshot(snapshotId).ok ? { index, snapshotId } : undefined;
  } catch {
    return undefined;
  }
}

/** Another process is making the same sample. */
async function waitForOther(index: string, stamp: string, { signal }: CallContext): Promise<Result<Opened>> {
  for (let waited = 0; waited < WAIT_MS && !signal.aborted; waited += 250) {
    const ready = await readyMade(index, stamp);
    if (ready !== undefined) return ok(ready);
    await sleep(250);
  }
  return err(
    signal.aborted
      ? appError('Cancelled', 'Opening the sample was cancelled.')
      : appError('IndexBusy', 'Another process is still making the sample.', { file: index }),
  );
}
