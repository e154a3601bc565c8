import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { APPLICATION_ID, migrate, userVersion } from '../../../src/main/index/database.ts';
import { LATEST_VERSION, MIGRATIONS } from '../../../src/main/index/migrations/index.ts';

const schema = (database: Database): unknown[] => database.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all();

test('migrations are numbered upwards in gaps of ten, and the last is the version this build writes', () => {
  const versions = MIGRATIONS.map(({ version }) => version);
  expect(versions).toEqual([...versions].sort((a, b) => a - b));
  expect(versions.every((version) => version % 10 === 0)).toBe(true);
  expect(new Set(versions).size).toBe(versions.length);
  expect(versions.at(-1)).toBe(LATEST_VERSION);
});

test('an index of any earlier version comes out with the schema of a new one, its rows kept', () => {
  const fresh = new Database(':memory:');
  migrate(fresh);
  expect(userVersion(fresh)).toBe(LATEST_VERSION);
  expect(fresh.pragma('application_id', { simple: true })).toBe(APPLICATION_ID);
  for (let steps = 1; steps < MIGRATIONS.length; steps++) {
    const old = new Database(':memory:');
    migrate(old, MIGRATIONS.slice(0, steps));
    old.prepare('INSERT INTO meta (name, value) VALUES (?, ?)').run('kept', 'yes');
    migrate(old);
    expect(schema(old)).toEqual(schema(fresh));
    expect(old.prepare('SELECT value FROM meta').get()).toEqual({ value: 'yes' });
    old.close();
  }
  fresh.close();
});

test('a migration that fails half way leaves schema and number as they were', () => {
  const database = new Database(':memory:');
  migrate(database);
  const before = schema(database);
  const broken = { version: LATEST_VERSION + 10, up: (db: Database) => void db.exec('CREATE TABLE half (a); CREATE TABLE half (a)') };
  expect(() => migrate(database, [...MIGRATIONS, broken])).toThrow(/half/);
  expect(schema(database)).toEqual(before);
  expect(userVersion(database)).toBe(LATEST_VERSION);
  database.close();
});
