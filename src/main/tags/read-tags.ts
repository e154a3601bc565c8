import { setTimeout as sleep } from 'node:timers/promises';
import type { AppError } from '../../contract/errors.ts';
import type { Progress } from '../../contract/frames.ts';
import type { Remote } from '../../contract/remote.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { TagCoverage, TagScope } from '../../contract/tags.ts';
import { MARKER } from '../../core/cube/group.ts';
import { createCallLimit } from '../../core/listing/call-limit.ts';
import { type IndexReader, openIndex } from '../index/reader.ts';
import { rowsUnder } from '../index/rows-under.ts';
import { changeIn, readFrom } from '../index/small-changes.ts';
import { countTags, readScopes, type TagRead, writeScope, writeTags } from '../index/tags.ts';
import { type S3Connection, withConnection } from '../s3/client.ts';
import { attempt, isRightMissing, serviceCode } from '../s3/errors.ts';
import { USUAL_TUNING } from '../s3/guard.ts';
import { cancelled } from '../sources/cancelled.ts';
import { Patience } from '../sources/listing/patience.ts';

const MOST_CALLS = 64;
/** What is lost at most when the process dies. */
const KEPT_EVERY = 500;
/** Where so many, from all over, are refused and none is answered, the right is missing. */
const REFUSED_IN_VAIN = 20;

interface Version {
  readonly key: string;
  readonly versionId: string | null;
}

export interface ReadTagsOptions {
  readonly index: string;
  readonly snapshotId?: string | undefined;
  readonly prefix: string;
  readonly perSecond: number;
  readonly remote: Remote;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
}

/** How far the tags of a snapshot are known. */
export function tagCoverage(index: string, snapshotId: string | undefined): Result<TagCoverage> {
  const reader = openIndex(index);
  if (!reader.ok) return reader;
  const snapshot = reader.value.snapshot(snapshotId);
  if (!snapshot.ok) return snapshot;
  const { snapshotId: id, versions } = snapshot.value;
  return readFrom(index, (database) => ({
    snapshotId: id,
    versions,
    known: countTags(database, Number(id)),
    scopes: readScopes(database, Number(id)),
  }));
}

/** Asks for the tags that are not known yet, and keeps them in the index. */
export async function readTagsInto(options: ReadTagsOptions): Promise<Result<TagCoverage>> {
  const { index, prefix, remote, signal, now } = options;
  const reader = openIndex(index);
  if (!reader.ok) return reader;
  const snapshot = reader.value.snapshot(options.snapshotId);
  if (!snapshot.ok) return snapshot;
  const { snapshotId, bucket, allVersions } = snapshot.value;
  const listed = versionsToAsk(reader.value, snapshotId, prefix);
  if (!listed.ok) return listed;
  const { asked, versions, known } = listed.value;
  const scope: TagScope = { prefix, begun: now().toISOString(), ended: null, versions, read: known, refused: 0, gone: 0 };
  const keep = (reads: readonly TagRead[], told: TagScope): Result<void> =>
    changeIn(index, (database) => {
      writeTags(database, Number(snapshotId), reads);
      writeScope(database, Number(snapshotId), told);
    });
  const begun = keep([], scope);
  if (!begun.ok) return begun;
  const tuning = { ...USUAL_TUNING, maxAttempts: 1, connections: MOST_CALLS };
  const done = await withConnection(
    remote,
    bucket,
    signal,
    (connection) => askAll(new TagQueue(connection, bucket, allVersions, asked, scope, keep, options), now),
    tuning,
  );
  return done.ok ? tagCoverage(index, snapshotId) : done;
}

async function askAll(queue: TagQueue, now: () => Date): Promise<Result<void>> {
  await Promise.all(Array.from({ length: MOST_CALLS }, () => queue.work()));
  return queue.finish(now);
}

/** Versions below a prefix whose tags nobody has read. */
function versionsToAsk(
  reader: IndexReader,
  snapshotId: string,
  prefix: string,
): Result<{ readonly asked: Version[]; readonly versions: number; readonly known: number }> {
  const cube = reader.cube(snapshotId);
  if (!cube.ok) return cube;
  const tags = reader.tags(snapshotId);
  if (!tags.ok) return tags;
  let failure: AppError | undefined;
  const read = reader.reading(() => {
    const asked: Version[] = [];
    let versions = 0;
    const must = <T>(result: Result<T>): T => {
      if (result.ok) return result.value;
      failure = result.error;
      throw Object.assign(new Error(result.error.message), { code: 'SQLITE_ERROR' });
    };
    for (const { rows, row, path } of rowsUnder(reader, snapshotId, cube.value, prefix, must)) {
      if (rows.state[row] === MARKER) continue;
      versions += 1;
      const version = { key: path + rows.name(row), versionId: rows.versionId(row) };
      if (tags.value?.of(version.key, version.versionId) === undefined) asked.push(version);
    }
    return { asked: spreadFirst(asked, REFUSED_IN_VAIN), versions, known: versions - asked.length };
  });
  return failure === undefined ? read : err(failure);
}

