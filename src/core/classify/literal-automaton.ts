/**
 * Finds which literals a text holds, in one pass over its bytes (Aho and Corasick). A state can be
 * kept and gone on from, so the work for a directory is done once for all keys in it.
 */
export class LiteralAutomaton {
  /** Next state by state * 256 + byte. */
  private readonly next: Uint16Array;
  /** Sets (bits) found on reaching a state: `words` numbers a state. */
  private readonly found: Uint32Array;
  /** By state: whether there are any. */
  private readonly finds: Uint8Array;
  readonly words: number;

  /** `sets[i]` are the literals (ASCII) of bit i. */
  constructor(sets: readonly (readonly string[])[]) {
    this.words = Math.max(1, Math.ceil(sets.length / 32));
    const children: Map<number, number>[] = [new Map()];
    const ends: number[][] = [[]];
    for (const [bit, literals] of sets.entries()) {
      for (const literal of literals) {
        let state = 0;
        for (let i = 0; i < literal.length; i++) {
          const code = literal.charCodeAt(i);
          let child = children[state]?.get(code);
          if (child === undefined) {
            child = children.length;
            children.push(new Map());
            ends.push([]);
            children[state]?.set(code, child);
          }
          state = child;
        }
        ends[state]?.push(bit);
      }
    }
    this.next = new Uint16Array(children.length * 256);
    this.found = new Uint32Array(children.length * this.words);
    this.link(children, ends);
    this.finds = Uint8Array.from(children, (_, state) =>
      this.found.subarray(state * this.words, (state + 1) * this.words).some(Boolean) ? 1 : 0,
    );
  }

  /** Goes on from `state` over bytes[start..end), adding to `found` (of `words` numbers); the state reached. */
  run(state: number, bytes: Uint8Array, start: number, end: number, found: Uint32Array): number {
    const { next, found: foundAt, finds, words } = this;
    let at = state;
    for (let i = start; i < end; i++) {
      at = next[at * 256 + (bytes[i] as number)] as number;
      // Most states find nothing.
      if (finds[at] === 1) for (let w = 0; w < words; w++) found[w] = (found[w] as number) | (foundAt[at * words + w] as number);
    }
    return at;
  }

  private link(children: readonly Map<number, number>[], ends: readonly (readonly number[])[]): void {
    const fallback = new Uint16Array(children.length);
    const queue = [0];
    for (let state = queue.shift(); state !== undefined; state = queue.shift()) {
      const back = fallback[state] as number;
      for (const bit of ends[state] ?? []) {
        const slot = state * this.words + (bit >>> 5);
        this.found[slot] = (this.found[slot] as number) | (1 << (bit & 31));
      }
      for (let w = 0; w < this.words && state !== 0; w++) {
        const slot = state * this.words + w;
        this.found[slot] = (this.found[slot] as number) | (this.found[back * this.words + w] as number);
      }
      if (state !== 0) this.next.copyWithin(state * 256, back * 256, back * 256 + 256);
      for (const [code, child] of children[state] ?? []) {
        fallback[child] = state === 0 ? 0 : (this.next[back * 256 + code] as number);
        this.next[state * 256 + code] = child;
        queue.push(child);
      }
    }
  }
}
