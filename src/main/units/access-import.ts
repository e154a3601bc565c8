import type { AccessImport } from '../../contract/access-views.ts';
import { type AppError, appError } from '../../contract/errors.ts';
import type { Remote } from '../../contract/remote.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { AccessFold } from '../../core/access/fold.ts';
import type { CallContext } from '../engine/handler.ts';
import { type AccessFile, addAccess, knownDigests } from '../index/evidence-rows.ts';
import { openIndex } from '../index/reader.ts';
import { changeIn, readFrom } from '../index/small-changes.ts';
import { cancelled } from '../sources/cancelled.ts';
import { type FileEntry, type FileSet, openFiles } from '../sources/file-set.ts';
import { IndexLocator } from './index-locator.ts';
import { type DigestedLog, digestLog, HELD_BYTES, readLog, unpacked } from './log-file.ts';

/** Logs come as very many small files: so many of those are fetched ahead, and what counts as small. */
const AHEAD = 16;
const SMALL_BYTES = 4 * 2 ** 20;
const MOST_NAMED = 20;

export interface AccessImportRequest {
  readonly index: string;
  readonly snapshotId?: string | undefined;
  readonly location: string;
  readonly remote?: Remote | undefined;
}

/**
 * Reads access logs and adds up who read what of the bucket of an index: all of them, or nothing where it fails. A log that was read
 * before counts once. AccessLogUnreadable where none of the files is a log.
 */
export async function importAccess(request: AccessImportRequest, context: CallContext): Promise<Result<AccessImport>> {
  const { signal } = context;
  const reader = openIndex(request.index);
  if (!reader.ok) return reader;
  const snapshot = reader.value.snapshot(request.snapshotId);
  if (!snapshot.ok) return snapshot;
  const { snapshotId, bucket, rowsAt } = snapshot.value;
  if (rowsAt !== null) {
    return err(
      appError('RowsElsewhere', `The rows of this snapshot are in ${rowsAt.address}; log files can only be told with rows in the index.`, {
        next: 'Make a table over the logs on the same engine, and name that: trino://… or athena://….',
      }),
    );
  }
  const cube = reader.value.cube(snapshotId);
  if (!cube.ok) return cube;
  const units = reader.value.units(snapshotId);
  if (!units.ok) return units;
  const known = readFrom(request.index, (database) => knownDigests(database, bucket));
  if (!known.ok) return known;
  const fold = new AccessFold(bucket, new IndexLocator(reader.value, snapshotId, cube.value, units.value.units));
  const set = await openFiles(request.location, request.remote ?? {}, signal);
  if (!set.ok) return set;
  try {
    const read = await readAll(set.value, known.value, fold, context);
    if (!read.ok) return read;
    const { files, skipped, unreadable } = read.value;
    const sums = { lines: 0, malformed: 0, partial: 0 };
    for (const { lines, malformed, partial } of files) {
      sums.lines += lines;
      sums.malformed += malformed;
      sums.partial += partial;
    }
    if (files.length + skipped === 0 || (sums.lines > 0 && sums.malformed === sums.lines)) {
      const detail = unreadable.length === 0 ? undefined : unreadable.map(({ name, words }) => `${name}: ${words}`).join('\n');
      return err(appError('AccessLogUnreadable', `Nothing in ${request.location} is an access log.`, { file: request.location, detail }));
    }
    const totals = fold.result();
    const changed = changeIn(request.index, (database): AppError | null => {
      const now = knownDigests(database, bucket);
      if (files.some(({ digest }) => now.has(digest))) return appError('IndexBusy', 'The same logs were read by somebody else meanwhile.');
      addAccess(database, bucket, set.value.source, fold, files);
      return null;
    });
    if (!changed.ok) return changed;
    if (changed.value !== null) return err(changed.value);
    const days = fold.eventsByDay().map(([day]) => day);
    return ok({
      bucket,
      source: set.value.source,
      files: files.length,
      filesKnown: skipped,
      filesUnreadable: unreadable.slice(0, MOST_NAMED),
      unreadable: unreadable.length,
      ...sums,
      requests: fold.events,
      reads: fold.reads,
      writes: fold.writes,
      otherBuckets: fold.otherBuckets,
      notInIndex: fold.notInIndex,
      places: totals.length,
      days: days.length,
    });
  } finally {
    set.value.close();
  }
}

interface ReadFiles {
  readonly files: AccessFile[];
  readonly skipped: number;
  readonly unreadable: { readonly name: string; readonly words: string }[];
}

async function readAll(
  set: FileSet,
  known: ReadonlySet<string>,
  fold: AccessFold,
  { signal, progress }: CallContext,
): Promise<Result<ReadFiles>> {
  const entries = await set.list(signal);
  if (!entries.ok) return entries;
  const total = entries.value.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const digests = new Set(known);
  const files: AccessFile[] = [];
  const unreadable: { name: string; words: string }[] = [];
  let [skipped, done] = [0, 0];
  const ahead = new ReadAhead(set, entries.value, signal);
  for (const [at, entry] of entries.value.entries()) {
    if (signal.aborted) return err(cancelled());
    try {
      const { digest, content } = await ahead.take(at);
      if (digests.has(digest)) skipped += 1;
      else {
        const counts = await readLog(content ?? unpacked(set.chunks(entry.name, signal)), (event) => fold.add(event));
        digests.add(digest);
        files.push({ digest, name: entry.name, ...counts });
      }
    } catch (error) {
      if (!isDamage(error)) return err(signal.aborted ? cancelled() : (ofIndex(error) ?? set.failure(error, entry.name)));
      unreadable.push({ name: entry.name, words: 'it is damaged and cannot be unpacked' });
    }
    done += entry.sizeBytes;
    progress({ phase: 'read logs', done, total });
  }
  return ok({ files, skipped, unreadable });
}

/** zlib's own failures: the file is at fault, not its place. */
const isDamage = (error: unknown): boolean => error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');

/** What the locator throws when the index cannot be read. */
const ofIndex = (error: unknown): AppError | undefined => (error as { failure?: AppError }).failure;

class ReadAhead {
  private readonly set: FileSet;
  private readonly entries: readonly FileEntry[];
  private readonly signal: AbortSignal;
  private readonly pending = new Map<number, Promise<DigestedLog>>();
  private next = 0;

  constructor(set: FileSet, entries: readonly FileEntry[], signal: AbortSignal) {
    this.set = set;
    this.entries = entries;
    this.signal = signal;
  }

  take(at: number): Promise<DigestedLog> {
    for (; this.next <= at || (this.pending.size < AHEAD && this.isSmall(this.next)); this.next++) {
      if (this.next >= this.entries.length) break;
      const digesting = digestLog(this.set.chunks((this.entries[this.next] as FileEntry).name, this.signal));
      // Whoever takes it is told; nobody takes those behind a failure.
      digesting.catch(() => undefined);
      this.pending.set(this.next, digesting);
    }
    const taken = this.pending.get(at);
    if (!taken) throw new Error('files are taken in their order, each once');
    this.pending.delete(at);
    return taken;
  }

  private isSmall(at: number): boolean {
    return (this.entries[at]?.sizeBytes ?? HELD_BYTES) <= SMALL_BYTES;
  }
}
