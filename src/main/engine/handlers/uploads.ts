import type { UPLOAD_METHODS } from '../../../contract/methods/uploads.ts';
import { ok } from '../../../contract/result.ts';
import { openIndex } from '../../index/reader.ts';
import type { Handlers } from '../handler.ts';

export const uploadHandlers: Pick<Handlers, keyof typeof UPLOAD_METHODS> = {
  'uploads.list': async ({ index, snapshotId, prefix, offset, limit }) => {
    const reader = openIndex(index);
    if (!reader.ok) return reader;
    const snapshot = reader.value.snapshot(snapshotId);
    if (!snapshot.ok) return snapshot;
    const totals = reader.value.uploadTotals(snapshot.value.snapshotId, prefix);
    if (!totals.ok) return totals;
    const uploads = reader.value.uploads(snapshot.value.snapshotId, prefix);
    if (!uploads.ok) return uploads;
    const largestFirst = [...uploads.value].sort((a, b) => (b.bytes ?? -1) - (a.bytes ?? -1));
    return ok({
      totals: totals.value,
      uploads: largestFirst.slice(offset, offset + limit).map(({ key, uploadId, initiatedMs, storageClass, partBytes, bytes }) => ({
        key,
        uploadId,
        initiated: new Date(initiatedMs).toISOString(),
        storageClass,
        parts: partBytes?.length ?? null,
        bytes,
      })),
    });
  },
};
