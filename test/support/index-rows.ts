import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Snapshot } from '../../src/contract/index-views.ts';
import { BatchBuilder } from '../../src/core/inventory/batch-builder.ts';
import { eTagParts } from '../../src/core/inventory/e-tag.ts';
import {
  IS_DELETE_MARKER,
  IS_HELD,
  IS_LATEST,
  IS_REPLICATION_BLOCKED,
  type RowBatch,
  TEXT_ETAG,
} from '../../src/core/inventory/row-batch.ts';
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
  readonly eTag: string;
  /** ReplicationStatus pending or failed. */
  readonly isBlocked: boolean;
  readonly isHeld: boolean;
  readonly retainUntilMs: number | null;
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
  fields: [
    'Bucket',
    'Key',
    'VersionId',
    'IsLatest',
    'IsDeleteMarker',
    'Size',
    'LastModifiedDate',
    'ETag',
    'StorageClass',
    'ReplicationStatus',
    'ObjectLockRetainUntilDate',
    'ObjectLockMode',
    'ObjectLockLegalHoldStatus',
  ],
  prefix: '',
  isClassified: true,
};

export function row(key: string, facts: Partial<PlainRow> = {}): PlainRow {
  return {
    key,
    versionId: 'v',
    state: 'current',
    sizeBytes: 1000,
    lastModifiedMs: daysAgo(10),
    storageClass: 'STANDARD',
    eTag: '',
    isBlocked: false,
    isHeld: false,
    retainUntilMs: null,
    ...facts,
  };
}

/** Packs rows with the builder every source uses; `builder` is shared by all batches of a snapshot. */
export function batchOf(rows: readonly PlainRow[], builder: BatchBuilder): RowBatch {
  builder.clear();
  for (const one of rows) {
    const key = Buffer.from(one.key, 'utf8');
    const id = Buffer.from(one.versionId, 'utf8');
    builder.reserve(key.length, id.length);
    builder.keyBytes.set(key, builder.keyEnd);
    builder.keyEnd += key.length;
    builder.versionIdBytes.set(id, builder.versionIdEnd);
    builder.versionIdEnd += id.length;
    const isMarker = one.state === 'marker' || one.state === 'old marker';
    const isLatest = one.state === 'current' || one.state === 'marker';
    const eTag = Buffer.from(one.eTag, 'utf8');
    const parts = eTagParts(eTag, 0, eTag.length);
    if (one.eTag !== '' && parts === TEXT_ETAG) builder.setETagText(one.eTag);
    else if (one.eTag !== '') builder.setETag(eTag, 0, parts);
    if (one.retainUntilMs !== null) builder.setRetainUntil(one.retainUntilMs);
    const flags =
      (isLatest ? IS_LATEST : 0) |
      (isMarker ? IS_DELETE_MARKER : 0) |
      (one.isBlocked ? IS_REPLICATION_BLOCKED : 0) |
      (one.isHeld ? IS_HELD : 0);
    builder.add(flags, isMarker ? 0 : one.sizeBytes, one.lastModifiedMs, builder.classIdOf(isMarker ? '' : one.storageClass, ''));
  }
  return builder.batch();
}

/** Writes rows into an index as one snapshot, some rows at a time. */
export async function writeIndex(
  path: string,
  rows: readonly PlainRow[],
  {
    meta = META,
    batchRows = 7,
    refusedPrefixes = [],
  }: { readonly meta?: SnapshotMeta; readonly batchRows?: number; readonly refusedPrefixes?: readonly string[] } = {},
): Promise<Snapshot> {
  const writer = await openIndexWriter(path, RESOURCES);
  if (!writer.ok) throw new Error(`${writer.error.code}: ${writer.error.message}`);
  const builder = writer.value.begin(meta);
  const batches = new BatchBuilder();
  for (let at = 0; at < rows.length; at += batchRows) {
    const added = builder.add(batchOf(rows.slice(at, at + batchRows), batches));
    if (!added.ok) throw new Error(added.error.message);
  }
  const snapshot = builder.finish({ coverage: 1, warnings: [], refusedPrefixes }, new AbortController().signal);
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
