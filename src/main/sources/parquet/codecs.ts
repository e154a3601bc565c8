import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { Damaged, Unsupported } from '../../../core/inventory/damaged.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { KernelRoom } from '../columnar/column.ts';

const UNCOMPRESSED = 0;
const SNAPPY = 1;
const GZIP = 2;
const BROTLI = 4;
const ZSTD = 6;

/** Unpacks a page into the kernel's memory; where it lies. `bytes` is what the page's header promises. */
export function unpackPage(
  kernel: Kernel,
  codec: number,
  packed: Uint8Array,
  bytes: number,
  input: KernelRoom,
  output: KernelRoom,
): number {
  if (codec === SNAPPY) {
    const from = input.put(packed);
    const to = output.need(bytes);
    if (kernel.calls.unsnappy(from, packed.length, to, bytes) !== bytes) throw new Damaged('a page cannot be unpacked');
    return to;
  }
  const plain = codec === UNCOMPRESSED ? packed : unpack(codec, packed, bytes);
  if (plain.length !== bytes) throw new Damaged('a page has another length than its header says');
  return output.put(plain);
}

function unpack(codec: number, packed: Uint8Array, bytes: number): Uint8Array {
  const options = { maxOutputLength: Math.max(1, bytes) };
  try {
    if (codec === GZIP) return gunzipSync(packed, options);
    if (codec === BROTLI) return brotliDecompressSync(packed, options);
    if (codec === ZSTD) return zstdDecompressSync(packed, options);
  } catch {
    throw new Damaged('a page cannot be unpacked');
  }
  throw new Unsupported(`packing no. ${codec}`);
}
