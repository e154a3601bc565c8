import type { Migration } from './migration.ts';

/** Which columns a source told of, and the prefix a listing was of: what is not there is unknown, not empty. */
export const snapshotFields: Migration = {
  version: 30,
  up(database) {
    database.exec(`
      ALTER TABLE snapshots ADD COLUMN fields TEXT NOT NULL DEFAULT '[]';
      ALTER TABLE snapshots ADD COLUMN prefix TEXT NOT NULL DEFAULT '';
    `);
  },
};
