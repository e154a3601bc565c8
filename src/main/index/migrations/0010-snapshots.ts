import type { Migration } from './migration.ts';

/** What was crawled, and the storage classes each crawl met. */
export const snapshots: Migration = {
  version: 10,
  up(database) {
    database.exec(`
      CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE snapshots (
        id INTEGER PRIMARY KEY,
        bucket TEXT NOT NULL,
        source TEXT NOT NULL,
        source_kind TEXT NOT NULL,
        as_of_ms INTEGER NOT NULL,
        scanned_at_ms INTEGER NOT NULL,
        manifest_md5 TEXT,
        all_versions INTEGER NOT NULL,
        region TEXT,
        row_count INTEGER NOT NULL,
        versions INTEGER NOT NULL,
        delete_markers INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        coverage REAL NOT NULL,
        warnings TEXT NOT NULL,
        is_sample INTEGER NOT NULL
      );
      CREATE TABLE classes (
        snapshot_id INTEGER NOT NULL,
        class_id INTEGER NOT NULL,
        storage_class TEXT NOT NULL,
        access_tier TEXT NOT NULL,
        PRIMARY KEY (snapshot_id, class_id)
      ) WITHOUT ROWID;
      CREATE TABLE rules (
        snapshot_id INTEGER NOT NULL,
        rule INTEGER NOT NULL,
        rule_id TEXT NOT NULL,
        PRIMARY KEY (snapshot_id, rule)
      ) WITHOUT ROWID;
    `);
  },
};
