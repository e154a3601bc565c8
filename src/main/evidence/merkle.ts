import { createHash } from 'node:crypto';

export const sha256Of = (...parts: readonly (Uint8Array | string)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export interface Leaf {
  readonly name: string;
  /** Hex. */
  readonly sha256: string;
}

/** A leaf binds the name of a file to its content. */
const leafHash = ({ name, sha256 }: Leaf): Buffer => sha256Of(LEAF, name, '\n', sha256);

/** The root of the tree over leaves in order (RFC 6962 2.1), hex. */
export function merkleRoot(leaves: readonly Leaf[]): string {
  const rootOf = (from: number, to: number): Buffer => {
    if (to - from === 1) return leafHash(leaves[from] as Leaf);
    let split = 1;
    while (split * 2 < to - from) split *= 2;
    return sha256Of(NODE, rootOf(from, from + split), rootOf(from + split, to));
  };
  return (leaves.length === 0 ? sha256Of() : rootOf(0, leaves.length)).toString('hex');
}
