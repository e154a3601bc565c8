import {
  buildLengthTable,
  buildTables,
  DISTANCE_BITS,
  DISTANCES,
  IS_END,
  IS_LINK,
  IS_LITERAL,
  LITERAL_BITS,
  LITERALS,
  NOT_VALUE,
} from './inflate-tables';

/** What inflating stops for. */
const NEEDS_INPUT: i32 = 0;
const NEEDS_ROOM: i32 = 1;
const DONE: i32 = 2;
const DAMAGED: i32 = -1;
/** Inside: the block is at its end. */
const BLOCK_END: i32 = 3;

const BETWEEN_BLOCKS: u32 = 0;
const IN_CODES: u32 = 1;
const IN_STORED: u32 = 2;

/** A block's head takes at most this many bytes: 17 + 19 x 3 + 316 x 14 bits. */
const HEAD_BYTES: usize = 600;
/** Input that decoding some symbols can touch. */
const SPARE_INPUT: usize = 32;
/** Bytes are taken ahead of their use: at the end of all input up to so many that are not there. */
const AHEAD: usize = 16;

const lengths: usize = memory.data(480, 16);
const lengthLengths: usize = memory.data(32, 16);
const ORDER: usize = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

/** A DEFLATE stream (RFC 1951) being unpacked: where it is in the input and in the output, and bits taken but not used. */
export class Inflate {
  static input: usize = 0;
  static output: usize = 0;
  static bits: u64 = 0;
  static bitCount: u32 = 0;
  static state: u32 = BETWEEN_BLOCKS;
  static isLastBlock: bool = false;
  static stored: u32 = 0;
}

export function inflateStart(input: usize): void {
  Inflate.input = input;
  Inflate.bits = 0;
  Inflate.bitCount = 0;
  Inflate.state = BETWEEN_BLOCKS;
  Inflate.isLastBlock = false;
}

/** Where the stream's next byte is read: behind its end, once it is done. Bits taken but not used are given back. */
export function inflateInput(): usize {
  return Inflate.input - (Inflate.bitCount >> 3);
}

/**
 * Unpacks from the input, which ends at `inputEnd` with HEAD_BYTES of anything behind it, until the output reaches `outputEnd`, which
 * has 300 bytes of room behind it. Nothing before `outputStart` may be referred to. Stops early unless `isAll`, which says that no
 * more input will come.
 */
export function inflate(inputEnd: usize, isAll: bool, outputStart: usize, outputEnd: usize): i32 {
  const lastInput = isAll ? inputEnd + AHEAD : inputEnd - SPARE_INPUT;
  while (true) {
    if (Inflate.state == BETWEEN_BLOCKS) {
      if (Inflate.isLastBlock) return inflateInput() > inputEnd ? NEEDS_INPUT : DONE;
      if (isAll ? inflateInput() >= inputEnd : Inflate.input + HEAD_BYTES > inputEnd) return NEEDS_INPUT;
      if (!readHead()) return DAMAGED;
    }
    if (Inflate.state == IN_STORED) {
      if (Inflate.input > inputEnd) return NEEDS_INPUT;
      const count = min(<usize>Inflate.stored, min(inputEnd - Inflate.input, outputEnd - Inflate.output));
      memory.copy(Inflate.output, Inflate.input, count);
      Inflate.output += count;
      Inflate.input += count;
      Inflate.stored -= <u32>count;
      if (Inflate.stored != 0) return Inflate.input == inputEnd ? NEEDS_INPUT : NEEDS_ROOM;
      Inflate.state = BETWEEN_BLOCKS;
      continue;
    }
    const stopped = readCodes(lastInput, outputStart, outputEnd);
    if (stopped != BLOCK_END) return stopped;
    Inflate.state = BETWEEN_BLOCKS;
  }
}

// @ts-ignore: decorator
@inline
function refill(): void {
  Inflate.bits |= load<u64>(Inflate.input) << Inflate.bitCount;
  Inflate.input += (63 - Inflate.bitCount) >> 3;
  Inflate.bitCount |= 56;
}

