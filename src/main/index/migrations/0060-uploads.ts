import type { Migration } from './migration.ts';

/** What a listing knows besides versions: incomplete multipart uploads, and prefixes that could not be listed. */
export const uploads: Migration = {
  version: 60,
  up(database) {
    database.exec(`
      ALTER TABLE snapshots ADD COLUMN refused_prefixes TEXT NOT NULL DEFAULT '[]';
      -- NULL where nobody asked, as with every inventory.
      ALTER TABLE snapshots ADD COLUMN upload_count INTEGER;
      CREATE TABLE uploads (
        snapshot_id INTEGER NOT NULL,
        upload INTEGER NOT NULL,
        key TEXT NOT NULL,
        upload_id TEXT NOT NULL,
        initiated_ms INTEGER NOT NULL,
        storage_class TEXT NOT NULL,
        -- NULL where the parts could not be listed.
        part_count INTEGER,
        bytes INTEGER,
        -- Packed sizes of the parts in bytes, by part number.
        part_bytes BLOB,
        PRIMARY KEY (snapshot_id, upload)
      ) WITHOUT ROWID;
    `);
  },
};
