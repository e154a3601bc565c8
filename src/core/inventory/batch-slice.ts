import type { RowBatch } from './row-batch.ts';

/** Rows [from, to) of a batch, as views on the same buffers. */
export function sliceBatch(batch: RowBatch, from: number, to: number): RowBatch {
  if (from === 0 && to === batch.rows) return batch;
  const texts = [...batch.eTagTexts].filter(([row]) => row >= from && row < to);
  return {
    ...batch,
    rows: to - from,
    keyStart: batch.keyStart.subarray(from, to + 1),
    versionIdStart: batch.versionIdStart.subarray(from, to + 1),
    flags: batch.flags.subarray(from, to),
    sizeBytes: batch.sizeBytes.subarray(from, to),
    lastModifiedMs: batch.lastModifiedMs.subarray(from, to),
    retainUntilMs: batch.retainUntilMs.subarray(from, to),
    eTag: batch.eTag.subarray(from * 16, to * 16),
    eTagParts: batch.eTagParts.subarray(from, to),
    eTagTexts: new Map(texts.map(([row, text]) => [row - from, text])),
    classId: batch.classId.subarray(from, to),
    detailId: batch.detailId.subarray(from, to),
  };
}
