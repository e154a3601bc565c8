import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { appError } from '../../contract/errors.ts';
import type { Pointers, PointersRead, PointerView, TrackerView } from '../../contract/pointer-views.ts';
import type { Remote } from '../../contract/remote.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { isSafeKey } from '../../core/inventory/manifest.ts';
import { parsePointer } from '../../core/pointers/pointer-file.ts';
import { parseTracker } from '../../core/pointers/tracker.ts';
import { runOf } from '../../core/units/paths.ts';
import type { CallContext } from '../engine/handler.ts';
import { addPointers, addTracker, removeTracker, type StoredPointer, type StoredTracker, trackersIn } from '../index/evidence-rows.ts';
import { changeIn, readFrom } from '../index/small-changes.ts';
import { readPointerFiles } from '../index/unit-rows.ts';
import { serviceCode } from '../s3/errors.ts';
import { cancelled } from '../sources/cancelled.ts';
import { type FileSet, openFiles } from '../sources/file-set.ts';
import { isMissing, readFailure } from '../sources/fs-error.ts';
import type { Advice } from './advice.ts';

const MOST_NAMED = 100;
const AT_ONCE = 8;
const MOST_EXPORT_BYTES = 256 * 2 ** 20;

interface Listed {
  readonly key: string;
  readonly sizeBytes: number;
  readonly lastModifiedMs: number;
}

/** The files worth reading below a prefix. Every checkpoint of a run has a trainer_state.json, and the newest holds the others' history. */
function pointerFiles({ view }: Advice, index: string, prefix: string): Result<Listed[]> {
  const found = readFrom(index, (database) => readPointerFiles(database, Number(view.snapshotId)));
  if (!found.ok) return found;
  const files: Listed[] = [];
  const newest = new Map<string, Listed>();
  for (const { directory, name, sizeBytes, lastModifiedMs } of found.value) {
    const folder = view.cube.tree.path(directory);
    const file = { key: folder + name, sizeBytes, lastModifiedMs };
    if (!file.key.startsWith(prefix)) continue;
    if (name !== 'trainer_state.json') {
      files.push(file);
      continue;
    }
    const run = runOf(folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1));
    if (lastModifiedMs >= (newest.get(run)?.lastModifiedMs ?? Number.NEGATIVE_INFINITY)) newest.set(run, file);
  }
  return ok([...files, ...newest.values()].sort((a, b) => (a.key < b.key ? -1 : 1)));
}

export function listPointers(
  advice: Advice,
  at: { readonly index: string; readonly prefix: string; readonly offset: number; readonly limit: number },
): Result<Pointers> {
  const files = pointerFiles(advice, at.index, at.prefix);
  if (!files.ok) return files;
  const known = new Map(advice.pointers.map((pointer) => [pointer.key, pointer]));
  const views = files.value.map((file) => viewOf(file, known.get(file.key)));
  const unread = views.filter(({ readAt }) => readAt === null);
  const { dangling, orphans } = advice.references;
  const lost = orphans.bytesWithoutRun.flatMap((unit) => advice.units[unit] ?? []).filter(({ path }) => path.startsWith(at.prefix));
  return ok({
    bucket: advice.bucket,
    asOf: advice.view.asOf,
    files: views.slice(at.offset, at.offset + at.limit),
    total: views.length,
    unread: unread.length,
    unreadBytes: unread.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    trackers: advice.trackers.map(trackerView),
    dangling: dangling.slice(0, MOST_NAMED).map(({ key, says }) => ({ key, says })),
    bytesWithoutRun: lost.slice(0, MOST_NAMED).map(({ unit, path, bytes }) => ({ unitId: unit, path, bytes })),
    totalBytesWithoutRun: lost.reduce((sum, { bytes }) => sum + bytes, 0),
    runsWithoutBytes: orphans.runsWithoutBytes.slice(0, MOST_NAMED).map((run) => ({ ...run })),
    totalRunsWithoutBytes: orphans.runsWithoutBytes.length,
  });
}

const isCurrent = (file: Listed, read: StoredPointer | undefined): read is StoredPointer =>
  read !== undefined && read.lastModifiedMs >= file.lastModifiedMs;

function viewOf(file: Listed, read: StoredPointer | undefined): PointerView {
  const fresh = isCurrent(file, read) ? read : undefined;
  return {
    key: file.key,
    sizeBytes: file.sizeBytes,
    lastModified: new Date(file.lastModifiedMs).toISOString(),
    readAt: fresh?.readAt ?? null,
    says: fresh?.facts ? { tracked: [...fresh.facts.tracked], best: [...fresh.facts.best], metrics: fresh.facts.metrics.length } : null,
  };
}

