import { type ColumnType, F64, I32, type Kernel, U8, U16, U32 } from '../kernel/kernel.ts';

const WIDTH: Readonly<Record<ColumnType, number>> = { [U8]: 1, [U16]: 2, [U32]: 4, [I32]: 4, [F64]: 8 };

/** Packs columns with the kernel. What it gives is a view of the kernel's memory, good until it packs again. */
export class ColumnPacker {
  private readonly kernel: Kernel;
  private output = { at: 0, room: 0 };
  private input = { at: 0, room: 0 };

  constructor(kernel: Kernel) {
    this.kernel = kernel;
  }

  /** A column that lies in the kernel's memory. */
  pack(from: number, count: number, type: ColumnType): Uint8Array {
    // 8 bytes an entry and 16 a block of 256.
    const needed = count * 8 + Math.ceil(count / 256) * 16 + 64;
    if (needed > this.output.room) this.output = { at: this.kernel.calls.allocate(needed * 2), room: needed * 2 };
    return this.kernel.bytes(this.output.at, this.kernel.calls.packNumbers(from, count, type, this.output.at));
  }

  /** A column of ours. */
  packArray(column: Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array, type: ColumnType): Uint8Array {
    const bytes = column.length * WIDTH[type];
    if (bytes > this.input.room) this.input = { at: this.kernel.calls.allocate(bytes * 2), room: bytes * 2 };
    this.kernel.memory.set(new Uint8Array(column.buffer, column.byteOffset, bytes), this.input.at);
    return this.pack(this.input.at, column.length, type);
  }
}
