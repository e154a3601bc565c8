import type Database from 'better-sqlite3';
import { Days } from '../../core/access/days.ts';
import type { ReadTotals } from '../../core/access/fold.ts';
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
