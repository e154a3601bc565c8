import { Batch } from './batch';
import { copyShort, packHex } from './bytes';
import { Directories, findDirectories } from './directories';
import { FIXED_BYTES, RETAINED, Rows } from './rows';

/** Rows sorted together in memory before they are laid aside. */
export const CHUNK_ROWS: u32 = 262_144;
/** Room for their texts; a chunk also ends when the next batch's would not fit. */
const TEXT_BYTES: u32 = 48 << 20;

/** Bytes before the texts of a row's extra: when its retention ends (8), length of the ETag's text (4), of the details' (4). */
export const EXTRA_HEAD: u32 = 16;

/** The rows taken in since the last chunk was laid aside, in order of arrival. */
export class Chunk {
  static rows: u32 = 0;
  static columns: Rows = changetype<Rows>(0);
  static textEnd: u32 = 0;

  static init(): void {
    Chunk.columns = changetype<Rows>(heap.alloc(offsetof<Rows>()));
    Chunk.columns.place(heap.alloc(FIXED_BYTES * CHUNK_ROWS + TEXT_BYTES + 64), CHUNK_ROWS, 0);
  }

  /** Whether the next batch might not fit. */
  static isFull(batchRows: u32, batchTextBytes: u32): bool {
    return Chunk.rows + batchRows > CHUNK_ROWS || Chunk.textEnd + batchTextBytes + EXTRA_HEAD * batchRows > TEXT_BYTES;
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
  const to = Chunk.columns;
  const rows = Batch.rows;
  const first = Chunk.rows;
  memory.copy(to.sizeBytes + (first << 3), Batch.sizeBytes, rows << 3);
  memory.copy(to.lastModifiedMs + (first << 3), Batch.lastModifiedMs, rows << 3);
  memory.copy(to.eTag + (first << 4), Batch.eTag, rows << 4);
  memory.copy(to.eTagParts + (first << 2), Batch.eTagParts, rows << 2);
  memory.copy(to.classId + (first << 1), Batch.classId, rows << 1);

  let special = Specials.list;
  const lastSpecial = Specials.list + ((<usize>Specials.count) << 4);
  let text = to.text + Chunk.textEnd;
  for (let i: u32 = 0; i < rows; i++) {
    const row = first + i;
    const keyStart = load<u32>(Batch.keyStart + (i << 2));
    const key = Batch.keyBytes + keyStart;
    const length = load<u32>(Batch.keyStart + (i << 2), 4) - keyStart;
    const directoryLength = load<u32>(Directories.nameAt + (i << 2));
    store<u32>(to.directory + (row << 2), load<u32>(Directories.of + (i << 2)));

    const nameLength = length - directoryLength;
    store<u16>(to.nameLength + (row << 1), <u16>nameLength);
    copyShort(text, key + directoryLength, nameLength);
    text += nameLength;

    const idStart = load<u32>(Batch.versionIdStart + (i << 2));
    const idLength = load<u32>(Batch.versionIdStart + (i << 2), 4) - idStart;
    const id = Batch.versionIdBytes + idStart;
    if (idLength == 32 && packHex(id, text)) {
      store<u16>(to.versionId + (row << 1), (16 << 1) | 1);
      text += 16;
    } else {
      store<u16>(to.versionId + (row << 1), <u16>(idLength << 1));
      copyShort(text, id, idLength);
      text += idLength;
    }

    let flags = <u32>load<u8>(Batch.flags + i);
    const retainUntilMs = load<f64>(Batch.retainUntilMs + (i << 3));
    const isSpecial = special < lastSpecial && load<u32>(special) == i;
    let extra: u32 = 0;
    if (retainUntilMs == retainUntilMs || isSpecial) {
      const eTagLength = isSpecial ? load<u32>(special, 8) : 0;
      const detailLength = isSpecial ? load<u32>(special, 12) : 0;
      if (retainUntilMs == retainUntilMs) flags |= RETAINED;
      store<f64>(text, retainUntilMs);
      store<u32>(text, eTagLength, 8);
      store<u32>(text, detailLength, 12);
      if (isSpecial) memory.copy(text + EXTRA_HEAD, load<u32>(special, 4), eTagLength + detailLength);
      extra = EXTRA_HEAD + eTagLength + detailLength;
      text += extra;
      if (isSpecial) special += 16;
    }
    store<u32>(to.extraLength + (row << 2), extra);
    store<u8>(to.flags + row, <u8>flags);
    store<u16>(to.detailId + (row << 1), load<u16>(DetailMap.ids + (<usize>load<u16>(Batch.detailId + (i << 1)) << 1)));
    store<u32>(to.textEnd + (row << 2), <u32>(text - to.text));
  }
  Chunk.rows = first + rows;
  Chunk.textEnd = <u32>(text - to.text);
}
