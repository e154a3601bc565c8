import type { Kernel } from '../../kernel/kernel.ts';
import { Interner, textAt } from './column.ts';

/** More texts than a column has that repeats itself: a dictionary of keys or ETags, of which nobody asks for ids. */
const MOST_TEXTS = 10_000;

/** Numbers for the texts of one dictionary after the other, the same for equal ones. */
export class DictionaryIds {
  private readonly kernel: Kernel;
  private readonly interner = new Interner();
  private ids = new Int32Array(0);

  constructor(kernel: Kernel) {
    this.kernel = kernel;
  }

  /** Another dictionary, of so many texts. */
  begin(count: number): void {
    this.ids = new Int32Array(count > MOST_TEXTS ? 0 : count).fill(-1);
  }

  /** The number of the text that lies there; -1 where numbers are not given. */
  idOf(code: number, address: number, length: number): number {
    const known = this.ids[code];
    if (known === undefined || known >= 0) return known ?? -1;
    if (this.interner.isFull) return -1;
    const id = this.interner.idOf(textAt(this.kernel, address, length));
    this.ids[code] = id;
    return id;
  }
}
