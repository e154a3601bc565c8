import { grown } from '../cube/growable.ts';
import { isDigit } from './name-shape.ts';

/** Forms that are remembered; directories named by chance would fill memory for nothing. */
const MOST_FORMS = 2 ** 18;

/**
 * Forms of whole directory paths: two paths have the same form where they differ only in digits that no rule spells out, so
 * whatever rules say of names in one holds in the other. Numbered from 0, the root; -1 where there is no room for another.
 */
export class DirectoryForms {
  count = 1;
  private readonly fixedBehind: Uint8Array | null;
  private parent = new Int32Array(1024);
  private start = new Uint32Array(1024);
  private text = new Uint8Array(1 << 14);
  /** Form + 1 by hash, with open addressing; 0 for none. */
  private table = new Int32Array(4096);
  private scratch = new Uint8Array(256);

  /** `fixedBehind` has 1 for every byte behind which digits matter; null: there are no forms. */
  constructor(fixedBehind: Uint8Array | null) {
    this.fixedBehind = fixedBehind;
  }

  /** The form of a folder, its name bytes[start..end), in one of a form. */
  child(parent: number, bytes: Uint8Array, start: number, end: number): number {
    const { fixedBehind } = this;
    if (fixedBehind === null || parent < 0) return -1;
    const length = end - start;
    if (length > this.scratch.length) this.scratch = new Uint8Array(length * 2);
    const { scratch } = this;
    let hash = Math.imul(parent + 1, 0x9e3779b1);
    let isFree = true;
    for (let i = 0; i < length; i++) {
      let code = bytes[start + i] as number;
      if (!isDigit(code)) isFree = fixedBehind[code] === 0;
      else if (isFree) code = 0x30;
      scratch[i] = code;
      hash = Math.imul(hash ^ code, 0x01000193);
    }
    hash ^= hash >>> 15;
    const mask = this.table.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const form = (this.table[slot] as number) - 1;
      if (form < 0) return this.count < MOST_FORMS ? this.add(slot, parent, length, hash) : -1;
      if (this.parent[form] === parent && this.is(form, length)) return form;
    }
  }

  private is(form: number, length: number): boolean {
    const from = this.start[form] as number;
    if ((this.start[form + 1] as number) - from !== length) return false;
    for (let i = 0; i < length; i++) if (this.text[from + i] !== this.scratch[i]) return false;
    return true;
  }

  private add(slot: number, parent: number, length: number, hash: number): number {
    const form = this.count++;
    this.parent = grown(this.parent, form + 1);
    this.start = grown(this.start, form + 2);
    this.hashes = grown(this.hashes, form + 1);
    const from = this.start[form] as number;
    this.text = grown(this.text, from + length);
    this.text.set(this.scratch.subarray(0, length), from);
    this.parent[form] = parent;
    this.start[form + 1] = from + length;
    this.hashes[form] = hash;
    this.table[slot] = form + 1;
    if (this.count * 2 > this.table.length) this.rehash();
    return form;
  }

  private hashes = new Int32Array(1024);

  private rehash(): void {
    const table = new Int32Array(this.table.length * 2);
    const mask = table.length - 1;
    for (let form = 1; form < this.count; form++) {
      let slot = (this.hashes[form] as number) & mask;
      while (table[slot] !== 0) slot = (slot + 1) & mask;
      table[slot] = form + 1;
    }
    this.table = table;
  }
}
