import type { BatchBuilder } from './batch-builder.ts';

/** A class or tier name is ASCII; anything longer than this is not one, but keeps its own name all the same. */
const text = (bytes: Uint8Array, start: number, end: number): string => {
  let name = '';
  for (let i = start; i < end; i++) name += String.fromCharCode(bytes[i]!);
  return name;
};

const isSame = (bytes: Uint8Array, start: number, end: number, name: string): boolean => {
  if (end - start !== name.length) return false;
  for (let i = 0; i < name.length; i++) if (bytes[start + i] !== name.charCodeAt(i)) return false;
  return true;
};

/**
 * Finds the dictionary id of a storage class and access tier held as bytes. Neighbouring rows mostly
 * share a class, so the last one is compared first and no string is made for it.
 */
export function createClassReader(builder: BatchBuilder) {
  let last = -1;
  return (bytes: Uint8Array, start: number, end: number, tierStart: number, tierEnd: number): number => {
    const known = last < 0 ? undefined : builder.classes[last];
    if (known !== undefined && isSame(bytes, start, end, known.storageClass) && isSame(bytes, tierStart, tierEnd, known.accessTier))
      return last;
    last = builder.classIdOf(text(bytes, start, end), text(bytes, tierStart, tierEnd));
    return last;
  };
}
