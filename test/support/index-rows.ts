import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Snapshot } from '../../src/contract/index-views.ts';
import { IS_DELETE_MARKER, IS_LATEST, type RowBatch } from '../../src/core/inventory/row-batch.ts';
import type { SnapshotMeta } from '../../src/main/index/snapshot-meta.ts';
import { openIndexWriter } from '../../src/main/index/writer.ts';

/** One inventory row as a person would write it down. */
export interface PlainRow {
  readonly key: string;
  readonly versionId: string;
  readonly state: 'current' | 'noncurrent' | 'marker' | 'old marker';
  readonly sizeBytes: number;
  readonly lastModifiedMs: number;
  readonly storageClass: string;
}

export const RESOURCES = fileURLToPath(new URL('../../resources', import.meta.url));
export const AS_OF_MS = Date.UTC(2026, 10, 20, 1);
const DAY = 86_400_000;
export const daysAgo = (days: number): number => AS_OF_MS - days * DAY;

export const META: SnapshotMeta = {
  bucket: 'ml-bucket',
  source: 'a test',
  sourceKind: 'inventory',
  asOfMs: AS_OF_MS,
  scannedAtMs: AS_OF_MS + 1000,
  manifestMd5: '0123456789abcdef0123456789abcdef',
  allVersions: true,
  region: 'us-east-1',
  isSample: false,
};

export function row(key: string, facts: Partial<PlainRow> = {}): PlainRow {
  return { key, versionId: 'v', state: 'current', sizeBytes: 1000, lastModifiedMs: daysAgo(10), storageClass: 'STANDARD', ...facts };
}

/** Packs rows; the dictionary of classes is shared by all batches of a snapshot. */
export function batchOf(rows: readonly PlainRow[], classes: { storageClass: string; accessTier: string }[]): RowBatch {
  const encoder = new TextEncoder();
  const keys = rows.map(({ key }) => encoder.encode(key));
  const ids = rows.map(({ versionId }) => encoder.encode(versionId));
  const pack = (texts: Uint8Array[]) => {
    const start = new Uint32Array(texts.length + 1);
    for (const [i, text] of texts.entries()) start[i + 1] = start[i]! + text.length;
    const bytes = new Uint8Array(start[texts.length]!);
    for (const [i, text] of texts.entries()) bytes.set(text, start[i]!);
    return { bytes, start };
  };
  const classId = (storageClass: string): number => {
    const known = classes.findIndex((one) => one.storageClass === storageClass);
    return known >= 0 ? known : classes.push({ storageClass, accessTier: '' }) - 1;
  };
  const isMarker = ({ state }: PlainRow): boolean => state === 'marker' || state === 'old marker';
  return {
    rows: rows.length,
    keyBytes: pack(keys).bytes,
    keyStart: pack(keys).start,
    versionIdBytes: pack(ids).bytes,
    versionIdStart: pack(ids).start,
    flags: Uint8Array.from(
      rows,
      (one) => (one.state === 'current' || one.state === 'marker' ? IS_LATEST : 0) | (isMarker(one) ? IS_DELETE_MARKER : 0),
    ),
    sizeBytes: Float64Array.from(rows, (one) => (isMarker(one) ? 0 : one.sizeBytes)),
    lastModifiedMs: Float64Array.from(rows, (one) => one.lastModifiedMs),
    classId: Uint16Array.from(rows, (one) => (isMarker(one) ? 0 : classId(one.storageClass))),
    classes,
  };
}

/** Writes rows into an index as one snapshot, some rows at a time. */
export async function writeIndex(
  path: string,
  rows: readonly PlainRow[],
  { meta = META, batchRows = 7 }: { readonly meta?: SnapshotMeta; readonly batchRows?: number } = {},
): Promise<Snapshot> {
  const writer = await openIndexWriter(path, RESOURCES);
  if (!writer.ok) throw new Error(`${writer.error.code}: ${writer.error.message}`);
  const builder = writer.value.begin(meta);
  const classes: { storageClass: string; accessTier: string }[] = [];
  for (let at = 0; at < rows.length; at += batchRows) {
    const added = builder.add(batchOf(rows.slice(at, at + batchRows), classes));
    if (!added.ok) throw new Error(added.error.message);
  }
  const snapshot = builder.finish({ coverage: 1, warnings: [] }, new AbortController().signal);
  if (!snapshot.ok) throw new Error(snapshot.error.message);
  const committed = writer.value.commit();
  if (!committed.ok) throw new Error(committed.error.message);
  return snapshot.value;
}

/** A folder of its own, gone after `use`. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'isotherm-index-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
