import { createHash } from 'node:crypto';
import { closeSync, fstatSync, ftruncateSync, openSync, readdirSync, readSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { err, ok, type Result } from '../../../contract/result.ts';
import { writeFailure } from '../fs-error.ts';

/** What a journal is of: a listing of the same goes on with it. */
export interface JournalIdentity {
  readonly kind: string;
  readonly endpoint: string | null;
  readonly bucket: string;
  readonly prefix: string;
}

/**
 * What a long crawl has brought so far, kept in a file beside the index until the index has it. A record is there whole or not
 * at all: whatever ends the crawl, the next one goes on from the last whole record.
 */
export interface Journal {
  /** When the crawl began, however often it was taken up since. */
  readonly beganMs: number;
  readonly isResumed: boolean;
  append(record: Uint8Array): Result<void>;
  /** Every record so far, in order. */
  records(): Generator<Uint8Array>;
  /** Forgets every record and begins anew at this time. */
  restart(nowMs: number): Result<void>;
  close(): void;
  /** The index has it all. */
  remove(): void;
}

/** After so long, what was listed says too little of what is there. */
const KEPT_MS = 3 * 86_400_000;
const FRAME_BYTES = 8;
const MOST_RECORD_BYTES = 1 << 28;

/** The journals of an index: its name, and what they are of. */
const PREFIX = '.crawl-';

function journalPath(indexPath: string, identity: JournalIdentity): string {
  const hash = createHash('sha256').update(JSON.stringify([identity.kind, identity.endpoint, identity.bucket, identity.prefix]));
  return `${indexPath}${PREFIX}${hash.digest('hex').slice(0, 12)}`;
}

/**
 * Opens the journal of a crawl beside an index: the one that was broken off, or a new one. Whoever opens it holds the index's
 * lock. Journals nobody came back for are removed.
 */
export function openJournal(indexPath: string, identity: JournalIdentity, nowMs: number): Result<Journal> {
  const path = journalPath(indexPath, identity);
  let file: number | undefined;
  try {
    removeForgotten(indexPath, nowMs);
    file = openSync(path, statSync(path, { throwIfNoEntry: false }) === undefined ? 'wx+' : 'r+');
    const journal = new FileJournal(file, path, identity);
    const opened = journal.begin(nowMs);
    if (!opened.ok) journal.close();
    return opened.ok ? ok(journal) : opened;
  } catch (cause) {
    if (file !== undefined) closeSync(file);
    return err(writeFailure(cause, path));
  }
}

function removeForgotten(indexPath: string, nowMs: number): void {
  const prefix = basename(indexPath) + PREFIX;
  for (const name of readdirSync(dirname(indexPath))) {
    if (!name.startsWith(prefix) || !/^[0-9a-f]{12}$/.test(name.slice(prefix.length))) continue;
    const path = join(dirname(indexPath), name);
    const touchedMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? nowMs;
    if (nowMs - touchedMs > KEPT_MS) rmSync(path, { force: true });
  }
}

class FileJournal implements Journal {
  beganMs = 0;
  isResumed = false;
  private readonly file: number;
  private readonly path: string;
  private readonly identity: JournalIdentity;
  /** Where the first record lies, and where the next one goes. */
  private first = 0;
  private end = 0;
  private isOpen = true;

  constructor(file: number, path: string, identity: JournalIdentity) {
    this.file = file;
    this.path = path;
    this.identity = identity;
  }

  begin(nowMs: number): Result<void> {
    const head = this.readFrame(0);
    const beganMs = head === null ? null : this.beganOf(head);
    if (head === null || beganMs === null) return this.restart(nowMs);
    this.beganMs = beganMs;
    this.first = FRAME_BYTES + head.length;
    this.end = this.first;
    for (let frame = this.readFrame(this.end); frame !== null; frame = this.readFrame(this.end)) this.end += FRAME_BYTES + frame.length;
    this.isResumed = this.end > this.first;
    try {
      // A record cut off by a crash goes.
      ftruncateSync(this.file, this.end);
      return this.isResumed ? ok(undefined) : this.restart(nowMs);
    } catch (cause) {
      return err(writeFailure(cause, this.path));
    }
  }

  restart(nowMs: number): Result<void> {
    try {
      ftruncateSync(this.file, 0);
    } catch (cause) {
      return err(writeFailure(cause, this.path));
    }
    this.beganMs = nowMs;
    this.isResumed = false;
    this.end = 0;
    const written = this.append(Buffer.from(JSON.stringify({ ...this.identity, beganMs: nowMs })));
    this.first = this.end;
    return written;
  }

  append(record: Uint8Array): Result<void> {
    const frame = Buffer.alloc(FRAME_BYTES + record.length);
    frame.writeUInt32LE(record.length, 0);
    frame.writeUInt32LE(crc32(record), 4);
    frame.set(record, FRAME_BYTES);
    try {
      for (let done = 0; done < frame.length; ) done += writeSync(this.file, frame, done, frame.length - done, this.end + done);
      this.end += frame.length;
      return ok(undefined);
    } catch (cause) {
      return err(writeFailure(cause, this.path));
    }
  }

  *records(): Generator<Uint8Array> {
    const end = this.end;
    for (let at = this.first; at < end; ) {
      const frame = this.readFrame(at);
      if (frame === null) throw new Error('a record of the journal is gone');
      at += FRAME_BYTES + frame.length;
      yield frame;
    }
  }

  close(): void {
    if (this.isOpen) closeSync(this.file);
    this.isOpen = false;
  }

  remove(): void {
    this.close();
    rmSync(this.path, { force: true });
  }

  /** The record at this place; null where none lies whole. */
  private readFrame(at: number): Buffer | null {
    const size = fstatSync(this.file).size;
    if (at + FRAME_BYTES > size) return null;
    const head = this.readBytes(at, FRAME_BYTES);
    const length = head.readUInt32LE(0);
    if (length > MOST_RECORD_BYTES || at + FRAME_BYTES + length > size) return null;
    const record = this.readBytes(at + FRAME_BYTES, length);
    return crc32(record) === head.readUInt32LE(4) ? record : null;
  }

  private readBytes(at: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    for (let done = 0; done < length; ) {
      const got = readSync(this.file, bytes, done, length - done, at + done);
      if (got === 0) throw new Error('the journal ended early');
      done += got;
    }
    return bytes;
  }

  /** null where the head is of another crawl. */
  private beganOf(head: Buffer): number | null {
    try {
      const { beganMs, ...identity } = JSON.parse(head.toString('utf8')) as JournalIdentity & { beganMs: number };
      return JSON.stringify(identity) === JSON.stringify(this.identity) && Number.isSafeInteger(beganMs) ? beganMs : null;
    } catch {
      return null;
    }
  }
}
