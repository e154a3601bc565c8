import type { AppError } from '../../../contract/errors.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import { encodeUtf8 } from '../../../core/cube/utf8.ts';
import { decodeRows, recordOf } from '../../../core/listing/page-record.ts';
import { type Covered, gapsBetween } from '../../../core/listing/position.ts';
import { pastPrefix } from '../../../core/listing/split-points.ts';
import { isRightMissing } from '../../s3/errors.ts';
import { listInTurn } from './in-turn.ts';
import type { Journal } from './journal.ts';
import { Lister, type ListerOptions } from './lister.ts';

export interface Crawled {
  /** Prefixes that may not be listed, neither whole nor folder by folder. */
  readonly refused: readonly string[];
  /** Share of the prefixes found that could be listed; how much lies below the others nobody can tell. */
  readonly coverage: number;
}

/** What was covered, by the prefix that was listed. */
export type DoneBy = ReadonlyMap<string, readonly Covered[]>;

/**
 * Lists everything below a prefix. What the journal holds of an earlier, broken-off crawl (`done`) is taken from there. Where
 * the prefix may not be listed whole, it is walked folder by folder and whatever may be listed is.
 */
export async function crawl(options: ListerOptions, prefix: string, done: DoneBy): Promise<Result<Crawled>> {
  const lister = new Lister(options);
  try {
    const resumed = resume(options, lister);
    return resumed.ok ? await list(options, lister, prefix, done) : resumed;
  } finally {
    lister.close();
  }
}

async function list(options: ListerOptions, lister: Lister, prefix: string, done: DoneBy): Promise<Result<Crawled>> {
  const refused: string[] = [];
  const records = [...done.keys()];
  let listed = 0;
  let denial: AppError | undefined;
  for (let level = [prefix]; level.length > 0; ) {
    // A prefix that was walked before the crawl broke off is walked again: its folders have their own records.
    const walked = level.filter((one) => !done.has(one) && records.some((other) => other.startsWith(one)));
    const whole = level.filter((one) => !walked.includes(one)).map((one) => ({ prefix: one, covered: done.get(one) ?? [] }));
    const denied = await lister.list(whole);
    if (!denied.ok && lister.isUnordered && lister.rows === 0) return await unordered(options, prefix);
    if (!denied.ok) return denied;
    listed += whole.length - denied.value.length;
    level = [];
    for (const one of [...walked, ...denied.value]) {
      const folder = await listInTurn(options, one, '/');
      if (folder.ok) {
        listed++;
        lister.rows += folder.value.rows;
        level.push(...folder.value.prefixes);
      } else if (isRightMissing(folder.error)) {
        denial ??= folder.error;
        refused.push(one);
      } else return folder;
    }
  }
  if (listed === 0 && denial !== undefined) return err(denial);
  return ok({ refused: refused.sort(), coverage: listed / (listed + refused.length) });
}

/** Ranges need keys in order. A server that has none is listed as it likes: slowly, and from the start each time. */
async function unordered(options: ListerOptions, prefix: string): Promise<Result<Crawled>> {
  const listed = await listInTurn(options, prefix);
  return listed.ok ? ok({ refused: [], coverage: 1 }) : listed;
}

/** Puts in what the journal holds. */
function resume({ journal, builder, onBatch, onProgress }: ListerOptions, lister: Lister): Result<void> {
  for (const record of journal?.records() ?? []) {
    builder.clear();
    if (!decodeRows(record, builder)) throw new Error('a record of the journal changed');
    lister.rows += builder.rows;
    const taken = builder.rows === 0 ? ok(undefined) : onBatch(builder.batch());
    if (!taken.ok) return taken;
    onProgress(lister.rows, 0);
  }
  return ok(undefined);
}

/** What the records of a journal cover; null where they do not add up. */
export function coveredBy(journal: Journal): DoneBy | null {
  const done = new Map<string, Covered[]>();
  for (const bytes of journal.records()) {
    const record = recordOf(bytes);
    if (record === null) return null;
    const known = done.get(record.prefix);
    if (known === undefined) done.set(record.prefix, [record.covered]);
    else known.push(record.covered);
  }
  const prefixes = [...done.keys()].sort();
  if (prefixes.some((prefix, i) => i > 0 && prefix.startsWith(prefixes[i - 1] as string))) return null;
  for (const [prefix, covered] of done) {
    const end = pastPrefix(prefix);
    if (gapsBetween(covered, end === undefined ? null : encodeUtf8(end)) === null) return null;
  }
  return done;
}
