import type { Details, RowBatch } from '../../core/inventory/row-batch.ts';
import type { Kernel } from '../kernel/kernel.ts';

/** A row whose details are not in the dictionary brings them along. */
export const OWN_DETAILS = 0xffff;
/** No more than these are kept in memory; details that nearly every row has its own of are no dictionary. */
const MOST = 60_000;
const MOST_BYTES = 16 << 20;

/** The details of a snapshot's rows, each once, as JSON; and their numbers for the ids of the batch at hand. */
export class DetailDictionary {
  readonly texts: Uint8Array[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly encoder = new TextEncoder();
  private bytes = 0;
  private of: RowBatch['details'] | undefined;
  private mapped = 0;
  /** Whether a row of the batch at hand may bring its details along. */
  hasOwn = false;
  /** JSON of those, by id of the batch. */
  readonly own = new Map<number, Uint8Array>();

  /** Tells the kernel the numbers of a batch's details; `at` is where it keeps them. Details that grow from batch to batch are looked at once. */
  map(kernel: Kernel, at: number, details: RowBatch['details']): void {
    if (this.of !== details || this.mapped > details.length) {
      this.of = details;
      this.mapped = 0;
      this.own.clear();
    }
    for (const numbers = kernel.u16(at, 65_536); this.mapped < details.length; this.mapped++) {
      numbers[this.mapped] = this.numberOf(this.mapped, details[this.mapped] as Details);
    }
    this.hasOwn = this.own.size > 0;
  }

  private numberOf(id: number, details: Details): number {
    const json = JSON.stringify(details);
    const known = this.numbers.get(json);
    if (known !== undefined) return known;
    const text = this.encoder.encode(json);
    if (this.texts.length >= MOST || this.bytes + text.length > MOST_BYTES) {
      this.own.set(id, text);
      return OWN_DETAILS;
    }
    this.texts.push(text);
    this.bytes += text.length;
    this.numbers.set(json, this.texts.length - 1);
    return this.texts.length - 1;
  }
}
