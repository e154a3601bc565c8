import type Database from 'better-sqlite3';
import { packNumbers, unpackNumbers } from './packed-numbers.ts';

/** A multipart upload that was begun and neither completed nor aborted: it is billed, and no listing of objects shows it. */
export interface IncompleteUpload {
  readonly key: string;
  readonly uploadId: string;
  readonly initiatedMs: number;
  readonly storageClass: string;
  /** Bytes of each part uploaded so far, by part number; null where they could not be listed. */
  readonly partBytes: readonly number[] | null;
}

export interface StoredUpload extends IncompleteUpload {
  readonly bytes: number | null;
}

export interface UploadTotals {
  readonly uploads: number;
  readonly parts: number;
  readonly bytes: number;
  /** Uploads whose parts could not be listed: their bytes are not in `bytes`. */
  readonly unread: number;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

export function writeUploads(database: Database, snapshotId: number, uploads: readonly IncompleteUpload[]): void {
  const insert = database.prepare(
    `INSERT INTO uploads (snapshot_id, upload, key, upload_id, initiated_ms, storage_class, part_count, bytes, part_bytes)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const [i, { key, uploadId, initiatedMs, storageClass, partBytes }] of uploads.entries()) {
    const parts = partBytes === null ? [null, null, null] : [partBytes.length, sum(partBytes), packNumbers(partBytes)];
    insert.run(snapshotId, i, key, uploadId, initiatedMs, storageClass, ...parts);
  }
}

/** Sums over the uploads whose keys begin with a prefix; null where the snapshot's source cannot tell. */
export function readUploadTotals(database: Database, snapshotId: number, prefix: string): UploadTotals | null {
  const known = database.prepare('SELECT upload_count FROM snapshots WHERE id = ?').get(snapshotId);
  if (known === undefined || known.upload_count === null) return null;
  const begins = Buffer.from(prefix, 'utf8');
  const row = database
    .prepare(
      `SELECT COUNT(*) AS uploads, COALESCE(SUM(part_count), 0) AS parts, COALESCE(SUM(bytes), 0) AS bytes,
         COUNT(*) - COUNT(part_count) AS unread
       FROM uploads WHERE snapshot_id = ? AND substr(CAST(key AS BLOB), 1, ?) = ?`,
    )
    .get(snapshotId, begins.length, begins);
  return { uploads: Number(row?.uploads), parts: Number(row?.parts), bytes: Number(row?.bytes), unread: Number(row?.unread) };
}

/** The uploads of a snapshot whose keys begin with a prefix, in the order of the listing; none where its source cannot tell. */
export function readUploads(database: Database, snapshotId: number, prefix: string): StoredUpload[] {
  return database
    .prepare(
      'SELECT key, upload_id, initiated_ms, storage_class, part_count, bytes, part_bytes FROM uploads WHERE snapshot_id = ? ORDER BY upload',
    )
    .all(snapshotId)
    .map((row) => ({
      key: String(row.key),
      uploadId: String(row.upload_id),
      initiatedMs: Number(row.initiated_ms),
      storageClass: String(row.storage_class),
      partBytes: row.part_bytes instanceof Uint8Array ? [...unpackNumbers(row.part_bytes, new Float64Array(Number(row.part_count)))] : null,
      bytes: row.bytes === null ? null : Number(row.bytes),
    }))
    .filter(({ key }) => key.startsWith(prefix));
}
