import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';

const FLUSH_BYTES = 1 << 20;

/** Writes lines of ASCII in pieces, counts them, and takes their sums. */
export class ListWriter {
  /** null: nothing is written, only summed up. */
  private readonly handle: number | null;
  private readonly md5 = createHash('md5');
  private readonly sha256 = createHash('sha256');
  private parts: string[] = [];
  private pending = 0;
  private rows = 0;
  private sizeBytes = 0;

  constructor(handle: number | null) {
    this.handle = handle;
  }

  add(line: string): void {
    this.parts.push(line);
    this.pending += line.length;
    this.rows += 1;
    if (this.pending >= FLUSH_BYTES) this.flush();
  }

  private flush(): void {
    // Lines are ASCII: keys are encoded.
    const bytes = Buffer.from(this.parts.join(''), 'latin1');
    if (this.handle !== null) for (let written = 0; written < bytes.length; ) written += writeSync(this.handle, bytes, written);
    this.md5.update(bytes);
    this.sha256.update(bytes);
    this.sizeBytes += bytes.length;
    this.parts = [];
    this.pending = 0;
  }

  finish(): { readonly rows: number; readonly sizeBytes: number; readonly md5: string; readonly sha256: string } {
    this.flush();
    return { rows: this.rows, sizeBytes: this.sizeBytes, md5: this.md5.digest('hex'), sha256: this.sha256.digest('hex') };
  }
}
