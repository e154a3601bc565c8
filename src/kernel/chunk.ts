import { Batch } from './batch';
import { copyShort, packHex } from './bytes';
import { Directories, findDirectories } from './directories';
import {
  CLASS_ID,
  DETAIL_ID,
  DIRECTORY,
  ETAG,
  ETAG_PARTS,
  EXTRA_HEAD,
  FLAGS,
  HAS_EXTRA,
  LAST_MODIFIED_MS,
  NAME,
  NAME_LENGTH,
  RETAINED,
  SIZE_BYTES,
  VERSION_ID,
} from './rows';

/** Rows sorted together in memory before they are laid aside. */
export const CHUNK_ROWS: u32 = 262_144;
/** Room for their records; a chunk also ends when the next batch would not fit. */
const RECORD_BYTES: u32 = 64 << 20;

/** The rows taken in since the last chunk was laid aside, in order of arrival. */
export class Chunk {
  static rows: u32 = 0;
  static records: usize = 0;
  static end: u32 = 0;
  /** Where each row's record begins, counted from `records`, and its directory. */
  static start: usize = 0;
  static directory: usize = 0;

  static init(): void {
    Chunk.records = heap.alloc(RECORD_BYTES + 64);
    Chunk.start = heap.alloc(CHUNK_ROWS << 2);
    Chunk.directory = heap.alloc(CHUNK_ROWS << 2);
  }

  // @ts-ignore: decorator
  @inline static record(row: u32): usize {
    return Chunk.records + load<u32>(Chunk.start + (row << 2));
  }

  /** Whether the next batch might not fit. */
  static isFull(batchRows: u32, batchTextBytes: u32): bool {
    return Chunk.rows + batchRows > CHUNK_ROWS || Chunk.end + batchTextBytes + (<u32>NAME + EXTRA_HEAD) * batchRows > RECORD_BYTES;
  }

  static free(): void {
    heap.free(Chunk.records);
    heap.free(Chunk.start);
    heap.free(Chunk.directory);
  }
}

/**
 * What some rows of a batch have besides: an ETag that is not of the usual form, details that are not in the dictionary.
 * One record a row, in order: row (4), where the texts lie (4), length of the ETag's (4), of the details' (4).
 */
export class Specials {
  static list: usize = 0;
  static count: u32 = 0;
}

/** The number in the index's dictionary for each detail id of the batch. */
export class DetailMap {
  static ids: usize = 0;
}

/** Adds the rows of the batch to the chunk, which has room for them. */
export function takeIn(): void {
  findDirectories();
  const rows = Batch.rows;
  let special = Specials.list;
  const lastSpecial = Specials.list + (Specials.count << 4);
  let record = Chunk.records + Chunk.end;
  for (let i: u32 = 0; i < rows; i++) {
    const row = Chunk.rows + i;
    const keyStart = load<u32>(Batch.keyStart + (i << 2));
    const nameAt = load<u32>(Directories.nameAt + (i << 2));
    const nameLength = load<u32>(Batch.keyStart + (i << 2), 4) - keyStart - nameAt;
    const directory = load<u32>(Directories.of + (i << 2));
    store<u32>(Chunk.start + (row << 2), <u32>(record - Chunk.records));
    store<u32>(Chunk.directory + (row << 2), directory);
    store<u64>(record, load<u64>(Batch.sizeBytes + (i << 3)), SIZE_BYTES);
    store<u64>(record, load<u64>(Batch.lastModifiedMs + (i << 3)), LAST_MODIFIED_MS);
    v128.store(record, v128.load(Batch.eTag + (i << 4)), ETAG);
    store<u32>(record, load<u32>(Batch.eTagParts + (i << 2)), ETAG_PARTS);
    store<u32>(record, directory, DIRECTORY);
    store<u16>(record, <u16>nameLength, NAME_LENGTH);
    store<u16>(record, load<u16>(Batch.classId + (i << 1)), CLASS_ID);
    const detail = <usize>load<u16>(Batch.detailId + (i << 1));
    store<u16>(record, load<u16>(DetailMap.ids + (detail << 1)), DETAIL_ID);
    let text = record + NAME;
    copyShort(text, Batch.keyBytes + keyStart + nameAt, nameLength);
    text += nameLength;

    const idStart = load<u32>(Batch.versionIdStart + (i << 2));
    const idLength = load<u32>(Batch.versionIdStart + (i << 2), 4) - idStart;
    const id = Batch.versionIdBytes + idStart;
    if (idLength == 32 && packHex(id, text)) {
      store<u16>(record, (16 << 1) | 1, VERSION_ID);
      text += 16;
    } else {
      store<u16>(record, <u16>(idLength << 1), VERSION_ID);
      copyShort(text, id, idLength);
      text += idLength;
    }

    let flags = <u32>load<u8>(Batch.flags + i);
    const retainUntilMs = load<f64>(Batch.retainUntilMs + (i << 3));
    const isSpecial = special < lastSpecial && load<u32>(special) == i;
    const isRetained = retainUntilMs == retainUntilMs;
    if (isRetained || isSpecial) {
      const eTagLength = isSpecial ? load<u32>(special, 8) : 0;
      const detailLength = isSpecial ? load<u32>(special, 12) : 0;
      flags |= HAS_EXTRA | (isRetained ? RETAINED : 0);
      store<f64>(text, retainUntilMs);
      store<u32>(text, eTagLength, 8);
      store<u32>(text, detailLength, 12);
      text += EXTRA_HEAD;
      if (isSpecial) {
        memory.copy(text, load<u32>(special, 4), eTagLength + detailLength);
        text += eTagLength + detailLength;
        special += 16;
      }
    }
    store<u8>(record, <u8>flags, FLAGS);
    record = text;
  }
  Chunk.rows += rows;
  Chunk.end = <u32>(record - Chunk.records);
}
