import { closeSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { type AppError, appError } from '../../contract/errors.ts';
import { type AuditEvent, type AuditLine, AuditLineSchema, type JournalEntry, OPEN_OUTCOMES } from '../../contract/journal.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { lockIndex } from '../index/lock.ts';
import { hashOfRest } from './hash.ts';

/** What a new line says; its place, time and hashes are the journal's own. */
export type JournalRecord = Omit<JournalEntry, 'journalId' | 'at' | 'sequence' | 'previousHash' | 'hash'>;
export type EventRecord = Omit<AuditEvent, 'at' | 'sequence' | 'previousHash' | 'hash'>;

const FILE = 'journal.jsonl';
const NO_HASH = '0'.repeat(64);
const NEWLINE = 0x0a;

export const journalPath = (dataDir: string): string => join(dataDir, 'journal', FILE);

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** "20261124-041647-0003": time, then place in the journal; sorts as it happened. */
const newId = (now: Date, sequence: number): string =>
  `${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}-${String(sequence).padStart(4, '0')}`;

interface JournalText {
  readonly lines: AuditLine[];
  /** Bytes up to the end of the last whole line; what lies behind it was cut off by a crash and never took effect. */
  readonly wholeBytes: number;
}

const isOperation = (line: AuditLine): line is JournalEntry => 'journalId' in line;

/**
 * Every line of the audit file, oldest first, its chain of hashes checked. JournalDamaged names the line at
 * fault; a file that does not exist is an empty one.
 */
export function readAudit(dataDir: string): Result<AuditLine[]> {
  const read = readText(dataDir);
  return read.ok ? ok(read.value.lines) : read;
}

/** The lines of the audit file that are about operations on buckets. */
export function readJournal(dataDir: string): Result<JournalEntry[]> {
  const read = readAudit(dataDir);
  return read.ok ? ok(read.value.filter(isOperation)) : read;
}

function readText(dataDir: string): Result<JournalText> {
  const file = journalPath(dataDir);
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    if (isMissing(error)) return ok({ lines: [], wholeBytes: 0 });
    return err(appError('FileUnreadable', 'The journal cannot be read.', { file, detail: String(error) }));
  }
  const damaged = (row: number, why: string): { ok: false; error: AppError } =>
    err(appError('JournalDamaged', `The journal is damaged: ${why}.`, { file, row }));
  const wholeBytes = bytes.lastIndexOf(NEWLINE) + 1;
  const lines: AuditLine[] = [];
  let from = 0;
  while (from < wholeBytes) {
    const end = bytes.indexOf(NEWLINE, from);
    const row = lines.length + 1;
    const line = parseLine(bytes.subarray(from, end));
    if (typeof line === 'string') return damaged(row, line);
    const previous = lines.at(-1);
    if (line.sequence !== row || line.previousHash !== (previous?.hash ?? NO_HASH))
      return damaged(row, 'an entry is missing or out of place');
    lines.push(line);
    from = end + 1;
  }
  // A crash cuts a line short, so that it lacks its end; a line that has it and no line break was changed.
  if (isWholeObject(bytes.subarray(wholeBytes))) return damaged(lines.length + 1, 'the last line break was changed');
  return ok({ lines, wholeBytes });
}

/** One line, or why it cannot be one. A line is exactly what was written: any other spelling of the same values is a change too. */
function parseLine(bytes: Buffer): AuditLine | string {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    return 'a line is not an entry';
  }
  const parsed = v.safeParse(AuditLineSchema, value);
  if (!parsed.success) return 'a line is not an entry';
  const isAsWritten = Buffer.from(JSON.stringify(value)).equals(bytes);
  return isAsWritten && parsed.output.hash === hashOfRest(parsed.output) ? parsed.output : 'an entry was changed after it was written';
}

/** Whether a text begins with all of a JSON object. */
function isWholeObject(bytes: Buffer): boolean {
  const text = bytes.toString('utf8');
  let depth = 0;
  let isString = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (isString) {
      if (letter === '\\') at += 1;
      else if (letter === '"') isString = false;
    } else if (letter === '"') isString = true;
    else if (letter === '{' || letter === '[') depth += 1;
    else if ((letter === '}' || letter === ']') && --depth === 0) return true;
  }
  return false;
}

