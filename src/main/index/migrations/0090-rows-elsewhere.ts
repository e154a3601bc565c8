import type { Migration } from './migration.ts';

/** Snapshots that a SQL engine added up: where their rows lie, as JSON (RowsAt). */
export const rowsElsewhere: Migration = {
  version: 90,
  up(database) {
    database.exec('CREATE TABLE rows_elsewhere (snapshot_id INTEGER PRIMARY KEY, rows_at TEXT NOT NULL)');
  },
};
