import { crc32 } from 'node:zlib';
import Database from 'better-sqlite3';
import { migrate } from '../database.ts';
import { digestOf } from '../digest.ts';

type Tell = (words: string) => void;

/** What SQLite says of its own file, and whether its tables are ours. */
export function checkFile(database: Database, tell: Tell): void {
  const said = database.pragma('integrity_check(20)') as readonly { readonly integrity_check: string }[];
  for (const { integrity_check: words } of said) if (words !== 'ok') tell(`SQLite: ${words}`);
  const fresh = new Database(':memory:');
  try {
    migrate(fresh);
    const expected = schemaOf(fresh);
    const found = schemaOf(database);
    for (const [name, sql] of expected) if (found.get(name) !== sql) tell(`The definition of ${name} is another.`);
    for (const name of found.keys()) if (!expected.has(name)) tell(`${name} is nothing of Isotherm's.`);
  } finally {
    fresh.close();
  }
}

const schemaOf = (database: Database): Map<string, string> =>
  new Map(
    database
      .prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'")
      .all()
      .map((row) => [`${row.type} ${row.name} of ${row.tbl_name}`, String(row.sql)]),
  );

/** Tables of packed data, with the columns that say which data it is. */
const PACKED = [
  ['segments', ['segment']],
  ['tree_columns', []],
  ['cell_columns', ['piece']],
  ['unit_columns', ['list', 'piece']],
  ['claims_elsewhere', []],
] as const;

/** Everything stored of a snapshot against the checksums it was written with; `look` is called between pieces. */
export function checkStored(database: Database, snapshotId: number, tell: Tell, look: () => void): void {
  for (const [table, place] of PACKED) {
    const select = `SELECT ${[...place, 'column_name', 'crc32', 'data'].join(', ')} FROM ${table} WHERE snapshot_id = ?`;
    for (const row of database.prepare(select).iterate(snapshotId)) {
      look();
      if (row.data instanceof Uint8Array && crc32(row.data) === row.crc32) continue;
      tell(`${[table, ...place.map((name) => `${name} ${row[name]}`)].join(', ')}, column ${row.column_name}: its checksum is another.`);
    }
  }
  const written = database.prepare('SELECT digest FROM snapshot_digests WHERE snapshot_id = ?').get(snapshotId)?.digest;
  if (written !== digestOf(database, snapshotId)) tell('Its record, or one of the tables beside the packed data, is not what was written.');
}
