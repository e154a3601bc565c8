import type { Migration } from './migration.ts';

/**
 * Units and what they belong to as packed columns, in pieces: a bucket has hundreds of thousands of them, and whoever asks for one
 * asks for all. Snapshots in the form before this one cannot be read any more.
 */
export const unitColumns: Migration = {
  version: 110,
  up(database) {
    database.exec(`
      DROP TABLE units;
      DROP TABLE unit_groups;
      DELETE FROM snapshots;
      DELETE FROM classes;
      DELETE FROM rules;
      DELETE FROM segments;
      DELETE FROM segment_ranges;
      DELETE FROM trees;
      DELETE FROM tree_columns;
      DELETE FROM cell_pieces;
      DELETE FROM cell_columns;
      DELETE FROM detail_names;
      DELETE FROM pointer_files;
      DELETE FROM uploads;
      DELETE FROM rows_elsewhere;
      DELETE FROM claims_elsewhere;
      CREATE TABLE unit_pieces (
        snapshot_id INTEGER NOT NULL,
        -- 'units' or 'groups'
        list TEXT NOT NULL,
        piece INTEGER NOT NULL,
        entries INTEGER NOT NULL,
        PRIMARY KEY (snapshot_id, list, piece)
      ) WITHOUT ROWID;
      CREATE TABLE unit_columns (
        snapshot_id INTEGER NOT NULL,
        list TEXT NOT NULL,
        piece INTEGER NOT NULL,
        column_name TEXT NOT NULL,
        crc32 INTEGER NOT NULL,
        data BLOB NOT NULL
      );
      -- Rules and overrides that found units, by the numbers that units hold.
      CREATE TABLE unit_rules (snapshot_id INTEGER NOT NULL, place INTEGER NOT NULL, rule_id TEXT NOT NULL, PRIMARY KEY (snapshot_id, place)) WITHOUT ROWID;
      CREATE UNIQUE INDEX unit_columns_by_place ON unit_columns (snapshot_id, list, piece, column_name);
    `);
  },
};
