import type { Kernel } from '../kernel/kernel.ts';

/** Input and output of the kernel's inflate, and what it stops for. */
const INPUT_BYTES = 1 << 20;
const SPARE_INPUT = 1024;
const HISTORY_BYTES = 32_768;
/** Unpacked in one go: little enough to stay in the processor's caches until it is read. */
const WINDOW_BYTES = 1 << 18;
const SPARE_OUTPUT = 512;
const NEEDS_INPUT = 0;
const NEEDS_ROOM = 1;

/** What is wrong with a stream; `isCutOff`: it ends too early. */
export interface UnpackFault {
  readonly isCutOff: boolean;
  readonly words: string;
}

export interface GzipReader {
  /** Unpacks more of the file; a fault ends it. */
  push(chunk: Uint8Array): UnpackFault | null;
  /** No more is to come. */
  end(): UnpackFault | null;
}

type State = 'header' | 'body' | 'trailer' | 'between';
const HEADER_BYTES = 10;
const TRAILER_BYTES = 8;
const FLAG_HEADER_CRC = 2;
const FLAG_EXTRA = 4;
const FLAG_NAME = 8;
const FLAG_COMMENT = 16;

const cutOff: UnpackFault = { isCutOff: true, words: 'The gzip stream ends too early.' };
const damaged = (words: string): UnpackFault => ({ isCutOff: false, words });

/** A place in the kernel for unpacked bytes: what is not used yet is kept in front of what comes next. */
export interface Unpacked {
  /** Uses bytes [from, to) of the kernel's memory; where the first unused one lies. There are `SPARE_OUTPUT` bytes of room behind them. */
  use(from: number, to: number): number;
  /** The file is at its end; bytes [from, to) are what `use` left. */
  end(from: number, to: number): void;
  /** The longest rest that `use` may leave. */
  readonly longestRest: number;
}

/**
 * Unpacks gzip files (RFC 1952) in the kernel, member after member, handing over what was unpacked window by window. The length
 * in each trailer is checked; whether the bytes are the right ones is told by the MD5 that the manifest has of the file.
 */
export function createGzipReader(kernel: Kernel, unpacked: Unpacked): GzipReader {
  const { calls } = kernel;
  const input = calls.allocate(INPUT_BYTES + SPARE_INPUT);
  const output = calls.allocate(HISTORY_BYTES + unpacked.longestRest + WINDOW_BYTES + SPARE_OUTPUT);
  let state: State = 'header';
  /** Bytes of input held, from `input` on. */
  let held = 0;
  /** Where the member's output begins, the first byte not used yet, the end, and how far the next window goes. */
  let memberAt = output;
  let unusedAt = output;
  let end = output;
  let windowEnd = output + WINDOW_BYTES;
  let memberBytes = 0;

  /** Goes on until more input is needed. */
  function run(isAll: boolean): UnpackFault | null {
    for (;;) {
      let stopped: UnpackFault | 'more' | null;
      if (state === 'header') stopped = readHeader();
      else if (state === 'body') stopped = readBody(isAll);
      else if (state === 'trailer') stopped = readTrailer();
      else stopped = readBetween();
      if (stopped === 'more') return null;
      if (stopped !== null) return stopped;
    }
  }

  const inputBytes = (): Uint8Array => kernel.bytes(input, held);

  function drop(count: number): void {
    kernel.memory.copyWithin(input, input + count, input + held);
    held -= count;
  }

  function readHeader(): UnpackFault | 'more' | null {
    const bytes = inputBytes();
    if (held < HEADER_BYTES) return 'more';
    if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return damaged('The file is not gzip.');
    if (bytes[2] !== 8) return damaged('The gzip stream is packed in an unknown way.');
    const length = headerLength(bytes);
    if (length === null) return held === INPUT_BYTES ? damaged('The gzip header has no end.') : 'more';
    drop(length);
    calls.inflateStart(input);
    calls.setOutput(end);
    memberAt = end;
    memberBytes = 0;
    state = 'body';
    return null;
  }

  function readBody(isAll: boolean): UnpackFault | 'more' | null {
    // The bytes behind the input are read, though never used.
    if (isAll) kernel.memory.fill(0, input + held, input + held + SPARE_INPUT);
    const before = end;
    const stopped = calls.inflate(input + held, isAll, memberAt, windowEnd);
    end = calls.output();
    memberBytes += end - before;
    if (stopped === NEEDS_INPUT) {
      if (isAll) return 'more';
      // Bytes before this place were taken, though perhaps not used yet.
      drop(calls.input() - input);
      calls.setInput(input);
      return 'more';
    }
    if (stopped < 0) return damaged('The gzip stream is damaged.');
    unusedAt = unpacked.use(unusedAt, end);
    makeRoom();
    if (stopped === NEEDS_ROOM) return null;
    drop(calls.inflateInput() - input);
    state = 'trailer';
    return null;
  }

  /** Moves what is still needed to the front: the last bytes unpacked, which later ones may repeat, and what is not used yet. */
  function makeRoom(): void {
    const keepFrom = Math.max(output, Math.min(unusedAt, end - HISTORY_BYTES));
    const shift = keepFrom - output;
    kernel.memory.copyWithin(output, keepFrom, end);
    memberAt = Math.max(output, memberAt - shift);
    unusedAt -= shift;
    end -= shift;
    windowEnd = end + WINDOW_BYTES;
    calls.setOutput(end);
  }

  function readTrailer(): UnpackFault | 'more' | null {
    if (held < TRAILER_BYTES) return 'more';
    const bytes = inputBytes();
    const length = new DataView(bytes.buffer, bytes.byteOffset, TRAILER_BYTES).getUint32(4, true);
    if (length !== memberBytes % 0x1_0000_0000) return damaged('The gzip stream has another length than its trailer says.');
    drop(TRAILER_BYTES);
    state = 'between';
    return null;
  }

  function readBetween(): UnpackFault | 'more' | null {
    if (held === 0) return 'more';
    if (inputBytes()[0] !== 0x1f) return damaged('The gzip stream is followed by something else.');
    state = 'header';
    return null;
  }

  return {
    push(chunk) {
      for (let from = 0; from < chunk.length; ) {
        const count = Math.min(INPUT_BYTES - held, chunk.length - from);
        kernel.memory.set(chunk.subarray(from, from + count), input + held);
        held += count;
        from += count;
        const fault = run(false);
        if (fault !== null) return fault;
      }
      return null;
    },
    end() {
      const fault = run(true);
      if (fault !== null) return fault;
      if (state !== 'between') return cutOff;
      unpacked.end(unusedAt, end);
      state = 'header';
      unusedAt = output;
      end = output;
      windowEnd = output + WINDOW_BYTES;
      return null;
    },
  };
}

/** Length of a gzip header; null where it goes on behind these bytes. */
function headerLength(bytes: Uint8Array): number | null {
  const flags = bytes[3] as number;
  let at = HEADER_BYTES;
  if ((flags & FLAG_EXTRA) !== 0) {
    if (at + 2 > bytes.length) return null;
    at += 2 + ((bytes[at] as number) | ((bytes[at + 1] as number) << 8));
  }
  for (const flag of [FLAG_NAME, FLAG_COMMENT]) {
    if ((flags & flag) === 0) continue;
    const zero = bytes.indexOf(0, at);
    if (zero < 0) return null;
    at = zero + 1;
  }
  if ((flags & FLAG_HEADER_CRC) !== 0) at += 2;
  return at > bytes.length ? null : at;
}
