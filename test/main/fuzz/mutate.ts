/** Numbers from a seed: the same seed, the same run (mulberry32). */
export function createRandom(seed: number): { below(limit: number): number } {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  return { below: (limit) => Math.floor(next() * limit) };
}
export type Random = ReturnType<typeof createRandom>;

/** Values that are ends of ranges somewhere. */
const EDGES = [0, 1, 2, 0x7f, 0x80, 0xff, 0x22, 0x2c, 0x0a, 0x25, 0x2b, 0x3c, 0x26];
const WIDE = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0x7fff, 0x8000, 0xffff];

/** A changed copy: bits, bytes and numbers replaced, stretches taken out, doubled, moved, or cut off at the end. Never the same. */
export function mutated(seed: Buffer, random: Random): Buffer {
  let bytes = Buffer.from(seed);
  for (let changes = 1 + random.below(4); changes > 0; changes--) {
    if (bytes.length === 0) return Buffer.from([random.below(256)]);
    const at = random.below(bytes.length);
    const length = 1 + random.below(Math.min(64, bytes.length - at));
    switch (random.below(9)) {
      case 0:
        bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
        break;
      case 1:
        bytes[at] = EDGES[random.below(EDGES.length)] as number;
        break;
      case 2:
        bytes[at] = random.below(256);
        break;
      case 3:
        if (at + 4 <= bytes.length) bytes.writeUInt32LE(WIDE[random.below(WIDE.length)] as number, at);
        break;
      case 4:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
        break;
      case 5:
        bytes = Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
        break;
      case 6: {
        const to = random.below(bytes.length);
        bytes.copy(bytes, to, at, Math.min(at + length, bytes.length));
        break;
      }
      case 7:
        bytes = Buffer.concat([bytes.subarray(0, at), Buffer.alloc(length, random.below(256)), bytes.subarray(at)]);
        break;
      default:
        if (random.below(4) === 0) bytes = bytes.subarray(0, at);
    }
  }
  if (bytes.equals(seed)) return Buffer.concat([bytes, Buffer.from([random.below(256)])]);
  return bytes;
}

/** A copy of the same length, some of its bytes changed: what lies where stays as it was. */
export function overwritten(seed: Buffer, random: Random): Buffer {
  const bytes = Buffer.from(seed);
  for (let changes = 1 + random.below(3); changes > 0; changes--) {
    const at = random.below(bytes.length);
    const old = bytes[at] as number;
    const kind = random.below(3);
    bytes[at] = kind === 0 ? old ^ (1 << random.below(8)) : kind === 1 ? (EDGES[random.below(EDGES.length)] as number) : random.below(256);
  }
  if (bytes.equals(seed)) bytes[0] = (bytes[0] as number) ^ 1;
  return bytes;
}