/** Reads the listed files that were not read yet, and nothing else. */
export async function readPointers(
  advice: Advice,
  request: { readonly index: string; readonly prefix: string; readonly copy?: string | undefined; readonly remote?: Remote | undefined },
  { signal, progress, environment }: CallContext,
): Promise<Result<PointersRead>> {
  const files = pointerFiles(advice, request.index, request.prefix);
  if (!files.ok) return files;
  const known = new Map(advice.pointers.map((pointer) => [pointer.key, pointer]));
  const wanted = files.value.filter((file) => !isCurrent(file, known.get(file.key)));
  if (advice.isSample && request.copy === undefined)
    return err(appError('Usage', 'The sample is no bucket of anybody: there is nothing to read from.', { field: 'index' }));
  const set = await openFiles(request.copy ?? `s3://${advice.bucket}/`, request.remote ?? {}, signal);
  if (!set.ok) return set;
  const read: StoredPointer[] = [];
  const answer: PointersRead = { read: 0, bytes: 0, unclear: [], missing: [] };
  try {
    for (let from = 0; from < wanted.length; from += AT_ONCE) {
      if (signal.aborted) return err(cancelled());
      const some = wanted.slice(from, from + AT_ONCE);
      // Keys are hostile text: in a copy none may lead out of the folder.
      const isThere = ({ key }: Listed): boolean => request.copy === undefined || isSafeKey(key);
      const texts = await Promise.all(some.map((file) => (isThere(file) ? textOf(set.value, file, signal) : ok(null))));
      for (const [at, text] of texts.entries()) {
        const { key, lastModifiedMs } = some[at] as Listed;
        if (!text.ok) return text;
        if (text.value === null) {
          answer.missing.push(key);
          continue;
        }
        const facts = parsePointer(key.slice(key.lastIndexOf('/') + 1), text.value);
        if (facts === null) answer.unclear.push(key);
        answer.read += 1;
        answer.bytes += text.value.length;
        read.push({ key, lastModifiedMs, readAt: environment.now().toISOString(), facts });
      }
      progress({ phase: 'read pointers', done: from + some.length, total: wanted.length });
    }
  } finally {
    set.value.close();
  }
  const stored = changeIn(request.index, (database) => addPointers(database, advice.bucket, read));
  return stored.ok ? ok(answer) : stored;
}

async function textOf(set: FileSet, { key, sizeBytes }: Listed, signal: AbortSignal): Promise<Result<string | null>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of set.chunks(key, signal)) {
      chunks.push(chunk);
      bytes += chunk.length;
      // It grew since it was listed: no more is read than was said.
      if (bytes > Math.max(sizeBytes * 2, 65_536)) return ok(null);
    }
  } catch (error) {
    if (isMissing(error) || serviceCode(error) === 'NoSuchKey') return ok(null);
    return err(signal.aborted ? cancelled() : set.failure(error, key));
  }
  return ok(Buffer.concat(chunks).toString('utf8'));
}

const trackerView = ({ name, tracker, importedAt, runs, models }: StoredTracker): TrackerView => ({
  name,
  tracker,
  importedAt,
  runs: runs.length,
  openRuns: runs.filter(({ state }) => state === 'open').length,
  models: models.length,
});

export async function importTracker(index: string, file: string, name: string | undefined, now: Date): Promise<Result<TrackerView>> {
  let content: Buffer;
  try {
    content = await readFile(file);
  } catch (error) {
    return err(isMissing(error) ? appError('SourceNotFound', `There is no file ${file}.`, { file }) : readFailure(error, file));
  }
  if (content.length > MOST_EXPORT_BYTES) return err(appError('TrackerUnreadable', 'The export is larger than 256 MiB.', { file }));
  const parsed = parseTracker(content.toString('utf8'), file);
  if (!parsed.ok) return parsed;
  const stored = { ...parsed.value, name: name ?? basename(file), importedAt: now.toISOString() };
  const changed = changeIn(index, (database) => addTracker(database, stored));
  return changed.ok ? ok(trackerView(stored)) : changed;
}

export function forgetTracker(index: string, name: string): Result<{ trackers: TrackerView[] }> {
  const changed = changeIn(index, (database) => (removeTracker(database, name) ? trackersIn(database) : null));
  if (!changed.ok) return changed;
  if (changed.value === null) return err(appError('Usage', `There is no export "${name}".`, { field: 'name' }));
  return ok({ trackers: changed.value.map(trackerView) });
}