// @ts-ignore: decorator
@inline
function take(count: u32): u32 {
  const value = <u32>Inflate.bits & ((1 << count) - 1);
  Inflate.bits >>= count;
  Inflate.bitCount -= count;
  return value;
}

function readHead(): bool {
  refill();
  Inflate.isLastBlock = take(1) == 1;
  const type = take(2);
  if (type == 0) {
    // The rest of the byte is skipped, and whole bytes go back to the input.
    Inflate.input -= Inflate.bitCount >> 3;
    Inflate.bits = 0;
    Inflate.bitCount = 0;
    const length = <u32>load<u16>(Inflate.input);
    if ((length ^ 0xffff) != <u32>load<u16>(Inflate.input, 2)) return false;
    Inflate.input += 4;
    Inflate.stored = length;
    Inflate.state = IN_STORED;
    return true;
  }
  if (type == 3) return false;
  Inflate.state = IN_CODES;
  if (type == 2) return readLengths();
  memory.fill(lengths, 8, 144);
  memory.fill(lengths + 144, 9, 112);
  memory.fill(lengths + 256, 7, 24);
  memory.fill(lengths + 280, 8, 8);
  memory.fill(lengths + 288, 5, 32);
  return buildTables(lengths, 288, 32);
}

/** The head of a block with codes of its own (RFC 1951, 3.2.7). */
function readLengths(): bool {
  const literals = take(5) + 257;
  const distances = take(5) + 1;
  const count = take(4) + 4;
  if (literals > 286 || distances > 30) return false;
  memory.fill(lengthLengths, 0, 19);
  for (let i: u32 = 0; i < count; i++) {
    if (Inflate.bitCount < 3) refill();
    store<u8>(lengthLengths + load<u8>(ORDER + i), <u8>take(3));
  }
  if (!buildLengthTable(lengthLengths, DISTANCES)) return false;
  const total = literals + distances;
  let at: u32 = 0;
  while (at < total) {
    if (Inflate.bitCount < 14) refill();
    const entry = load<u32>(DISTANCES + ((<usize>Inflate.bits & 127) << 2));
    if (entry == 0) return false;
    take(entry & 31);
    const symbol = entry >> 8;
    if (symbol < 16) {
      store<u8>(lengths + at++, <u8>symbol);
      continue;
    }
    if (symbol == 16 && at == 0) return false;
    const value: u8 = symbol == 16 ? load<u8>(lengths + at - 1) : 0;
    const times = symbol == 16 ? 3 + take(2) : symbol == 17 ? 3 + take(3) : 11 + take(7);
    if (at + times > total) return false;
    memory.fill(lengths + at, value, times);
    at += times;
  }
  // Without an end a block could never be left.
  return load<u8>(lengths + 256) != 0 && buildTables(lengths, literals, distances);
}

// @ts-ignore: decorator
@inline
function lowBits(value: u64, count: u32): u32 {
  return <u32>value & ((1 << count) - 1);
}

/** Copies what was put out `distance` bytes before; up to 15 bytes behind the end are written over. */
// @ts-ignore: decorator
@inline
function repeat(to: usize, distance: usize, length: u32): void {
  let at = to;
  let from = to - distance;
  const end = to + length;
  if (distance >= 16) {
    // Most are shorter than this, and a loop would have to guess.
    v128.store(at, v128.load(from));
    v128.store(at, v128.load(from, 16), 16);
    while (at + 32 < end) {
      at += 32;
      from += 32;
      v128.store(at, v128.load(from));
      v128.store(at, v128.load(from, 16), 16);
    }
  } else if (distance >= 8) {
    do {
      store<u64>(at, load<u64>(from));
      at += 8;
      from += 8;
    } while (at < end);
  } else {
    do {
      store<u8>(at++, load<u8>(from++));
    } while (at < end);
  }
}

