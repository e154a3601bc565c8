import type Database from 'better-sqlite3';

/** One numbered change of the schema. It runs in a transaction with the new user_version. */
export interface Migration {
  readonly version: number;
  up(database: Database): void;
}
