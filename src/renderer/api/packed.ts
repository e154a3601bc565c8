/** Newer engines decode by themselves, many times as fast. */
const fromBase64 = (Uint8Array as unknown as { readonly fromBase64?: (text: string) => Uint8Array<ArrayBuffer> }).fromBase64;

/** Numbers as the engine packs them (contract/map.ts): base64 of little-endian columns. */
function bytesOf(text: string): ArrayBuffer {
  if (fromBase64 !== undefined) return fromBase64.call(Uint8Array, text).buffer;
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return bytes.buffer;
}

export const unpackUint8 = (text: string): Uint8Array => new Uint8Array(bytesOf(text));
export const unpackInt32 = (text: string): Int32Array => new Int32Array(bytesOf(text));
export const unpackFloat64 = (text: string): Float64Array => new Float64Array(bytesOf(text));
