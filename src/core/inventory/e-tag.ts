import { PLAIN_ETAG, TEXT_ETAG } from './row-batch.ts';

/** Value of a lower-case hex digit by its byte; 255 for anything else. */
const HEX = new Uint8Array(256).fill(255);
for (let i = 0; i < 16; i++) HEX[i < 10 ? 0x30 + i : 0x57 + i] = i;

/** Whether bytes[start .. start + 32) are lower-case hex digits. */
function isHex32(bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < 32; i++) if (HEX[bytes[start + i]!] === 255) return false;
  return true;
}

/** Writes the 16 bytes that 32 hex digits stand for. */
export function packHex(bytes: Uint8Array, start: number, out: Uint8Array, at: number): void {
  for (let i = 0; i < 16; i++) out[at + i] = (HEX[bytes[start + 2 * i]!]! << 4) | HEX[bytes[start + 2 * i + 1]!]!;
}

/**
 * How an ETag is spelled: PLAIN_ETAG for 32 lower-case hex digits, the number N behind them for a multipart
 * upload's "-N" (s3-domain 1.5), TEXT_ETAG for anything else.
 */
export function eTagParts(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length < 32 || !isHex32(bytes, start)) return TEXT_ETAG;
  if (length === 32) return PLAIN_ETAG;
  if (length < 34 || length > 41 || bytes[start + 32] !== 0x2d || bytes[start + 33] === 0x30) return TEXT_ETAG;
  let parts = 0;
  for (let i = start + 33; i < end; i++) {
    const digit = bytes[i]! - 0x30;
    if (digit < 0 || digit > 9) return TEXT_ETAG;
    parts = parts * 10 + digit;
  }
  return parts;
}

/** An ETag as S3 spells it, from its 16 bytes and the number of parts; not for TEXT_ETAG. */
export function eTagText(packed: Uint8Array, at: number, parts: number): string {
  let text = '';
  for (let i = 0; i < 16; i++) text += HEX_TEXT[packed[at + i]!];
  return parts === PLAIN_ETAG ? text : `${text}-${parts}`;
}
const HEX_TEXT = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
