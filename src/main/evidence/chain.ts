import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { appError } from '../../contract/errors.ts';
import { Sha256Hex } from '../../contract/evidence.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { Instant } from '../../contract/units.ts';

/** One bundle made on this machine: so that the next of its bucket can name it. */
const LinkSchema = v.strictObject({ bucket: v.string(), root: Sha256Hex, createdAt: Instant, file: v.string() });
type Link = v.InferOutput<typeof LinkSchema>;

const chainPath = (dataDir: string): string => join(dataDir, 'evidence', 'chain.jsonl');

/** The root of the last bundle made here for a bucket; null where there is none. */
export function lastRoot(dataDir: string, bucket: string): Result<string | null> {
  const file = chainPath(dataDir);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return ok(null);
    return err(appError('FileUnreadable', 'The list of bundles made here cannot be read.', { file, detail: String(cause) }));
  }
  let last: string | null = null;
  // What follows the last line end was cut off by a crash: its bundle was never told of.
  for (const [index, line] of text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1)
    .entries()) {
    let link: Link;
    try {
      link = v.parse(LinkSchema, JSON.parse(line));
    } catch (cause) {
      return err(
        appError('FileUnreadable', 'The list of bundles made here is damaged.', {
          file,
          row: index + 1,
          detail: String(cause),
          next: 'Name the bundle before with --previous.',
        }),
      );
    }
    if (link.bucket === bucket) last = link.root;
  }
  return ok(last);
}

export function noteBundle(dataDir: string, link: Link): Result<void> {
  const file = chainPath(dataDir);
  try {
    mkdirSync(dirname(file), { recursive: true });
    appendFileSync(file, `${JSON.stringify(link)}\n`);
    return ok(undefined);
  } catch (cause) {
    return err(
      appError('FileUnwritable', 'The bundle was written, but the list of bundles made here could not be added to.', {
        file,
        detail: String(cause),
      }),
    );
  }
}
