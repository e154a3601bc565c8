import type Database from 'better-sqlite3';
import * as v from 'valibot';
import { type Approver, ApproverSchema, type PublicKey } from '../../contract/approval.ts';
import { appError } from '../../contract/errors.ts';
import type { JournalEntry } from '../../contract/journal.ts';
import { type Limits, LimitsSchema, type Plan } from '../../contract/plan.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { DEFAULT_LIMITS } from '../../core/apply/limits.ts';
import { changeIn, readFrom } from './small-changes.ts';

export interface Workspace {
  readonly approvers: Approver[];
  readonly limits: Limits;
}

export function readWorkspace(path: string): Result<Workspace> {
  return readFrom(path, (database) => ({ approvers: approversIn(database), limits: limitsIn(database) }));
}

function approversIn(database: Database): Approver[] {
  return database
    .prepare('SELECT key_id AS keyId, name, public_key AS publicKey, added_at AS addedAt FROM approvers ORDER BY added_at, key_id')
    .all()
    .map((row) => v.parse(ApproverSchema, row));
}

/** Bounds nobody has set are the usual ones; "null" is a bound that was taken away. */
function limitsIn(database: Database): Limits {
  const set = Object.fromEntries(
    database
      .prepare('SELECT name, value FROM limits')
      .all()
      .map((row) => [String(row.name), JSON.parse(String(row.value)) as unknown]),
  );
  return v.parse(LimitsSchema, { ...DEFAULT_LIMITS, ...set });
}

export function addApprover(path: string, key: PublicKey, now: Date): Result<Approver[]> {
  return changeIn(path, (database) => {
    database
      .prepare('INSERT OR REPLACE INTO approvers (key_id, name, public_key, added_at) VALUES (?, ?, ?, ?)')
      .run(key.keyId, key.name, key.publicKey, now.toISOString());
    return approversIn(database);
  });
}

export function removeApprover(path: string, keyId: string): Result<Approver[]> {
  const removed = changeIn(path, (database) => {
    const { changes } = database.prepare('DELETE FROM approvers WHERE key_id = ?').run(keyId);
    return changes === 0 ? null : approversIn(database);
  });
  if (!removed.ok) return removed;
  if (removed.value !== null) return ok(removed.value);
  return err(
    appError('KeyMissing', `The workspace lists no approver "${keyId}".`, { file: path, next: 'List them with "isotherm approvers".' }),
  );
}

export function setLimits(path: string, limits: Partial<Limits>): Result<Limits> {
  return changeIn(path, (database) => {
    const set = database.prepare('INSERT OR REPLACE INTO limits (name, value) VALUES (?, ?)');
    for (const [name, value] of Object.entries(limits)) if (value !== undefined) set.run(name, JSON.stringify(value));
    return limitsIn(database);
  });
}

/** Keeps a plan with the snapshot it was made from. */
export function keepPlan(path: string, plan: Plan): Result<void> {
  return changeIn(path, (database) => {
    database
      .prepare('INSERT OR REPLACE INTO plans (hash, made_at, bucket, snapshot_id, plan) VALUES (?, ?, ?, ?, ?)')
      .run(plan.hash, plan.createdAt, plan.target.bucket, Number(plan.inputs.snapshotId), JSON.stringify(plan));
  });
}

/** Copies the lines of the journal that the index lacks. The copy can be made late, as often as wanted, and never loses a line. */
export function copyJournal(path: string, entries: readonly JournalEntry[]): Result<void> {
  return changeIn(path, (database) => {
    const insert = database.prepare(
      'INSERT OR IGNORE INTO journal (hash, sequence, at, journal_id, bucket, outcome, plan_hash, entry) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    );
    for (const entry of entries) {
      const { hash, sequence, at, journalId, bucket, outcome, planHash } = entry;
      insert.run(hash, sequence, at, journalId, bucket, outcome, planHash, JSON.stringify(entry));
    }
  });
}

/** The hashes of the journal's lines that the index has seen, by their place. */
export function seenJournal(path: string): Result<{ sequence: number; hash: string }[]> {
  return readFrom(path, (database) =>
    database
      .prepare('SELECT sequence, hash FROM journal ORDER BY sequence')
      .all()
      .map((row) => ({ sequence: Number(row.sequence), hash: String(row.hash) })),
  );
}
