/** What the kernel (src/kernel/index.ts) offers. Addresses and counts are numbers; there are no types in WebAssembly to tell them apart. */
export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  answersAt(): number;
  allocate(bytes: number): number;
  release(piece: number): void;
  initIntake(): void;
  initSegments(asOfMs: number): void;

  inflateStart(input: number): void;
  inflate(inputEnd: number, isAll: boolean, outputStart: number, outputEnd: number): number;
  inflateInput(): number;
  setInput(at: number): void;
  input(): number;
  setOutput(at: number): void;
  output(): number;

  batchLayout(): void;
  batchRows(): number;
  setBatchRows(rows: number): void;
  clearBatch(): void;
  setSpecials(list: number, count: number): void;
  csvLayout(): void;
  setCsvSteps(steps: number, groups: number): void;
  setRowsAt(at: number): void;
  rowsAt(): number;
  readRows(end: number): number;
  tellMeaning(flags: number, classId: number, detailId: number): void;
  forgetMeanings(): void;

  takeIn(): void;
  chunkRows(): number;
  chunkIsFull(specialBytes: number): number;
  clearChunk(): void;
  sortChunk(): void;
  nextBlock(): number;
  blockAt(): number;

  treeCount(): number;
  treeNodes(): number;
  orderTree(): void;
  treeLayout(): void;

  beginMerge(cursors: number): void;
  blockPlace(cursor: number, bytes: number): number;
  blockLoaded(cursor: number, bytes: number): void;
  merge(): number;
  expandNames(): void;
  derive(): void;
  segmentRows(): number;
  clearSegment(): void;
  segmentLayout(): void;
  beforeMs(): number;
  versions(): number;
  markers(): number;
  bytes(): number;
  missing(): number;

  endCells(): void;
  doneCells(): number;
  forgetDoneCells(): void;
  cellLayout(): void;

  unsnappy(from: number, length: number, to: number, room: number): number;
  listTexts(from: number, end: number, count: number, at: number, lengths: number): number;
  placeTexts(from: number, end: number, count: number, at: number, lengths: number): number;
  gatherTexts(at: number, lengths: number, count: number, to: number, starts: number): void;
  readETags(at: number, lengths: number, count: number): number;

  packNumbers(from: number, count: number, type: number, to: number): number;
}

/** Types of columns that the kernel packs. */
export const U8 = 0;
export const U16 = 1;
export const U32 = 2;
export const I32 = 3;
export const F64 = 4;
export type ColumnType = typeof U8 | typeof U16 | typeof U32 | typeof I32 | typeof F64;

/** One instance of the kernel. Views of its memory are good until it grows: ask for them anew after any call that may take memory. */
export class Kernel {
  readonly calls: KernelExports;
  private whole: Uint8Array;

  constructor(module: WebAssembly.Module) {
    const abort = (_message: number, _file: number, line: number, column: number): never => {
      throw new Error(`the kernel gave up at ${line}:${column}`);
    };
    this.calls = new WebAssembly.Instance(module, { env: { abort } }).exports as unknown as KernelExports;
    this.whole = new Uint8Array(this.calls.memory.buffer);
    this.calls.initIntake();
  }

  /** All memory, as bytes. */
  get memory(): Uint8Array {
    if (this.whole.buffer !== this.calls.memory.buffer) this.whole = new Uint8Array(this.calls.memory.buffer);
    return this.whole;
  }

  bytes(at: number, length: number): Uint8Array {
    return new Uint8Array(this.calls.memory.buffer, at, length);
  }
  u16(at: number, length: number): Uint16Array {
    return new Uint16Array(this.calls.memory.buffer, at, length);
  }
  u32(at: number, length: number): Uint32Array {
    return new Uint32Array(this.calls.memory.buffer, at, length);
  }
  i32(at: number, length: number): Int32Array {
    return new Int32Array(this.calls.memory.buffer, at, length);
  }
  f64(at: number, length: number): Float64Array {
    return new Float64Array(this.calls.memory.buffer, at, length);
  }

  /** The numbers that the call just made answers with; addresses among them are good until memory grows. */
  answers(layout: () => void, count: number): number[] {
    layout();
    return Array.from(this.u32(this.calls.answersAt(), count));
  }
}
