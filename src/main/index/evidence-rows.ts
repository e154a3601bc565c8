import type Database from 'better-sqlite3';
import { Days } from '../../core/access/days.ts';
import type { AccessFold, ReadTotals } from '../../core/access/fold.ts';
import type { PointerFacts } from '../../core/pointers/pointer-file.ts';
import type { TrackerExport } from '../../core/pointers/tracker.ts';

/** What is known of who read what of a bucket. */
export interface StoredAccess {
  readonly days: Days;
  readonly totals: readonly ReadTotals[];
  readonly files: number;
  readonly lines: number;
  readonly malformed: number;
  readonly partial: number;
}

export interface AccessFile {
  readonly digest: string;
  readonly name: string;
  readonly lines: number;
  readonly malformed: number;
  readonly partial: number;
}

export function knownDigests(database: Database, bucket: string): ReadonlySet<string> {
  return new Set(
    database
      .prepare('SELECT digest FROM access_files WHERE bucket = ?')
      .all(bucket)
      .map((row) => String(row.digest)),
  );
}

/** Adds what one import read to what is known; the caller holds the transaction. */
export function addAccess(database: Database, bucket: string, source: string, fold: AccessFold, files: readonly AccessFile[]): void {
  const addFile = database.prepare(
    'INSERT OR IGNORE INTO access_files (bucket, digest, name, lines, malformed, partial) VALUES (?, ?, ?, ?, ?, ?)',
  );
  for (const { digest, name, lines, malformed, partial } of files) addFile.run(bucket, digest, name, lines, malformed, partial);
  const addDay = database.prepare(
    `INSERT INTO access_days (bucket, day, source, events) VALUES (?, ?, ?, ?)
     ON CONFLICT (bucket, day, source) DO UPDATE SET events = events + excluded.events`,
  );
  for (const [day, events] of fold.eventsByDay()) addDay.run(bucket, day, source, events);
  const regionsOf = database.prepare(
    'SELECT regions FROM access_reads WHERE bucket = ? AND place_type = ? AND kind = ? AND path = ? AND requester = ? AND agent = ?',
  );
  const addRead = database.prepare(
    `INSERT INTO access_reads (bucket, place_type, kind, path, requester, agent, first_read_ms, last_read_ms, reads, whole_reads, bytes_sent, regions)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (bucket, place_type, kind, path, requester, agent) DO UPDATE SET
       first_read_ms = min(first_read_ms, excluded.first_read_ms),
       last_read_ms = max(last_read_ms, excluded.last_read_ms),
       reads = reads + excluded.reads,
       whole_reads = whole_reads + excluded.whole_reads,
       bytes_sent = bytes_sent + excluded.bytes_sent,
       regions = excluded.regions`,
  );
  for (const { place, reader, firstReadMs, lastReadMs, reads, wholeReads, bytesSent, bytesByRegion } of fold.result()) {
    const id = [bucket, place.type, place.kind, place.path, reader.requester, reader.agent] as const;
    const regions = new Map(bytesByRegion);
    for (const [region, bytes] of regionsIn(regionsOf.get(...id)?.regions)) regions.set(region, (regions.get(region) ?? 0) + bytes);
    addRead.run(...id, firstReadMs, lastReadMs, reads, wholeReads, bytesSent, JSON.stringify(Object.fromEntries(regions)));
  }
}

function regionsIn(json: unknown): [string, number][] {
  return typeof json === 'string' ? (Object.entries(JSON.parse(json) as Record<string, number>) as [string, number][]) : [];
}

export function accessIn(database: Database, bucket: string): StoredAccess {
  const days = database
    .prepare('SELECT DISTINCT day FROM access_days WHERE bucket = ?')
    .all(bucket)
    .map((row) => Number(row.day));
  const totals = database
    .prepare(
      `SELECT place_type, kind, path, requester, agent, first_read_ms, last_read_ms, reads, whole_reads, bytes_sent, regions
       FROM access_reads WHERE bucket = ?`,
    )
    .all(bucket)
    .map(
      (row): ReadTotals => ({
        place: { type: row.place_type === 'unit' ? 'unit' : 'directory', kind: String(row.kind), path: String(row.path) },
        reader: { requester: String(row.requester), agent: String(row.agent) },
        firstReadMs: Number(row.first_read_ms),
        lastReadMs: Number(row.last_read_ms),
        reads: Number(row.reads),
        wholeReads: Number(row.whole_reads),
        bytesSent: Number(row.bytes_sent),
        bytesByRegion: new Map(regionsIn(row.regions)),
      }),
    );
  const sums = database
    .prepare(
      'SELECT count(*) AS files, sum(lines) AS lines, sum(malformed) AS malformed, sum(partial) AS partial FROM access_files WHERE bucket = ?',
    )
    .get(bucket);
  const { files, lines, malformed, partial } = sums ?? {};
  return {
    days: new Days(days),
    totals,
    files: Number(files ?? 0),
    lines: Number(lines ?? 0),
    malformed: Number(malformed ?? 0),
    partial: Number(partial ?? 0),
  };
}

export interface StoredPointer {
  readonly key: string;
  readonly lastModifiedMs: number;
  readonly readAt: string;
  readonly facts: PointerFacts | null;
}

export function pointersIn(database: Database, bucket: string): StoredPointer[] {
  return database
    .prepare('SELECT key, last_modified_ms, read_at, facts FROM pointer_reads WHERE bucket = ? ORDER BY key')
    .all(bucket)
    .map((row) => ({
      key: String(row.key),
      lastModifiedMs: Number(row.last_modified_ms),
      readAt: String(row.read_at),
      facts: typeof row.facts === 'string' ? (JSON.parse(row.facts) as PointerFacts) : null,
    }));
}

export function addPointers(database: Database, bucket: string, pointers: readonly StoredPointer[]): void {
  const add = database.prepare(
    'INSERT OR REPLACE INTO pointer_reads (bucket, key, last_modified_ms, read_at, facts) VALUES (?, ?, ?, ?, ?)',
  );
  for (const { key, lastModifiedMs, readAt, facts } of pointers)
    add.run(bucket, key, lastModifiedMs, readAt, facts === null ? null : JSON.stringify(facts));
}

export interface StoredTracker extends TrackerExport {
  readonly name: string;
  readonly importedAt: string;
}

export function trackersIn(database: Database): StoredTracker[] {
  return database
    .prepare('SELECT name, imported_at, content FROM tracker_exports ORDER BY name')
    .all()
    .map((row) => ({ ...(JSON.parse(String(row.content)) as TrackerExport), name: String(row.name), importedAt: String(row.imported_at) }));
}

export function addTracker(database: Database, { name, importedAt, ...content }: StoredTracker): void {
  database
    .prepare('INSERT OR REPLACE INTO tracker_exports (name, tracker, imported_at, content) VALUES (?, ?, ?, ?)')
    .run(name, content.tracker, importedAt, JSON.stringify(content));
}

/** Whether there was one. */
export const removeTracker = (database: Database, name: string): boolean =>
  database.prepare('DELETE FROM tracker_exports WHERE name = ?').run(name).changes > 0;