/**
 * Adds a line about an operation and forces it to the disk before it returns. With `journalId` it is a further
 * line of that operation, otherwise the start of a new one.
 */
export function appendJournal(dataDir: string, now: Date, record: JournalRecord, journalId?: string): Result<JournalEntry> {
  return append(dataDir, (sequence) => ({ journalId: journalId ?? newId(now, sequence), at: now.toISOString(), ...record }));
}

/** Adds an event to the audit trail, as durably. */
export function appendEvent(dataDir: string, now: Date, record: EventRecord): Result<AuditEvent> {
  return append(dataDir, () => ({ at: now.toISOString(), ...record }));
}

const LOCK_PATIENCE_MS = 10_000;
const LOCK_POLL_MS = 5;

/** Lines are added one at a time, whoever adds them: the next one carries the hash of the last. */
function lockForAppend(file: string): Result<{ release(): void }> {
  for (let waitedMs = 0; ; waitedMs += LOCK_POLL_MS) {
    const lock = lockIndex(`${file}.append`, process.pid);
    if (lock.ok || lock.error.code !== 'IndexBusy') return lock;
    if (waitedMs >= LOCK_PATIENCE_MS) return err(appError('JournalBusy', 'Another Isotherm is writing to the journal.', { file }));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_POLL_MS);
  }
}

function append<T extends AuditLine>(
  dataDir: string,
  content: (sequence: number) => Omit<T, 'sequence' | 'previousHash' | 'hash'>,
): Result<T> {
  const file = journalPath(dataDir);
  const unwritable = (error: unknown) => {
    const isFull = error instanceof Error && 'code' in error && error.code === 'ENOSPC';
    const message = 'The journal cannot be written; nothing was sent to the bucket.';
    return err(appError(isFull ? 'DiskFull' : 'FileUnwritable', message, { file, detail: String(error) }));
  };
  try {
    mkdirSync(dirname(file), { recursive: true });
  } catch (error) {
    return unwritable(error);
  }
  const lock = lockForAppend(file);
  if (!lock.ok) return lock;
  try {
    const read = readText(dataDir);
    if (!read.ok) return read;
    const last = read.value.lines.at(-1);
    const sequence = (last?.sequence ?? 0) + 1;
    const unsigned = { ...content(sequence), sequence, previousHash: last?.hash ?? NO_HASH };
    const line = { ...unsigned, hash: hashOfRest(unsigned) } as T;
    writeLine(file, read.value.wholeBytes, Buffer.from(`${JSON.stringify(line)}\n`));
    return ok(line);
  } catch (error) {
    return unwritable(error);
  } finally {
    lock.value.release();
  }
}

/** Writes a line behind the last whole one and forces it to the disk; a new file is forced into its folder as well. */
function writeLine(file: string, wholeBytes: number, bytes: Buffer): void {
  const isNew = wholeBytes === 0;
  const handle = openSync(file, 'a', 0o600);
  try {
    ftruncateSync(handle, wholeBytes);
    for (let written = 0; written < bytes.length; ) written += writeSync(handle, bytes, written);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  if (!isNew || process.platform === 'win32') return;
  const folder = openSync(dirname(file), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** One entry per operation, newest first: its last line says what came of it. */
export function operations(entries: readonly JournalEntry[], bucket?: string): JournalEntry[] {
  const latest = new Map<string, JournalEntry>();
  for (const entry of entries) if (bucket === undefined || entry.bucket === bucket) latest.set(entry.journalId, entry);
  // The order of their first lines: ids carry the time, and a clock may have been set back since.
  return [...latest.values()].reverse();
}

/** Operations that were cut off before anyone knew how they ended, newest first. */
export const unfinished = (entries: readonly JournalEntry[], bucket?: string): JournalEntry[] =>
  operations(entries, bucket).filter(({ outcome }) => OPEN_OUTCOMES.includes(outcome));
