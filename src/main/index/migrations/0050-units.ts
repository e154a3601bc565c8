import type { Migration } from './migration.ts';

/**
 * What is kept or deleted whole, made by the scan, and what units belong to. Times in ms; `step` and `epoch` are numbers; `stem` is ""
 * for a whole directory, else what its names begin with ("#12": names that hold the number 12).
 */
export const units: Migration = {
  version: 50,
  up(database) {
    database.exec(`
      CREATE TABLE unit_groups (
        snapshot_id INTEGER NOT NULL,
        group_id INTEGER NOT NULL,
        kind TEXT NOT NULL,
        path TEXT NOT NULL,
        project TEXT NOT NULL,
        PRIMARY KEY (snapshot_id, group_id)
      ) WITHOUT ROWID;
      CREATE TABLE units (
        snapshot_id INTEGER NOT NULL,
        unit_id INTEGER NOT NULL,
        group_id INTEGER NOT NULL,
        kind TEXT NOT NULL,
        rule_id TEXT NOT NULL,
        confidence TEXT NOT NULL,
        directory INTEGER NOT NULL,
        stem TEXT NOT NULL,
        path TEXT NOT NULL,
        step INTEGER,
        epoch INTEGER,
        role TEXT NOT NULL,
        state TEXT NOT NULL,
        missing TEXT,
        day TEXT,
        files INTEGER NOT NULL,
        versions INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        current_bytes INTEGER NOT NULL,
        delete_markers INTEGER NOT NULL,
        first_write_ms INTEGER,
        last_write_ms INTEGER,
        PRIMARY KEY (snapshot_id, unit_id)
      ) WITHOUT ROWID;
    `);
  },
};
