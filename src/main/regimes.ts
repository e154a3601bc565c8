import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { appError } from '../contract/errors.ts';
import { err, type Result } from '../contract/result.ts';
import { parseRegimes, type RegimeFile } from '../core/retention/schedules.ts';

/** The shipped duties to keep and to erase. */
export async function loadRegimes(resourcesDir: string): Promise<Result<RegimeFile>> {
  const file = join(resourcesDir, 'retention-regimes.json');
  try {
    return parseRegimes(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    return err(appError('FileUnreadable', 'The regimes that come with Isotherm cannot be read.', { file, detail: String(cause) }));
  }
}
