import type Database from 'better-sqlite3';
import type { TagScope } from '../../contract/tags.ts';

/** Tags of a version in the order of their keys. */
export type Tags = readonly (readonly [key: string, value: string])[];

export interface TagRead {
  readonly key: string;
  /** null for the null version and where there are no version ids. */
  readonly versionId: string | null;
  readonly tags: Tags;
}

/** Keeps what was read; the caller holds the transaction. What is known already is replaced. */
export function writeTags(database: Database, snapshotId: number, reads: readonly TagRead[]): void {
  const find = database.prepare('SELECT tag_set FROM tag_sets WHERE snapshot_id = ? AND tags = ?');
  const addSet = database.prepare(
    `INSERT INTO tag_sets (snapshot_id, tag_set, tags)
     SELECT ?, coalesce(max(tag_set), -1) + 1, ? FROM tag_sets WHERE snapshot_id = ? RETURNING tag_set`,
  );
  const add = database.prepare('INSERT OR REPLACE INTO tag_reads (snapshot_id, key, version_id, tag_set) VALUES (?, ?, ?, ?)');
  const known = new Map<string, number>();
  const setOf = (text: string): number => {
    const had = known.get(text) ?? (find.get(snapshotId, text) ?? addSet.get(snapshotId, text, snapshotId))?.tag_set;
    known.set(text, Number(had));
    return Number(had);
  };
  for (const { key, versionId, tags } of reads) add.run(snapshotId, key, versionId ?? '', setOf(tagText(tags)));
}

/** The same text for the same tags. */
const tagText = (tags: Tags): string => JSON.stringify([...tags].sort(([a], [b]) => (a < b ? -1 : 1)));

export function writeScope(database: Database, snapshotId: number, scope: TagScope): void {
  database
    .prepare(
      `INSERT OR REPLACE INTO tag_scopes (snapshot_id, prefix, begun_ms, ended_ms, versions, tags_read, refused, gone)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      snapshotId,
      scope.prefix,
      Date.parse(scope.begun),
      scope.ended === null ? null : Date.parse(scope.ended),
      scope.versions,
      scope.read,
      scope.refused,
      scope.gone,
    );
}

export const readScopes = (database: Database, snapshotId: number): TagScope[] =>
  database
    .prepare('SELECT * FROM tag_scopes WHERE snapshot_id = ? ORDER BY prefix')
    .all(snapshotId)
    .map((row) => ({
      prefix: String(row.prefix),
      begun: new Date(Number(row.begun_ms)).toISOString(),
      ended: row.ended_ms === null ? null : new Date(Number(row.ended_ms)).toISOString(),
      versions: Number(row.versions),
      read: Number(row.tags_read),
      refused: Number(row.refused),
      gone: Number(row.gone),
    }));

export const countTags = (database: Database, snapshotId: number): number =>
  Number(database.prepare('SELECT count(*) AS n FROM tag_reads WHERE snapshot_id = ?').get(snapshotId)?.n);

/** Tags of versions, as far as they were read. */
export interface KnownTags {
  /** undefined where nobody read them. */
  of(key: string, versionId: string | null): Tags | undefined;
}

/** null where none were read at all, which is so of most snapshots. */
export function readTags(database: Database, snapshotId: number): KnownTags | null {
  if (countTags(database, snapshotId) === 0) return null;
  const sets = new Map<number, Tags>();
  for (const { tag_set, tags } of database.prepare('SELECT tag_set, tags FROM tag_sets WHERE snapshot_id = ?').iterate(snapshotId)) {
    sets.set(Number(tag_set), JSON.parse(String(tags)) as Tags);
  }
  const select = database.prepare('SELECT tag_set FROM tag_reads WHERE snapshot_id = ? AND key = ? AND version_id = ?');
  return {
    of: (key, versionId) => {
      const found = select.get(snapshotId, key, versionId ?? '')?.tag_set;
      return found === undefined ? undefined : sets.get(Number(found));
    },
  };
}
