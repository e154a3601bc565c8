import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import * as v from 'valibot';
import { appError } from '../../contract/errors.ts';
import type { SampleTruth } from '../../contract/methods/sources.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { isMissing, writeFailure } from '../sources/fs-error.ts';
import { ACCESS_LOGS, type SampleOptions, writeReport } from './write-report.ts';

/**
 * Writes a sample report to `out`, whole or not at all. An earlier sample there is replaced; any other folder with
 * something in it is refused with FileUnwritable. Also fails with DiskFull or Cancelled.
 */
export async function writeSample(out: string, options: SampleOptions): Promise<Result<SampleTruth>> {
  const target = resolve(out);
  let temporary: string | undefined;
  try {
    const there = await whatIs(target);
    if (there === 'something') {
      return err(
        appError('FileUnwritable', `${out} is not empty and holds no earlier sample; nothing was written.`, {
          file: out,
          next: 'Name a new or an empty folder.',
        }),
      );
    }
    await mkdir(dirname(target), { recursive: true });
    const partial = join(dirname(target), `.${basename(target)}.partial-${randomUUID()}`);
    await mkdir(partial);
    temporary = partial;
    const truth = await writeReport(temporary, options);
    if (there === 'sample') await replace(target, temporary);
    else await rename(temporary, target);
    temporary = undefined;
    return ok(truth);
  } catch (error) {
    return err(options.signal.aborted ? appError('Cancelled', 'Writing the sample was cancelled.') : writeFailure(error, out));
  } finally {
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
  }
}

/** The earlier sample steps aside first, so that at no moment both are gone. */
async function replace(target: string, temporary: string): Promise<void> {
  const aside = `${temporary}.old`;
  await rename(target, aside);
  try {
    await rename(temporary, target);
  } catch (error) {
    await rename(aside, target);
    throw error;
  }
  await rm(aside, { recursive: true, force: true });
}

const OWN_NAMES: ReadonlySet<string> = new Set(['truth.json', 'inventory', ACCESS_LOGS]);
/** What the truth of every earlier generator has as well. */
const EarlierTruthSchema = v.looseObject({ rows: v.number(), versions: v.number(), deleteMarkers: v.number(), bytes: v.number() });

async function whatIs(folder: string): Promise<'nothing' | 'sample' | 'something'> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return 'nothing';
    throw error;
  }
  if (names.length === 0) return 'nothing';
  if (names.some((name) => !OWN_NAMES.has(name))) return 'something';
  try {
    const truth: unknown = JSON.parse(await readFile(join(folder, 'truth.json'), 'utf8'));
    return v.is(EarlierTruthSchema, truth) ? 'sample' : 'something';
  } catch {
    return 'something';
  }
}
