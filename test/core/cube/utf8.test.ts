import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareBytes, decodeUtf8, encodeUtf8 } from '../../../src/core/cube/utf8.ts';

test('text comes back from its bytes, as the platform encodes it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const bytes = encodeUtf8(text);
      expect(bytes).toEqual(new TextEncoder().encode(text));
      expect(decodeUtf8(bytes, 0, bytes.length)).toBe(text);
    }),
    { seed: 1, numRuns: 2000 },
  );
});

test('bytes that are no UTF-8 decode to replacement characters and never throw', () => {
  const bytes = Uint8Array.from([0x61, 0xff, 0xc0, 0x80, 0xed, 0xa0, 0x80, 0xf5, 0xe2, 0x82, 0x62]);
  const text = decodeUtf8(bytes, 0, bytes.length);
  expect(text.startsWith('a\ufffd')).toBe(true);
  expect(text.endsWith('b')).toBe(true);
  expect(text.replaceAll('\ufffd', '')).toBe('ab');
});

test('byte order is the order of code points, not of UTF-16 units', () => {
  const [emoji, cjk] = [encodeUtf8('😀'), encodeUtf8('\uff5e')];
  expect(compareBytes(cjk, 0, cjk.length, emoji, 0, emoji.length)).toBeLessThan(0);
  expect('\uff5e' < '😀').toBe(false);
});
