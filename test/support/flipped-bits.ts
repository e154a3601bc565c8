import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Result } from '../../src/contract/result.ts';
import { must } from './apply-bench.ts';

const DEEP = process.env.ISOTHERM_DEEP === '1';

/** Every bit of a file under `test:deep`; otherwise one bit of a byte every `stride` bytes, a different one each. */
function* flips(bytes: Buffer, stride: number): Generator<{ at: number; bit: number; flipped: Buffer }> {
  for (let at = 0; at < bytes.length; at += DEEP ? 1 : stride) {
    for (const bit of DEEP ? [0, 1, 2, 3, 4, 5, 6, 7] : [(at * 5 + 1) % 8]) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8((bytes[at] as number) ^ (1 << bit), at);
      yield { at, bit, flipped };
    }
  }
}

/** Flips bits of a file one after another; each has to be refused with a row or a field. `read` is what takes the file. */
export async function everyFlipIsNamed(file: string, read: () => Promise<Result<unknown>>, stride = 3): Promise<number> {
  const bytes = readFileSync(file);
  must(await read());
  const unseen: string[] = [];
  let count = 0;
  for (const { at, bit, flipped } of flips(bytes, stride)) {
    writeFileSync(file, flipped);
    const result = await read();
    count += 1;
    if (result.ok) unseen.push(`byte ${at}, bit ${bit}: taken`);
    else if (result.error.row === undefined && result.error.field === undefined)
      unseen.push(`byte ${at}, bit ${bit}: ${result.error.message}`);
  }
  writeFileSync(file, bytes);
  must(await read());
  expect(unseen).toEqual([]);
  return count;
}
