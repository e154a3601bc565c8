import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../contract/result.ts';
import { writeFailure } from './sources/fs-error.ts';

const fileIn = (dataDir: string): string => join(dataDir, 'desk.json');

/** The window's own notes of places and choices; null where there are none. A file that cannot be read is no reason not to start. */
export function readDesk(dataDir: string): string | null {
  try {
    return readFileSync(fileIn(dataDir), 'utf8');
  } catch {
    return null;
  }
}

/** Replaces the notes whole: written beside, then renamed, so that a crash leaves the old ones. */
export function writeDesk(dataDir: string, desk: string): Result<void> {
  const file = fileIn(dataDir);
  try {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(`${file}.tmp`, desk, { mode: 0o600 });
    renameSync(`${file}.tmp`, file);
    return ok(undefined);
  } catch (cause) {
    return err(writeFailure(cause, file));
  }
}
