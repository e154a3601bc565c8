import type { Migration } from './migration.ts';

/**
 * Versions, directories and cells as packed columns: one row per column, so that a later column needs no migration.
 * Directory numbers are pre-order, so a subtree is a range. Snapshots in the form before this one cannot be read any more.
 */
export const columns: Migration = {
  version: 70,
  up(database) {
    database.exec(`
      DROP TABLE IF EXISTS segments;
      DROP TABLE IF EXISTS segment_ranges;
      DROP TABLE IF EXISTS tree_columns;
      DROP TABLE IF EXISTS cell_columns;
      DELETE FROM snapshots;
      DELETE FROM classes;
      DELETE FROM rules;
      DELETE FROM units;
      DELETE FROM unit_groups;
      DELETE FROM uploads;

      -- Rows by directory, name, latest first, then newest. crc32 is that of the data.
      CREATE TABLE segments (
        snapshot_id INTEGER NOT NULL,
        segment INTEGER NOT NULL,
        column_name TEXT NOT NULL,
        crc32 INTEGER NOT NULL,
        data BLOB NOT NULL
      );
      CREATE UNIQUE INDEX segments_by_place ON segments (snapshot_id, segment, column_name);
      -- before_ms: last modification of the row before the first one.
      CREATE TABLE segment_ranges (
        snapshot_id INTEGER NOT NULL,
        segment INTEGER NOT NULL,
        row_count INTEGER NOT NULL,
        first_directory INTEGER NOT NULL,
        last_directory INTEGER NOT NULL,
        directory_count INTEGER NOT NULL,
        before_ms REAL NOT NULL,
        PRIMARY KEY (snapshot_id, segment)
      ) WITHOUT ROWID;
      CREATE TABLE trees (snapshot_id INTEGER PRIMARY KEY, directories INTEGER NOT NULL);
      CREATE TABLE tree_columns (
        snapshot_id INTEGER NOT NULL,
        column_name TEXT NOT NULL,
        crc32 INTEGER NOT NULL,
        data BLOB NOT NULL
      );
      CREATE UNIQUE INDEX tree_columns_by_name ON tree_columns (snapshot_id, column_name);
      CREATE TABLE cell_pieces (
        snapshot_id INTEGER NOT NULL,
        piece INTEGER NOT NULL,
        cell_count INTEGER NOT NULL,
        PRIMARY KEY (snapshot_id, piece)
      ) WITHOUT ROWID;
      CREATE TABLE cell_columns (
        snapshot_id INTEGER NOT NULL,
        piece INTEGER NOT NULL,
        column_name TEXT NOT NULL,
        crc32 INTEGER NOT NULL,
        data BLOB NOT NULL
      );
      CREATE UNIQUE INDEX cell_columns_by_name ON cell_columns (snapshot_id, piece, column_name);
      -- Columns of the source that have no place of their own; a segment's "details" has their values.
      CREATE TABLE detail_names (
        snapshot_id INTEGER NOT NULL,
        position INTEGER NOT NULL,
        name TEXT NOT NULL,
        PRIMARY KEY (snapshot_id, position)
      ) WITHOUT ROWID;
    `);
  },
};
