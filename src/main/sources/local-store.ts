import { open, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { isSafeKey } from '../../core/inventory/manifest.ts';
import { checksumOf } from './find-local.ts';
import { isMissing, readFailure } from './fs-error.ts';
import type { PartSource, ReportStore } from './report-store.ts';

const READ_CHUNK_BYTES = 1 << 19;

/** The bytes of a file, always in the same buffer: a fresh one for each piece costs more than reading it. */
async function* chunksOf(file: string): AsyncGenerator<Uint8Array, void, void> {
  const handle = await open(file, 'r');
  try {
    const buffer = Buffer.allocUnsafeSlow(READ_CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/** A report on this machine, by the path of its manifest. `location` is what the person named. */
export function localStore(manifestFile: string, location: string): ReportStore {
  const place = createPartFinder(dirname(manifestFile));
  return {
    source: location,
    manifestName: manifestFile,
    async readManifest() {
      try {
        return ok({ manifest: await readFile(manifestFile), checksum: await readFile(checksumOf(manifestFile), 'utf8') });
      } catch (error) {
        return err(readFailure(error, manifestFile));
      }
    },
    begin: () => undefined,
    async openPart(key): Promise<Result<PartSource>> {
      const file = await place(key);
      if (!file.ok) return file;
      if (file.value === null) return err(appError('PartMissing', `The data file "${key}" of the manifest is not there.`, { file: key }));
      return ok({ name: file.value, file: file.value, chunks: chunksOf(file.value) });
    },
    streamFailure: (error, name) =>
      isMissing(error) ? appError('PartMissing', `The data file ${name} is not there.`, { file: name }) : readFailure(error, name),
    close: () => undefined,
  };
}

/**
 * Finds data files by their key: the whole key, or its end, below the manifest's folder or one of the folders above
 * it (a copy from the bucket's root or from a prefix), else beside the manifest, else under its data/. The MD5 tells
 * afterwards whether it is the right file.
 */
function createPartFinder(folder: string): (key: string) => Promise<Result<string | null>> {
  let last: { base: string; dropped: number } | undefined;

  return async (key) => {
    // The manifest is hostile text until its keys are proved to stay below the folder they are joined to.
    if (!isSafeKey(key)) return ok(null);
    const segments = key.split('/');
    const tries: { base: string; dropped: number }[] = last === undefined ? [] : [last];
    let base = folder;
    for (let up = 0; up <= segments.length; up++) {
      for (let dropped = 0; dropped < segments.length - 1; dropped++) tries.push({ base, dropped });
      if (dirname(base) === base) break;
      base = dirname(base);
    }
    // Whole keys first, then ever shorter ends.
    tries.sort((a, b) => (a === last ? -1 : b === last ? 1 : a.dropped - b.dropped));
    for (const attempt of tries) {
      const file = join(attempt.base, ...segments.slice(attempt.dropped));
      const is = await isFile(file);
      if (!is.ok) return is;
      if (is.value) {
        last = attempt;
        return ok(file);
      }
    }
    for (const file of [join(folder, basename(key)), join(folder, 'data', basename(key))]) {
      const is = await isFile(file);
      if (!is.ok) return is;
      if (is.value) return ok(file);
    }
    return ok(null);
  };
}

async function isFile(file: string): Promise<Result<boolean>> {
  try {
    return ok((await stat(file)).isFile());
  } catch (error) {
    return isMissing(error) ? ok(false) : err(readFailure(error, file));
  }
}
