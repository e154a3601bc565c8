import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { BatchBuilder } from '../../core/inventory/batch-builder.ts';
import { decodeKey } from '../../core/inventory/decode.ts';
import { IS_DELETE_MARKER, IS_LATEST, type RowBatch } from '../../core/inventory/row-batch.ts';

/** One entry of a LIST answer; everything a server may leave out is optional. */
export interface ListedVersion {
  readonly key: string | undefined;
  readonly versionId: string | undefined;
  readonly isLatest: boolean | undefined;
  readonly isDeleteMarker: boolean;
  readonly sizeBytes: number | undefined;
  readonly lastModified: Date | undefined;
  readonly storageClass: string | undefined;
}

/** Puts listed versions into batches. `isEncoded` says whether the server honoured EncodingType "url"; some do not. */
export function createListingRows(builder: BatchBuilder, onBatch: (batch: RowBatch) => Result<void>) {
  let count = 0;

  function flush(): Result<void> {
    if (builder.rows === 0) return ok(undefined);
    const taken = onBatch(builder.batch());
    builder.clear();
    return taken;
  }

  const odd = (words: string) => err(appError('RemoteFailed', `The listing holds an entry ${words}.`));

  return {
    add(version: ListedVersion, isEncoded: boolean): Result<void> {
      const { key, lastModified } = version;
      if (key === undefined || key === '') return odd('without a key');
      if (lastModified === undefined || Number.isNaN(lastModified.getTime())) return odd(`without a time, key "${key}"`);
      if (version.sizeBytes === undefined || !Number.isSafeInteger(version.sizeBytes)) return odd(`without a size, key "${key}"`);
      const keyBytes = Buffer.from(key, 'utf8');
      // The null version is written as "null" in listings.
      const id = version.versionId === undefined || version.versionId === 'null' ? '' : version.versionId;
      const idBytes = Buffer.from(id, 'latin1');
      builder.reserve(keyBytes.length, idBytes.length);
      if (isEncoded) {
        const end = decodeKey(keyBytes, 0, keyBytes.length, builder.keyBytes, builder.keyEnd);
        if (end < 0) return odd(`whose key is not encoded as it should be, "${key}"`);
        builder.keyEnd = end;
      } else {
        builder.keyBytes.set(keyBytes, builder.keyEnd);
        builder.keyEnd += keyBytes.length;
      }
      builder.versionIdBytes.set(idBytes, builder.versionIdEnd);
      builder.versionIdEnd += idBytes.length;
      // A server that names no class means its only one.
      const classId = builder.classIdOf(version.isDeleteMarker ? '' : (version.storageClass ?? 'STANDARD'), '');
      if (classId < 0) return odd('of one storage class too many');
      builder.add(
        (version.isLatest === false ? 0 : IS_LATEST) | (version.isDeleteMarker ? IS_DELETE_MARKER : 0),
        version.sizeBytes,
        lastModified.getTime(),
        classId,
      );
      count++;
      return builder.isFull ? flush() : ok(undefined);
    },
    end(): Result<{ coverage: number; warnings: string[] }> {
      const flushed = flush();
      return flushed.ok ? ok({ coverage: 1, warnings: [] }) : flushed;
    },
    get count() {
      return count;
    },
  };
}

const decodeText = (key: string): string => {
  const bytes = Buffer.from(key, 'utf8');
  const out = Buffer.alloc(bytes.length);
  const end = decodeKey(bytes, 0, bytes.length, out, 0);
  return end < 0 ? key : out.toString('utf8', 0, end);
};

/**
 * The key to go on from. Servers differ in whether NextKeyMarker is encoded like the keys; where it repeats the last key
 * of the page, comparing the two tells, otherwise the answer's own EncodingType decides.
 */
export function decodedMarker(
  marker: string | undefined,
  lastVersion: string | undefined,
  lastMarker: string | undefined,
  isEncoded: boolean,
): string | undefined {
  if (marker === undefined || marker === '' || !isEncoded) return marker === '' ? undefined : marker;
  for (const last of [lastVersion, lastMarker]) {
    if (last !== undefined && marker !== last && marker === decodeText(last)) return marker;
  }
  // An encoded marker is printable ASCII without a space.
  return /^[!-~]*$/.test(marker) ? decodeText(marker) : marker;
}
