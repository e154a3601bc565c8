import type { Classifier } from '../../core/classify/classifier.ts';
import { NOT_LOCKED } from '../../core/cube/cube.ts';
import { grown } from '../../core/cube/growable.ts';
import { lockedUntilDay } from '../../core/cube/lock.ts';
import { TreeBuilder } from '../../core/cube/tree-builder.ts';
import { decodeUtf8 } from '../../core/cube/utf8.ts';
import { IS_DELETE_MARKER, IS_HELD, IS_LATEST, type RowBatch } from '../../core/inventory/row-batch.ts';
import { NoncurrentClocks } from './noncurrent-clocks.ts';
import { appendText, CHUNK_ROWS, emptyChunk, type RowChunk } from './row-chunk.ts';
import type { ScratchRows } from './scratch-rows.ts';

const NOT_ENTERED = 0xffff;

/** Takes batches apart: directories, rules, clocks to look up, and rows laid aside in chunks. */
export class RowIntake {
  readonly tree = new TreeBuilder();
  readonly clocks = new NoncurrentClocks();
  classes: RowBatch['classes'] = [];
  versions = 0;
  deleteMarkers = 0;
  bytes = 0;
  /** Live-table rule + 1 by directory (tree builder's numbers), where the directory is the root of such a table. */
  liveRule = new Uint8Array(1024);

  private readonly classifier: Classifier;
  private readonly scratch: ScratchRows;
  private readonly asOfMs: number;
  private chunk: RowChunk = emptyChunk();
  private state = new Uint16Array(1024).fill(NOT_ENTERED);
  private found: Uint32Array;
  /** Rules whose unit has been marked, by directory. */
  private marked: Uint32Array;
  private lastDirectory = -1;
  private directoryText = '';

  constructor(classifier: Classifier, scratch: ScratchRows, asOfMs: number) {
    this.classifier = classifier;
    this.scratch = scratch;
    this.asOfMs = asOfMs;
    this.found = new Uint32Array(1024 * classifier.words);
    this.marked = new Uint32Array(1024 * classifier.words);
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
      if (directory !== this.lastDirectory) this.enter(directory, keyBytes, start, nameAt);
      const flags = batch.flags[i] as number;
      const rule = this.ruleOf(directory, keyBytes, start, nameAt, end);
      if ((flags & IS_LATEST) === 0) this.clocks.note(directory, keyBytes, nameAt, end);
      if ((flags & IS_DELETE_MARKER) !== 0) this.deleteMarkers += 1;
      else {
        this.versions += 1;
        this.bytes += batch.sizeBytes[i] as number;
      }
      this.store(batch, i, directory, rule, nameAt, end);
    }
  }

  /** Lays the last rows aside; after this the intake only answers. */
  flush(): void {
    if (this.chunk.rows === 0) return;
    this.scratch.append(this.chunk);
    this.chunk.rows = 0;
  }

  private enter(directory: number, bytes: Uint8Array, start: number, nameAt: number): void {
    this.lastDirectory = directory;
    this.directoryText = '';
    const words = this.classifier.words;
    if (directory >= this.state.length) {
      const known = this.state.length;
      this.state = grown(this.state, directory + 1);
      this.state.fill(NOT_ENTERED, known);
      this.found = grown(this.found, this.state.length * words);
      this.marked = grown(this.marked, this.state.length * words);
      this.liveRule = grown(this.liveRule, this.state.length);
    }
    if (this.state[directory] !== NOT_ENTERED) return;
    const found = this.found.subarray(directory * words, directory * words + words);
    this.state[directory] = this.classifier.enter(bytes, start, nameAt, found);
  }

  private ruleOf(directory: number, bytes: Uint8Array, start: number, nameAt: number, end: number): number {
    const { classifier } = this;
    const words = classifier.words;
    const text = (): string => {
      if (this.directoryText === '') this.directoryText = decodeUtf8(bytes, start, nameAt);
      return this.directoryText + decodeUtf8(bytes, nameAt, end);
    };
    const rule = classifier.ruleOf(this.state[directory] as number, this.found, directory * words, bytes, nameAt, end, text);
    if (rule < 0) return rule;
    const slot = directory * words + (rule >>> 5);
    const bit = 1 << (rule & 31);
    if (((this.marked[slot] as number) & bit) === 0) {
      this.marked[slot] = (this.marked[slot] as number) | bit;
      this.markUnit(rule, directory, text());
    }
    return rule;
  }

  /** One key speaks for all keys of its directory under one rule: patterns find the unit in the path. */
  private markUnit(rule: number, directory: number, key: string): void {
    const depth = this.classifier.unitRootDepth(rule, key);
    if (depth < 1) return;
    const root = this.tree.ancestor(directory, this.tree.depthOf(directory), depth);
    this.tree.markUnitRoot(root);
    if (this.classifier.isLiveTableRule[rule] !== 1) return;
    this.liveRule = grown(this.liveRule, root + 1);
    this.liveRule[root] = rule + 1;
  }

  private store(batch: RowBatch, i: number, directory: number, rule: number, nameAt: number, end: number): void {
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
    columns.rule[row] = rule + 1;
    chunk.rows = row + 1;
  }
}
