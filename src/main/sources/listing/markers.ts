import { decodeKey } from '../../../core/inventory/decode.ts';

export const decodeText = (key: string): string => {
  const bytes = Buffer.from(key, 'utf8');
  const out = Buffer.alloc(bytes.length);
  const end = decodeKey(bytes, 0, bytes.length, out, 0);
  return end < 0 ? key : out.toString('utf8', 0, end);
};

/**
 * The key to go on from. Servers differ in whether NextKeyMarker is encoded like the keys; where it repeats the last key
 * of the page, comparing the two tells, otherwise the answer's own EncodingType decides.
 */
export function decodedMarker(marker: string | undefined, lastKey: string | undefined, isEncoded: boolean): string | undefined {
  if (marker === undefined || marker === '' || !isEncoded) return marker === '' ? undefined : marker;
  if (lastKey !== undefined && marker !== lastKey && marker === decodeText(lastKey)) return marker;
  // An encoded marker is printable ASCII without a space.
  return /^[!-~]*$/.test(marker) ? decodeText(marker) : marker;
}
