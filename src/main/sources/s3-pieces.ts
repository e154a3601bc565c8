/** A data file that is to be read: how many bytes it should have, and how to get some of them. */
export interface PieceSource {
  readonly sizeBytes: number;
  /** Bytes [from, to) of it, or fewer where it ends earlier. */
  fetch(from: number, to: number, signal: AbortSignal): Promise<Uint8Array>;
}

/** Large enough to make the calls few, small enough that some of them fit into memory. */
const PIECE_BYTES = 8 << 20;
/** How many pieces are on their way or wait to be used. */
const AHEAD = 4;
/** What one chunk handed on has at most. */
const CHUNK_BYTES = 1 << 18;

interface Piece {
  readonly source: number;
  readonly from: number;
  readonly to: number;
  readonly bytes: Promise<Uint8Array>;
}

/**
 * Reads data files one after the other, some pieces ahead of whoever reads, across the ends of files, so that waiting for the
 * store and unpacking go on at once. At most four pieces of 8 MiB are held.
 */
export class PieceReader {
  private readonly sources: readonly PieceSource[];
  private readonly stop = new AbortController();
  private readonly ahead: Piece[] = [];
  private nextSource = 0;
  private nextFrom = 0;

  constructor(sources: readonly PieceSource[]) {
    this.sources = sources;
  }

  /** The bytes of one file. Files are to be read in order, each to its end; one may be left out. */
  async *read(index: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    signal.addEventListener('abort', this.cancel, { once: true });
    try {
      if (this.nextSource < index || this.ahead.some(({ source }) => source < index)) this.skipTo(index);
      for (;;) {
        this.fill();
        const piece = this.ahead[0];
        if (piece === undefined || piece.source !== index) return;
        const bytes = await piece.bytes;
        this.ahead.shift();
        this.fill();
        for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
        // It ends before the manifest says so: what was asked for behind its end is of no use.
        if (bytes.length < piece.to - piece.from) this.skipTo(index + 1);
      }
    } finally {
      signal.removeEventListener('abort', this.cancel);
    }
  }

  close(): void {
    this.stop.abort();
  }

  private readonly cancel = (): void => this.stop.abort();

  private skipTo(index: number): void {
    while (this.ahead[0] !== undefined && this.ahead[0].source < index) this.ahead.shift();
    if (this.nextSource >= index) return;
    this.nextSource = index;
    this.nextFrom = 0;
  }

  private fill(): void {
    while (this.ahead.length < AHEAD) {
      const source = this.sources[this.nextSource];
      if (source === undefined) return;
      const from = this.nextFrom;
      const to = Math.min(source.sizeBytes, from + PIECE_BYTES);
      if (to > from) {
        const bytes = source.fetch(from, to, this.stop.signal);
        // Whoever reads it hears of a failure; until then it is no unhandled one.
        bytes.catch(() => undefined);
        this.ahead.push({ source: this.nextSource, from, to, bytes });
      }
      this.nextFrom = to;
      if (to < source.sizeBytes) continue;
      this.nextSource++;
      this.nextFrom = 0;
    }
  }
}
