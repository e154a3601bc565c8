/**
 * The kernel: what is done to every byte and every row of a report, in WebAssembly. Its host is src/main/kernel; nothing here
 * is called by anyone else. Written in AssemblyScript (https://www.assemblyscript.org), which looks like TypeScript and is not:
 * numbers have machine types, and memory is addressed.
 */
import { Batch } from './batch';
import { Cells } from './cells';
import { Chunk, DetailMap, Specials } from './chunk';
import { Sorted } from './chunk-sort';
import { Csv } from './csv';
import { Groups } from './csv-groups';
import { Derived } from './derive';
import { Directories } from './directories';
import { Inflate } from './inflate';
import { Order } from './order';
import { Segment } from './segment';
import { Tree } from './tree';
import { TreeColumns } from './tree-columns';

export { takeIn } from './chunk';
export { nextBlock, sortChunk } from './chunk-sort';
export { readRows } from './csv';
export { derive } from './derive';
export { inflate, inflateInput, inflateStart } from './inflate';
export { beginMerge, blockLoaded, blockPlace, merge } from './merge';
export { packNumbers } from './pack';
export { expandNames } from './segment';
export { unsnappy } from './snappy';
export { gatherTexts, listTexts, placeTexts, readETags } from './texts';
export { orderTree } from './tree-columns';

/** Numbers a call answers with besides its result. */
const answers: usize = memory.data(32 * 4, 16);
export function answersAt(): usize {
  return answers;
}
function answer(index: u32, value: usize): void {
  store<u32>(answers + (index << 2), <u32>value);
}

export function allocate(bytes: usize): usize {
  return heap.alloc(bytes);
}

export function release(piece: usize): void {
  heap.free(piece);
}

/** Ready to read and take in rows. */
export function initIntake(): void {
  Batch.init();
  Groups.init();
  Tree.init();
  Directories.init();
  Chunk.init();
  DetailMap.ids = heap.alloc(65_536 * 2);
}

/** Ready to merge and derive; no more rows can be taken in. */
export function initSegments(asOfMs: f64): void {
  Chunk.free();
  Segment.init();
  Derived.init();
  Derived.asOfMs = asOfMs;
}

// Unpacking

export function setOutput(at: usize): void {
  Inflate.output = at;
}
export function output(): usize {
  return Inflate.output;
}
export function setInput(at: usize): void {
  Inflate.input = at;
}
/** The raw place of the next byte to be taken; what lies before it may be written over. */
export function input(): usize {
  return Inflate.input;
}

// Reading rows

export function batchLayout(): void {
  answer(0, Batch.keyBytes);
  answer(1, Batch.keyStart);
  answer(2, Batch.versionIdBytes);
  answer(3, Batch.versionIdStart);
  answer(4, Batch.flags);
  answer(5, Batch.sizeBytes);
  answer(6, Batch.lastModifiedMs);
  answer(7, Batch.retainUntilMs);
  answer(8, Batch.eTag);
  answer(9, Batch.eTagParts);
  answer(10, Batch.classId);
  answer(11, Batch.detailId);
  answer(12, DetailMap.ids);
  answer(13, Directories.of);
  answer(14, Directories.nameAt);
}
export function batchRows(): u32 {
  return Batch.rows;
}
export function setBatchRows(rows: u32): void {
  Batch.rows = rows;
  Batch.keyEnd = load<u32>(Batch.keyStart + (rows << 2));
  Batch.versionIdEnd = load<u32>(Batch.versionIdStart + (rows << 2));
}
export function clearBatch(): void {
  Batch.clear();
}
export function setSpecials(list: usize, count: u32): void {
  Specials.list = list;
  Specials.count = count;
}

export function csvLayout(): void {
  answer(0, Csv.steps);
  answer(1, Groups.columns);
  answer(2, Groups.start);
}
export function setCsvSteps(steps: u32, groups: u32): void {
  Csv.stepCount = steps;
  Groups.count = groups;
  Groups.forget();
}
export function setRowsAt(at: usize): void {
  Csv.at = at;
}
export function rowsAt(): usize {
  return Csv.at;
}
export function tellMeaning(flags: u32, classId: u32, detailId: u32): void {
  Groups.tell(flags, classId, detailId);
}
export function forgetMeanings(): void {
  Groups.forgetMeanings();
}

// Chunks

export function chunkRows(): u32 {
  return Chunk.rows;
}
/** Whether the batch, with so many bytes of special texts, needs a chunk of its own. */
export function chunkIsFull(specialBytes: u32): bool {
  return Chunk.isFull(Batch.rows, Batch.keyEnd + Batch.versionIdEnd + specialBytes);
}
export function clearChunk(): void {
  Chunk.rows = 0;
  Chunk.end = 0;
}
export function blockAt(): usize {
  return Sorted.block;
}

// Directories

export function treeCount(): u32 {
  return Tree.count;
}
/** Records of the directories, in order of arrival. */
export function treeNodes(): usize {
  return Tree.nodes;
}
export function treeLayout(): void {
  answer(0, TreeColumns.parent);
  answer(1, TreeColumns.depth);
  answer(2, TreeColumns.subtreeEnd);
  answer(3, TreeColumns.nameLength);
  answer(4, TreeColumns.names);
  answer(5, TreeColumns.namesLength);
  answer(6, Order.rank);
}

// Segments and cells

export function segmentRows(): u32 {
  return Segment.rows;
}
export function clearSegment(): void {
  Segment.clear();
}
export function segmentLayout(): void {
  answer(0, Segment.sizeBytes);
  answer(1, Segment.lastModifiedMs);
  answer(2, Segment.versionId);
  answer(3, Segment.classId);
  answer(4, Segment.flags);
  answer(5, Segment.rule);
  answer(6, Segment.nameShared);
  answer(7, Segment.nameLength);
  answer(8, Segment.names);
  answer(9, Segment.namesEnd);
  answer(10, Segment.versionIds);
  answer(11, Segment.versionIdsEnd);
  answer(12, Segment.eTagCode);
  answer(13, Segment.eTags);
  answer(14, Segment.eTagsEnd);
  answer(15, Segment.kind);
  answer(16, Segment.retainUntilMs);
  answer(17, Segment.retained);
  answer(18, Segment.runRank);
  answer(19, Segment.runStart);
  answer(20, Segment.runs);
  answer(21, Derived.detail);
  answer(22, Segment.extras);
  answer(23, Segment.extraCount);
  answer(24, Derived.dictionary);
  answer(25, Derived.dictionaryLength);
  answer(26, Segment.fullNames);
  answer(27, Segment.fullNameStart);
  answer(28, Segment.unit);
}
/** Time of the last row of the segment before: the successor of the first row, where that is of its key. */
export function beforeMs(): f64 {
  return Segment.beforeMs;
}
export function versions(): f64 {
  return Derived.versions;
}
export function markers(): f64 {
  return Derived.markers;
}
export function bytes(): f64 {
  return Derived.bytes;
}
export function missing(): f64 {
  return Derived.missing;
}

export function endCells(): void {
  Cells.endDirectory();
}
export function doneCells(): u32 {
  return Cells.done;
}
export function forgetDoneCells(): void {
  Cells.forgetDone();
}
export function cellLayout(): void {
  answer(0, Cells.directory);
  answer(1, Cells.traits);
  answer(2, Cells.lockedUntilDay);
  answer(3, Cells.writtenDay);
  answer(4, Cells.clockDay);
  answer(5, Cells.versions);
  answer(6, Cells.bytes);
  answer(7, Cells.unit);
}
