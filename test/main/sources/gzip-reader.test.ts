import { constants, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadKernel } from '../../../src/main/kernel/load.ts';
import { createGzipReader, type UnpackFault } from '../../../src/main/sources/gzip-reader.ts';

const deep = process.env.ISOTHERM_DEEP === '1';
const newKernel = await loadKernel();

/** Unpacks a file that comes in pieces; `rest` bytes of every window are left for the next one. */
function unpack(pieces: readonly Uint8Array[], rest: number): { bytes: Buffer; fault: UnpackFault | null } {
  const kernel = newKernel();
  const parts: Buffer[] = [];
  const copy = (from: number, to: number) => void parts.push(Buffer.from(kernel.bytes(from, to - from)));
  const reader = createGzipReader(kernel, {
    longestRest: 1 << 16,
    use(from, to) {
      const end = Math.max(from, to - rest);
      copy(from, end);
      return end;
    },
    end: copy,
  });
  let fault: UnpackFault | null = null;
  for (const piece of pieces) fault ??= reader.push(piece);
  fault ??= reader.end();
  return { bytes: Buffer.concat(parts), fault };
}

function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] as number;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

/** Text with repeats near and far, as inventories have, runs of one byte, and noise. */
const content = fc
  .array(
    fc.oneof(
      fc
        .tuple(fc.stringMatching(/^[a-f0-9/",]{1,60}$/), fc.integer({ min: 1, max: 400 }))
        .map(([text, times]) => Buffer.from(text.repeat(times))),
      fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes)),
      fc.tuple(fc.nat(255), fc.integer({ min: 1, max: 70_000 })).map(([byte, length]) => Buffer.alloc(length, byte)),
    ),
    { maxLength: 30 },
  )
  .map((parts) => Buffer.concat([...parts, ...parts.slice(0, 3)]));

const { Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED } = constants;
const packing = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  strategy: fc.constantFrom(Z_DEFAULT_STRATEGY, Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED),
  memLevel: fc.integer({ min: 1, max: 9 }),
  windowBits: fc.integer({ min: 9, max: 15 }),
});
const sizes = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 8 });

test('whatever zlib packs comes out as it was, member after member, however the file is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(content, packing), { minLength: 1, maxLength: 3 }), sizes, fc.nat(60_000), (members, pieces, rest) => {
      const file = Buffer.concat(members.map(([bytes, options]) => gzipSync(bytes, options)));
      const { bytes, fault } = unpack(cut(file, pieces), rest);
      expect(fault).toBeNull();
      expect(bytes.equals(Buffer.concat(members.map(([own]) => own)))).toBe(true);
    }),
    { seed: 11, numRuns: deep ? 3000 : 120 },
  );
});

test('a file that ends anywhere too early is cut off, and one with other bytes is never taken for another content of its length', () => {
  fc.assert(
    fc.property(content, packing, sizes, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (plain, options, pieces, where) => {
      const file = gzipSync(plain, options);
      const short = unpack(cut(file.subarray(0, Math.floor(file.length * where)), pieces), 0);
      expect(short.fault?.isCutOff).toBe(true);
      const spoilt = Buffer.from(file);
      const at = Math.floor(file.length * where);
      spoilt[at] = (spoilt[at] as number) ^ 0x10;
      // No crash, no endless loop, and not more than the trailer says.
      const { bytes, fault } = unpack(cut(spoilt, pieces), 0);
      if (fault === null) expect(bytes.length).toBe(plain.length);
    }),
    { seed: 12, numRuns: deep ? 3000 : 120 },
  );
});

test.each([
  ['refuse-not-gzip', Buffer.from('PK\u0003\u0004 and so on, long enough'), 'The file is not gzip.'],
  ['refuse-unknown-packing', Buffer.from([0x1f, 0x8b, 7, 0, 0, 0, 0, 0, 0, 0, 1]), 'The gzip stream is packed in an unknown way.'],
  ['refuse-something-behind', Buffer.concat([gzipSync('x'), Buffer.from('tail')]), 'The gzip stream is followed by something else.'],
  [
    'refuse-wrong-length',
    Buffer.concat([gzipSync('xy').subarray(0, -4), Buffer.from([9, 0, 0, 0])]),
    'The gzip stream has another length than its trailer says.',
  ],
  ['refuse-reserved-block', Buffer.concat([gzipSync('').subarray(0, 10), Buffer.alloc(700, 7)]), 'The gzip stream is damaged.'],
])('%s', (_, file, words) => {
  expect(unpack([file], 0).fault).toEqual({ isCutOff: false, words });
});

test.each([
  ['success-name-comment-extra-and-checksum-in-the-header', 2 | 4 | 8 | 16, [3, 0, 1, 2, 3, 0x61, 0, 0x62, 0, 9, 9]],
  ['success-plain-header', 0, []],
])('%s', (_, flags, extra) => {
  const packed = gzipSync('content');
  const header = Buffer.from(packed.subarray(0, 10));
  header[3] = flags;
  const file = Buffer.concat([header, Buffer.from(extra), packed.subarray(10)]);
  for (const size of [1, 7, file.length]) expect(unpack(cut(file, [size]), 0)).toEqual({ bytes: Buffer.from('content'), fault: null });
});
