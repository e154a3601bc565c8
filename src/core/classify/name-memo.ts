import { NameShape } from './name-shape.ts';

/** Forms of names remembered for one form of directories. */
export const SHAPES = 16;
/** After so many names that were of no known form, and fewer that were, names are by chance: none are remembered any more. */
const CHANCE = 64;

/** Where the unit of a name is, as NameMemo remembers it: a depth, a stem of so many bytes, nowhere, or not known. */
export const NOT_KNOWN = -2;
export const NOWHERE = -1;
export const STEM = 1 << 16;

/** What is known of names in directories of one form. */
export class NameMemo {
  /** By form: the rule whose pattern such a name matches by itself, and where its unit is. */
  readonly rules = new Int16Array(SHAPES);
  readonly places = new Int32Array(SHAPES);
  private readonly shapes: NameShape[] = [];
  private known = 0;
  private oldest = 0;
  private hits = 0;
  private misses = 0;

  clear(): void {
    this.known = 0;
    this.oldest = 0;
    this.hits = 0;
    this.misses = 0;
  }

  /** The form that a name has, below SHAPES; -1 for none that is known. */
  find(bytes: Uint8Array, start: number, end: number): number {
    for (let at = 0; at < this.known; at++) {
      if (!(this.shapes[at] as NameShape).fits(bytes, start, end)) continue;
      this.hits += 1;
      return at;
    }
    this.misses += 1;
    return -1;
  }

  /** Remembers the form of a name in the place of the oldest; that place, or -1 where nothing is remembered any more. */
  learn(bytes: Uint8Array, start: number, end: number, fixedBehind: Uint8Array, rule: number): number {
    if (this.misses > CHANCE && this.hits < this.misses) {
      this.known = 0;
      return -1;
    }
    const at = this.oldest;
    let shape = this.shapes[at];
    if (!shape) {
      shape = new NameShape();
      this.shapes[at] = shape;
    }
    shape.take(bytes, start, end, fixedBehind);
    this.rules[at] = rule;
    this.places[at] = NOT_KNOWN;
    this.oldest = (at + 1) % SHAPES;
    if (this.known < SHAPES) this.known += 1;
    return at;
  }
}
