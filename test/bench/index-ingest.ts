import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RowBatch } from '../../src/core/inventory/row-batch.ts';
import { openIndex } from '../../src/main/index/reader.ts';
import { openIndexWriter } from '../../src/main/index/writer.ts';
import { batchOf, META, type PlainRow, RESOURCES, row } from '../support/index-rows.ts';

/** Prints how fast rows go into an index and how much room they take: node test/bench/index-ingest.ts [rows]. */
const ROWS = Number(process.argv[2] ?? 1_000_000);
const BATCH = 16_384;

function plainRow(i: number): PlainRow {
  const isOld = i % 10 === 9;
  const k = isOld ? i - 1 : i;
  const days = (k >>> 9) % 900;
  const key =
    k % 3 === 0
      ? `runs/team-${(k >>> 14) % 7}/exp-${k >>> 13}/checkpoint-${(k >>> 7) * 10}/model-${String(k % 128).padStart(5, '0')}-of-00128.safetensors`
      : k % 3 === 1
        ? `datasets/v${(k >>> 16) % 9}/shard-${k >>> 11}/part-${String(k).padStart(8, '0')}.parquet`
        : `logs/2025/${(k >>> 15) % 12}/${(k >>> 12) % 28}/app-${k}.log.gz`;
  return row(key, {
    versionId: '',
    state: isOld ? 'noncurrent' : 'current',
    sizeBytes: (k * 2654435761) % 1e9,
    lastModifiedMs: META.asOfMs - (days + (isOld ? 30 : 0)) * 86_400_000 - (k % 86_400) * 1000,
    storageClass: ['STANDARD', 'STANDARD_IA', 'GLACIER'][(k >>> 15) % 3] as string,
  });
}

const folder = mkdtempSync(join(tmpdir(), 'isotherm-bench-'));
const path = join(folder, 'x.db');
const writer = await openIndexWriter(path, RESOURCES);
if (!writer.ok) throw new Error(writer.error.message);
const builder = writer.value.begin(META);
const classes: { storageClass: string; accessTier: string }[] = [];
let addMs = 0;
for (let at = 0; at < ROWS; at += BATCH) {
  const batch: RowBatch = batchOf(
    Array.from({ length: Math.min(BATCH, ROWS - at) }, (_, i) => plainRow(at + i)),
    classes,
  );
  const before = performance.now();
  const added = builder.add(batch);
  if (!added.ok) throw new Error(added.error.message);
  addMs += performance.now() - before;
}
const finishing = performance.now();
const snapshot = builder.finish({ coverage: 1, warnings: [] }, new AbortController().signal);
if (!snapshot.ok) throw new Error(snapshot.error.message);
const committing = performance.now();
writer.value.commit();
const totalMs = addMs + performance.now() - finishing;
const opening = performance.now();
const reader = openIndex(path);
const cube = reader.ok ? reader.value.cube('1') : reader;
if (!cube.ok) throw new Error(cube.error.message);
const figures = {
  rows: ROWS,
  rowsPerSecond: Math.round(ROWS / (totalMs / 1000)),
  microsecondsPerRow: Number(((totalMs * 1000) / ROWS).toFixed(2)),
  addMs: Math.round(addMs),
  finishMs: Math.round(committing - finishing),
  bytesPerRow: Number((statSync(path).size / ROWS).toFixed(1)),
  directories: cube.value.tree.count,
  cells: cube.value.cellCount,
  openMs: Math.round(performance.now() - opening),
  peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
};
process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
rmSync(folder, { recursive: true, force: true });