/** The symbols of a block. One refill brings 56 bits: four look-ups of literals, or a length and its distance. */
function readCodes(lastInput: usize, outputStart: usize, outputEnd: usize): i32 {
  let bits = Inflate.bits;
  let count = Inflate.bitCount;
  let input = Inflate.input;
  let output = Inflate.output;
  const literalMask: u32 = (1 << LITERAL_BITS) - 1;
  const distanceMask: u32 = (1 << DISTANCE_BITS) - 1;
  let stopped = DAMAGED;
  while (true) {
    if (input > lastInput || output >= outputEnd) {
      stopped = output >= outputEnd ? NEEDS_ROOM : NEEDS_INPUT;
      break;
    }
    bits |= load<u64>(input) << count;
    input += (63 - count) >> 3;
    count |= 56;
    let entry = load<u32>(LITERALS + (<usize>(<u32>bits & literalMask) << 2));
    if ((entry & IS_LITERAL) != 0) {
      bits >>= entry & 31;
      count -= entry & 31;
      store<u32>(output, entry >> 8);
      output += (entry >> 5) & 3;
      entry = load<u32>(LITERALS + (<usize>(<u32>bits & literalMask) << 2));
      if ((entry & IS_LITERAL) != 0) {
        bits >>= entry & 31;
        count -= entry & 31;
        store<u32>(output, entry >> 8);
        output += (entry >> 5) & 3;
        entry = load<u32>(LITERALS + (<usize>(<u32>bits & literalMask) << 2));
        if ((entry & IS_LITERAL) != 0) {
          bits >>= entry & 31;
          count -= entry & 31;
          store<u32>(output, entry >> 8);
          output += (entry >> 5) & 3;
          entry = load<u32>(LITERALS + (<usize>(<u32>bits & literalMask) << 2));
          if ((entry & IS_LITERAL) != 0) {
            bits >>= entry & 31;
            count -= entry & 31;
            store<u32>(output, entry >> 8);
            output += (entry >> 5) & 3;
            continue;
          }
        }
      }
      bits |= load<u64>(input) << count;
      input += (63 - count) >> 3;
      count |= 56;
    }
    if ((entry & NOT_VALUE) == IS_LINK) {
      bits >>= LITERAL_BITS;
      count -= LITERAL_BITS;
      entry = load<u32>(LITERALS + (<usize>((entry >> 16) + lowBits(bits, (entry >> 8) & 31)) << 2));
      if ((entry & IS_LITERAL) != 0) {
        bits >>= entry & 31;
        count -= entry & 31;
        store<u8>(output++, <u8>(entry >> 8));
        continue;
      }
    }
    if ((entry & NOT_VALUE) != 0) {
      bits >>= entry & 31;
      count -= entry & 31;
      if ((entry & NOT_VALUE) == IS_END) stopped = BLOCK_END;
      break;
    }
    const length = (entry >> 16) + lowBits(bits >> ((entry >> 8) & 31), (entry & 31) - ((entry >> 8) & 31));
    bits >>= entry & 31;
    count -= entry & 31;
    entry = load<u32>(DISTANCES + (<usize>(<u32>bits & distanceMask) << 2));
    if ((entry & NOT_VALUE) == IS_LINK) {
      bits >>= DISTANCE_BITS;
      count -= DISTANCE_BITS;
      entry = load<u32>(DISTANCES + (<usize>((entry >> 16) + lowBits(bits, (entry >> 8) & 31)) << 2));
    }
    if ((entry & NOT_VALUE) != 0) break;
    const distance = <usize>((entry >> 16) + lowBits(bits >> ((entry >> 8) & 31), (entry & 31) - ((entry >> 8) & 31)));
    bits >>= entry & 31;
    count -= entry & 31;
    if (distance > output - outputStart) break;
    repeat(output, distance, length);
    output += length;
  }
  Inflate.bits = bits;
  Inflate.bitCount = count;
  Inflate.input = input;
  Inflate.output = output;
  return stopped;
}