/** The same, with so many from all over in front: one prefix may be refused where others are not. */
function spreadFirst<T>(all: readonly T[], count: number): T[] {
  const stride = Math.max(1, Math.floor(all.length / count));
  const isFirst = (at: number): boolean => at % stride === 0 && at / stride < count;
  return [...all.filter((_, at) => isFirst(at)), ...all.filter((_, at) => !isFirst(at))];
}

/** The versions still to be asked for, and what came of those that were. */
class TagQueue {
  private readonly connection: S3Connection;
  private readonly bucket: string;
  private readonly allVersions: boolean;
  private readonly asked: readonly Version[];
  private readonly keep: (reads: readonly TagRead[], scope: TagScope) => Result<void>;
  private readonly options: ReadTagsOptions;
  private readonly limit = createCallLimit(MOST_CALLS, Math.random);
  private readonly patience: Patience;
  private scope: TagScope;
  private waiting: TagRead[] = [];
  private next = 0;
  private inFlight = 0;
  private sendAt = 0;
  private failure: AppError | undefined;

  constructor(
    connection: S3Connection,
    bucket: string,
    allVersions: boolean,
    asked: readonly Version[],
    scope: TagScope,
    keep: (reads: readonly TagRead[], scope: TagScope) => Result<void>,
    options: ReadTagsOptions,
  ) {
    this.connection = connection;
    this.bucket = bucket;
    this.allVersions = allVersions;
    this.asked = asked;
    this.scope = scope;
    this.keep = keep;
    this.options = options;
    this.patience = new Patience(this.limit, options.signal);
  }

  /** Asks one after the other until there are no more, or something went wrong. */
  async work(): Promise<void> {
    for (;;) {
      const version = this.failure === undefined && !this.options.signal.aborted ? this.asked[this.next++] : undefined;
      if (version === undefined) return;
      await this.turn();
      if (this.failure !== undefined || this.options.signal.aborted) return;
      this.inFlight += 1;
      await this.ask(version);
      this.inFlight -= 1;
      if (this.waiting.length >= KEPT_EVERY) this.store(null);
      const { read, refused, gone, versions } = this.scope;
      this.options.progress({ phase: 'Reading tags', done: read + refused + gone, total: versions });
    }
  }

  finish(now: () => Date): Result<void> {
    const isWhole = this.failure === undefined && !this.options.signal.aborted;
    this.store(isWhole ? now().toISOString() : null);
    if (this.failure !== undefined) return err(this.failure);
    return isWhole ? ok(undefined) : err(cancelled());
  }

  /** Waits for the rate that was asked for, and for the service where it asked to slow down. */
  private async turn(): Promise<void> {
    const { signal, perSecond } = this.options;
    const now = performance.now();
    this.sendAt = Math.max(now, this.sendAt + 1000 / perSecond);
    const waitMs = this.sendAt - now;
    if (waitMs >= 1) await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    while (!signal.aborted && this.failure === undefined && this.limit.room(this.inFlight, performance.now()) === 0) {
      await sleep(Math.max(5, this.limit.waitMs(performance.now())), undefined, { signal }).catch(() => undefined);
    }
  }

  private async ask({ key, versionId }: Version): Promise<void> {
    const { client, sdk, endpoint } = this.connection;
    const { bucket } = this;
    // Without versions in the snapshot the object as it is now is meant.
    const VersionId = versionId ?? (this.allVersions ? 'null' : undefined);
    let isGone = false;
    const answer = await this.patience.insist(() =>
      attempt({ name: 'GetObjectTagging', bucket, key, endpoint }, async () => {
        try {
          return await client.send(new sdk.GetObjectTaggingCommand({ Bucket: bucket, Key: key, VersionId }), {
            abortSignal: this.options.signal,
          });
        } catch (error) {
          isGone = GONE.has(serviceCode(error));
          throw error;
        }
      }),
    );
    if (answer.ok) {
      const tags = (answer.value.TagSet ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''] as const);
      this.waiting.push({ key, versionId, tags });
      this.scope = { ...this.scope, read: this.scope.read + 1 };
    } else if (isGone) {
      this.patience.answered();
      this.scope = { ...this.scope, gone: this.scope.gone + 1 };
    } else if (isRightMissing(answer.error)) {
      this.patience.answered();
      this.scope = { ...this.scope, refused: this.scope.refused + 1 };
      if (this.scope.read === 0 && this.scope.refused >= Math.min(REFUSED_IN_VAIN, this.asked.length)) this.failure ??= answer.error;
    } else if (answer.error.code !== 'Cancelled') this.failure ??= answer.error;
  }

  private store(ended: string | null): void {
    const reads = this.waiting;
    this.waiting = [];
    const kept = this.keep(reads, { ...this.scope, ended });
    if (!kept.ok) this.failure ??= kept.error;
  }
}

/** S3 answers MethodNotAllowed for what has become a delete marker. */
const GONE = new Set(['NoSuchKey', 'NoSuchVersion', 'MethodNotAllowed', 'NotFound']);
