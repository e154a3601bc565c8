import type { Migration } from './migration.ts';

/** What a snapshot was when it was written, so that damage is told from it; and tags of its versions, as far as they were asked for. */
export const digestsAndTags: Migration = {
  version: 120,
  up(database) {
    database.exec(`
      -- SHA-256 of all that is stored of a snapshot beside packed data, whose checksums are in it; see digest.ts.
      CREATE TABLE snapshot_digests (snapshot_id INTEGER PRIMARY KEY, digest TEXT NOT NULL);
      -- Every set of tags that was met, once: JSON, a list of [key, value] in order.
      CREATE TABLE tag_sets (
        snapshot_id INTEGER NOT NULL,
        tag_set INTEGER NOT NULL,
        tags TEXT NOT NULL,
        PRIMARY KEY (snapshot_id, tag_set)
      ) WITHOUT ROWID;
      -- Versions whose tags were read; version_id is '' for the null version.
      CREATE TABLE tag_reads (
        snapshot_id INTEGER NOT NULL,
        key TEXT NOT NULL,
        version_id TEXT NOT NULL,
        tag_set INTEGER NOT NULL,
        PRIMARY KEY (snapshot_id, key, version_id)
      ) WITHOUT ROWID;
      -- What was asked for, and how far it got. ended_ms is NULL while there is more to ask.
      CREATE TABLE tag_scopes (
        snapshot_id INTEGER NOT NULL,
        prefix TEXT NOT NULL,
        begun_ms INTEGER NOT NULL,
        ended_ms INTEGER,
        versions INTEGER NOT NULL,
        tags_read INTEGER NOT NULL,
        refused INTEGER NOT NULL,
        gone INTEGER NOT NULL,
        PRIMARY KEY (snapshot_id, prefix)
      ) WITHOUT ROWID;
    `);
  },
};
