import type { Migration } from './migration.ts';

/**
 * What people say of keys and units, and what is known of them beside the inventory: pointer files, exports of trackers, and who read
 * what. Evidence is of a bucket and not of a snapshot: it holds for later ones too. Times in ms.
 */
export const evidence: Migration = {
  version: 80,
  up(database) {
    database.exec(`
      -- overrides, pins, keep, noise: JSON as the contract has it.
      CREATE TABLE unit_settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
      -- Small files of a snapshot that say which checkpoint is the last or the best.
      CREATE TABLE pointer_files (
        snapshot_id INTEGER NOT NULL,
        directory INTEGER NOT NULL,
        name TEXT NOT NULL,
        size_bytes INTEGER NOT NULL,
        last_modified_ms INTEGER NOT NULL,
        PRIMARY KEY (snapshot_id, directory, name)
      ) WITHOUT ROWID;
      CREATE TABLE pointer_reads (
        bucket TEXT NOT NULL,
        key TEXT NOT NULL,
        last_modified_ms INTEGER NOT NULL,
        read_at TEXT NOT NULL,
        -- What it says, as JSON; NULL where it is not what its name promises.
        facts TEXT,
        PRIMARY KEY (bucket, key)
      ) WITHOUT ROWID;
      CREATE TABLE tracker_exports (
        name TEXT PRIMARY KEY,
        tracker TEXT NOT NULL,
        imported_at TEXT NOT NULL,
        content TEXT NOT NULL
      ) WITHOUT ROWID;
      -- Log files that were read, by what is in them, so that none is counted twice.
      CREATE TABLE access_files (
        bucket TEXT NOT NULL,
        digest TEXT NOT NULL,
        name TEXT NOT NULL,
        lines INTEGER NOT NULL,
        malformed INTEGER NOT NULL,
        partial INTEGER NOT NULL,
        PRIMARY KEY (bucket, digest)
      ) WITHOUT ROWID;
      CREATE TABLE access_days (
        bucket TEXT NOT NULL,
        day INTEGER NOT NULL,
        source TEXT NOT NULL,
        events INTEGER NOT NULL,
        PRIMARY KEY (bucket, day, source)
      ) WITHOUT ROWID;
      CREATE TABLE access_reads (
        bucket TEXT NOT NULL,
        place_type TEXT NOT NULL,
        kind TEXT NOT NULL,
        path TEXT NOT NULL,
        requester TEXT NOT NULL,
        agent TEXT NOT NULL,
        first_read_ms INTEGER NOT NULL,
        last_read_ms INTEGER NOT NULL,
        reads INTEGER NOT NULL,
        whole_reads INTEGER NOT NULL,
        bytes_sent INTEGER NOT NULL,
        -- Bytes by the Region they were read from, as JSON.
        regions TEXT NOT NULL,
        PRIMARY KEY (bucket, place_type, kind, path, requester, agent)
      ) WITHOUT ROWID;
    `);
  },
};
