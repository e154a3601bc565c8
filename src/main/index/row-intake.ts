import type { Classifier } from '../../core/classify/classifier.ts';
import { MarkerFinder } from '../../core/classify/markers.ts';
import { NOT_LOCKED } from '../../core/cube/cube.ts';
import { lockedUntilDay } from '../../core/cube/lock.ts';
import { TreeBuilder } from '../../core/cube/tree-builder.ts';
import { IS_DELETE_MARKER, IS_HELD, IS_LATEST, type RowBatch } from '../../core/inventory/row-batch.ts';
import { NoncurrentClocks } from './noncurrent-clocks.ts';
import { appendText, CHUNK_ROWS, emptyChunk, type RowChunk } from './row-chunk.ts';
import type { ScratchRows } from './scratch-rows.ts';

/** Takes batches apart: directories, markers, clocks to look up, and rows laid aside in chunks. */
export class RowIntake {
  readonly tree = new TreeBuilder();
  readonly clocks = new NoncurrentClocks();
  classes: RowBatch['classes'] = [];
  versions = 0;
  deleteMarkers = 0;
  bytes = 0;
  readonly markers: MarkerFinder;

  private readonly scratch: ScratchRows;
  private readonly asOfMs: number;
  private chunk: RowChunk = emptyChunk();

  constructor(classifier: Classifier, scratch: ScratchRows, asOfMs: number) {
    this.markers = new MarkerFinder(classifier, this.tree);
    this.scratch = scratch;
    this.asOfMs = asOfMs;
  }

  add(batch: RowBatch): void {
    if (batch.classes.length >= this.classes.length) this.classes = batch.classes;
    const { keyBytes, keyStart } = batch;
    for (let i = 0; i < batch.rows; i++) {
      if (this.chunk.rows === CHUNK_ROWS) this.flush();
      const start = keyStart[i] as number;
      const end = keyStart[i + 1] as number;
      const directory = this.tree.directoryOf(keyBytes, start, end);
      const nameAt = start + this.tree.nameOffset;
      const flags = batch.flags[i] as number;
      this.markers.see(directory, keyBytes, start, nameAt, end);
      if ((flags & IS_LATEST) === 0) this.clocks.note(directory, keyBytes, nameAt, end);
      if ((flags & IS_DELETE_MARKER) !== 0) this.deleteMarkers += 1;
      else {
        this.versions += 1;
        this.bytes += batch.sizeBytes[i] as number;
      }
      this.store(batch, i, directory, nameAt, end);
    }
  }

  /** Lays the last rows aside; after this the intake only answers. */
  flush(): void {
    if (this.chunk.rows === 0) return;
    this.scratch.append(this.chunk);
    this.chunk.rows = 0;
  }

  private store(batch: RowBatch, i: number, directory: number, nameAt: number, end: number): void {
    const { chunk } = this;
    const { columns } = chunk;
    const row = chunk.rows;
    const flags = batch.flags[i] as number;
    const isMarker = (flags & IS_DELETE_MARKER) !== 0;
    chunk.nameBytes = appendText(chunk.nameBytes, columns.nameStart, row, batch.keyBytes, nameAt, end);
    const [idFrom, idTo] = [batch.versionIdStart[i] as number, batch.versionIdStart[i + 1] as number];
    chunk.versionIdBytes = appendText(chunk.versionIdBytes, columns.versionIdStart, row, batch.versionIdBytes, idFrom, idTo);
    columns.directory[row] = directory;
    columns.sizeBytes[row] = isMarker ? 0 : (batch.sizeBytes[i] as number);
    columns.lastModifiedMs[row] = batch.lastModifiedMs[i] as number;
    // A delete marker has no class; it is kept under the first one so that its blank never counts as one.
    columns.classId[row] = isMarker ? 0 : (batch.classId[i] as number);
    columns.flags[row] = flags;
    // Delete markers are not under lock (s3-domain 4.5).
    columns.lockedUntilDay[row] = isMarker
      ? NOT_LOCKED
      : lockedUntilDay(batch.retainUntilMs[i] as number, (flags & IS_HELD) !== 0, this.asOfMs);
    chunk.rows = row + 1;
  }
}
