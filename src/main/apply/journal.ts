import { closeSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { appError } from '../../contract/errors.ts';
import { type JournalEntry, JournalEntrySchema } from '../../contract/plan.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { hashOfRest } from './hash.ts';

/** What a new line says; its place, time and hashes are the journal's own. */
export type JournalRecord = Pick<
  JournalEntry,
  'action' | 'outcome' | 'bucket' | 'endpoint' | 'region' | 'pathStyle' | 'planHash' | 'before' | 'after' | 'error'
>;

const FILE = 'journal.jsonl';
const NO_HASH = '0'.repeat(64);

export const journalPath = (dataDir: string): string => join(dataDir, 'journal', FILE);

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** "20261124-041647-0003": time, then place in the journal; sorts as it happened. */
const newId = (now: Date, sequence: number): string =>
  `${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}-${String(sequence).padStart(4, '0')}`;

interface JournalText {
  readonly entries: JournalEntry[];
  /** Bytes up to the end of the last whole line; what lies behind it was cut off by a crash and never took effect. */
  readonly wholeBytes: number;
}

/**
 * Every line of the journal, oldest first, its chain of hashes checked. JournalDamaged names the line at
 * fault; a file that does not exist is an empty journal.
 */
export function readJournal(dataDir: string): Result<JournalEntry[]> {
  const read = readText(dataDir);
  return read.ok ? ok(read.value.entries) : read;
}

function readText(dataDir: string): Result<JournalText> {
  const file = journalPath(dataDir);
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    if (isMissing(error)) return ok({ entries: [], wholeBytes: 0 });
    return err(appError('FileUnreadable', 'The journal cannot be read.', { file, detail: String(error) }));
  }
  const wholeBytes = bytes.lastIndexOf(0x0a) + 1;
  const entries: JournalEntry[] = [];
  const damaged = (row: number, why: string) => err(appError('JournalDamaged', `The journal is damaged: ${why}.`, { file, row }));
  const lines = bytes.subarray(0, wholeBytes).toString('utf8').split('\n').slice(0, -1);
  for (const [index, line] of lines.entries()) {
    const parsed = parseLine(line);
    if (parsed === null) return damaged(index + 1, 'a line is not an entry');
    const previous = entries.at(-1);
    if (parsed.hash !== hashOfRest(parsed)) return damaged(index + 1, 'an entry was changed after it was written');
    if (parsed.sequence !== index + 1 || parsed.previousHash !== (previous?.hash ?? NO_HASH)) {
      return damaged(index + 1, 'an entry is missing or out of place');
    }
    entries.push(parsed);
  }
  return ok({ entries, wholeBytes });
}

function parseLine(line: string): JournalEntry | null {
  try {
    const parsed = v.safeParse(JournalEntrySchema, JSON.parse(line));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

/**
 * Adds a line and forces it to the disk before it returns. With `journalId` it is the outcome of that
 * operation, otherwise the start of a new one.
 */
export function appendJournal(dataDir: string, now: Date, record: JournalRecord, journalId?: string): Result<JournalEntry> {
  const read = readText(dataDir);
  if (!read.ok) return read;
  const last = read.value.entries.at(-1);
  const sequence = (last?.sequence ?? 0) + 1;
  const unsigned = {
    journalId: journalId ?? newId(now, sequence),
    at: now.toISOString(),
    ...record,
    sequence,
    previousHash: last?.hash ?? NO_HASH,
  };
  const entry: JournalEntry = { ...unsigned, hash: hashOfRest(unsigned) };
  const file = journalPath(dataDir);
  try {
    mkdirSync(join(dataDir, 'journal'), { recursive: true });
    const handle = openSync(file, 'a', 0o600);
    try {
      ftruncateSync(handle, read.value.wholeBytes);
      const line = Buffer.from(`${JSON.stringify(entry)}\n`);
      for (let written = 0; written < line.length; ) written += writeSync(handle, line, written);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    const isFull = error instanceof Error && 'code' in error && error.code === 'ENOSPC';
    return err(
      appError(isFull ? 'DiskFull' : 'FileUnwritable', 'The journal cannot be written; nothing was sent to the bucket.', {
        file,
        detail: String(error),
      }),
    );
  }
  return ok(entry);
}

/** One entry per operation, newest first: its outcome, or its intent where it was cut off before there was one. */
export function operations(entries: readonly JournalEntry[], bucket?: string): JournalEntry[] {
  const latest = new Map<string, JournalEntry>();
  for (const entry of entries) if (bucket === undefined || entry.bucket === bucket) latest.set(entry.journalId, entry);
  return [...latest.values()].sort((a, b) => (a.journalId < b.journalId ? 1 : -1));
}
