import type { Migration } from './migration.ts';

/**
 * Versions, directories and cells as packed columns: one row per column, so that a later column
 * needs no migration. Directory numbers are pre-order, so a subtree is a range.
 */
export const columns: Migration = {
  version: 20,
  up(database) {
    database.exec(`
      CREATE TABLE segments (
        snapshot_id INTEGER NOT NULL,
        segment INTEGER NOT NULL,
        column_name TEXT NOT NULL,
        data BLOB NOT NULL
      );
      CREATE UNIQUE INDEX segments_by_place ON segments (snapshot_id, segment, column_name);
      CREATE TABLE segment_ranges (
        snapshot_id INTEGER NOT NULL,
        segment INTEGER NOT NULL,
        row_count INTEGER NOT NULL,
        first_directory INTEGER NOT NULL,
        last_directory INTEGER NOT NULL,
        PRIMARY KEY (snapshot_id, segment)
      ) WITHOUT ROWID;
      CREATE TABLE tree_columns (snapshot_id INTEGER NOT NULL, column_name TEXT NOT NULL, data BLOB NOT NULL);
      CREATE UNIQUE INDEX tree_columns_by_name ON tree_columns (snapshot_id, column_name);
      CREATE TABLE cell_columns (snapshot_id INTEGER NOT NULL, column_name TEXT NOT NULL, data BLOB NOT NULL);
      CREATE UNIQUE INDEX cell_columns_by_name ON cell_columns (snapshot_id, column_name);
    `);
  },
};
