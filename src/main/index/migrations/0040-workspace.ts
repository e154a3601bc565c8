import type { Migration } from './migration.ts';

/**
 * What people decide about a workspace and do with it: whose approvals count, the limits, the plans made from it, and a copy of the
 * journal of its buckets. The journal itself is the chained file in the data folder.
 */
export const workspace: Migration = {
  version: 40,
  up(database) {
    database.exec(`
      CREATE TABLE approvers (
        key_id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        public_key TEXT NOT NULL,
        added_at TEXT NOT NULL
      ) WITHOUT ROWID;
      CREATE TABLE limits (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE plans (
        hash TEXT PRIMARY KEY,
        made_at TEXT NOT NULL,
        bucket TEXT NOT NULL,
        snapshot_id INTEGER NOT NULL,
        plan TEXT NOT NULL
      ) WITHOUT ROWID;
      CREATE TABLE journal (
        hash TEXT PRIMARY KEY,
        sequence INTEGER NOT NULL,
        at TEXT NOT NULL,
        journal_id TEXT NOT NULL,
        bucket TEXT NOT NULL,
        outcome TEXT NOT NULL,
        plan_hash TEXT,
        entry TEXT NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX journal_by_bucket ON journal (bucket, sequence);
    `);
  },
};
