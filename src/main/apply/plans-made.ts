import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as v from 'valibot';

/** Where on this machine a plan was made. A plan travels; this stays here, so that applying finds its workspace by itself. */
const MadeSchema = v.strictObject({ index: v.string(), snapshotId: v.string() });
export type Made = v.InferOutput<typeof MadeSchema>;

const fileOf = (dataDir: string, hash: string): string => join(dataDir, 'plans', `${hash}.json`);

/** Notes it; a note that cannot be written costs a convenience and nothing else. */
export function noteMade(dataDir: string, hash: string, made: Made): void {
  const file = fileOf(dataDir, hash);
  try {
    mkdirSync(join(dataDir, 'plans'), { recursive: true });
    writeFileSync(`${file}.tmp`, JSON.stringify({ ...made, index: resolve(made.index) }));
    renameSync(`${file}.tmp`, file);
  } catch {
    // Without the note the workspace has to be named.
  }
}

export function whereMade(dataDir: string, hash: string): Made | null {
  if (!/^[0-9a-f]{64}$/.test(hash)) return null;
  try {
    const parsed = v.safeParse(MadeSchema, JSON.parse(readFileSync(fileOf(dataDir, hash), 'utf8')));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
