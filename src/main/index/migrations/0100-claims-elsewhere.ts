import type { Migration } from './migration.ts';

/** What marks hold where in a rolled-up snapshot, by directory, packed: rows fetched later are judged by it. */
export const claimsElsewhere: Migration = {
  version: 100,
  up(database) {
    database.exec(`
      CREATE TABLE claims_elsewhere (snapshot_id INTEGER NOT NULL, column_name TEXT NOT NULL, crc32 INTEGER NOT NULL, data BLOB NOT NULL);
      CREATE UNIQUE INDEX claims_elsewhere_by_name ON claims_elsewhere (snapshot_id, column_name);
    `);
  },
};
