import type { Classifier } from '../../core/classify/classifier.ts';
import { MarkerFinder } from '../../core/classify/markers.ts';
import { type RowBatch, TEXT_ETAG } from '../../core/inventory/row-batch.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { DetailDictionary } from './detail-dictionary.ts';
import { type BatchPlaces, batchPlaces, copyIn, isIn } from './kernel-batch.ts';
import type { ScratchBlocks } from './scratch-blocks.ts';

const NO_SPECIALS = { count: 0, bytes: 0 };
/** Bytes of one directory's record in the kernel, and where its parent stands in it. */
const NODE_BYTES = 32;
const PARENT_AT = 4;

/** Takes batches in: directories, markers, and rows laid aside in sorted chunks. */
export class RowIntake {
  classes: RowBatch['classes'] = [];
  detailNames: readonly string[] = [];
  rows = 0;
  readonly details = new DetailDictionary();
  /** null where rows are not classified. */
  readonly markers: MarkerFinder | null;
  private readonly kernel: Kernel;
  private readonly scratch: ScratchBlocks;
  private readonly places: BatchPlaces;
  private readonly encoder = new TextEncoder();
  private specials = { at: 0, room: 0 };

  constructor(kernel: Kernel, classifier: Classifier | null, scratch: ScratchBlocks) {
    this.kernel = kernel;
    this.scratch = scratch;
    this.places = batchPlaces(kernel);
    this.markers = classifier === null ? null : new MarkerFinder(classifier, new KernelTree(kernel));
  }

  add(batch: RowBatch): void {
    if (batch.classes.length >= this.classes.length) this.classes = batch.classes;
    this.detailNames = batch.detailNames;
    this.details.map(this.kernel, this.places.detailNumbers, batch.details);
    if (isIn(batch, this.kernel)) {
      this.take(batch, 0, batch.rows);
      return;
    }
    for (let from = 0; from < batch.rows; ) {
      const to = copyIn(this.kernel, this.places, batch, from);
      this.take(batch, from, to);
      from = to;
    }
  }

  /** Lays the last rows aside; after this the intake only answers. */
  flush(): void {
    this.scratch.append(this.kernel);
  }

  /** Takes in the kernel's batch, which holds rows [from, to) of the given one. */
  private take(batch: RowBatch, from: number, to: number): void {
    const { calls } = this.kernel;
    if (to === from) return;
    const { count, bytes } = batch.eTagTexts.size > 0 || this.details.hasOwn ? this.writeSpecials(batch, from, to) : NO_SPECIALS;
    if (calls.chunkIsFull(bytes) !== 0) this.flush();
    calls.setSpecials(this.specials.at, count);
    calls.takeIn();
    this.rows += to - from;
    if (this.markers !== null) this.findMarkers(this.markers, to - from);
    calls.clearBatch();
  }

  private findMarkers(markers: MarkerFinder, rows: number): void {
    const { kernel, places } = this;
    const keyStart = kernel.u32(places.keyStart, rows + 1);
    const keys = kernel.bytes(places.keyBytes, keyStart[rows] as number);
    const directory = kernel.u32(places.directory, rows);
    const nameAt = kernel.u32(places.nameAt, rows);
    for (let i = 0; i < rows; i++) {
      const start = keyStart[i] as number;
      markers.see(directory[i] as number, keys, start, start + (nameAt[i] as number), keyStart[i + 1] as number);
    }
  }

  /** Texts that the columns have no place for: ETags of another form, and details that are in no dictionary. How many rows have any. */
  private writeSpecials(batch: RowBatch, from: number, to: number): { readonly count: number; readonly bytes: number } {
    const texts: { row: number; eTag: Uint8Array; details: Uint8Array }[] = [];
    const none = new Uint8Array(0);
    let bytes = 0;
    for (let row = from; row < to; row++) {
      const eTag = batch.eTagParts[row] === TEXT_ETAG ? this.encoder.encode(batch.eTagTexts.get(row) ?? '') : none;
      const details = this.details.own.get(batch.detailId[row] as number) ?? none;
      if (eTag.length + details.length === 0 && batch.eTagParts[row] !== TEXT_ETAG) continue;
      texts.push({ row: row - from, eTag, details });
      bytes += eTag.length + details.length;
    }
    const list = this.room(texts.length * 16 + bytes);
    const records = this.kernel.u32(list, texts.length * 4);
    const memory = this.kernel.memory;
    let at = list + texts.length * 16;
    for (const [i, { row, eTag, details }] of texts.entries()) {
      records.set([row, at, eTag.length, details.length], i * 4);
      memory.set(eTag, at);
      memory.set(details, at + eTag.length);
      at += eTag.length + details.length;
    }
    return { count: texts.length, bytes };
  }

  private room(bytes: number): number {
    if (bytes > this.specials.room) this.specials = { at: this.kernel.calls.allocate(bytes * 2), room: bytes * 2 };
    return this.specials.at;
  }
}

/** The directories of a kernel, by order of arrival. */
class KernelTree {
  private readonly kernel: Kernel;
  private nodes: DataView;

  constructor(kernel: Kernel) {
    this.kernel = kernel;
    this.nodes = new DataView(kernel.calls.memory.buffer);
  }

  depthOf(directory: number): number {
    let depth = 0;
    for (let at = directory; at > 0; at = this.parent(at)) depth += 1;
    return depth;
  }

  ancestor(directory: number, ownDepth: number, depth: number): number {
    let at = directory;
    for (let level = ownDepth; level > depth; level--) at = this.parent(at);
    return at;
  }

  private parent(directory: number): number {
    const { memory, treeNodes } = this.kernel.calls;
    if (this.nodes.buffer !== memory.buffer) this.nodes = new DataView(memory.buffer);
    return this.nodes.getUint32(treeNodes() + directory * NODE_BYTES + PARENT_AT, true);
  }
}
