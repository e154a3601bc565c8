import { prefixScope } from '../cube/prefix.ts';
import type { PackedTree } from '../cube/tree.ts';
import { encodeUtf8 } from '../cube/utf8.ts';

const OUT = 0;
const IN = 1;
/** Some names of it are in, some out. */
const CUT = 2;

/** Which keys of a snapshot are looked at: those under one prefix, without those under some others. */
export class KeyScope {
  private readonly state: Uint8Array;
  private readonly cuts = new Map<number, { in: Uint8Array[]; out: Uint8Array[] }>();

  constructor(tree: PackedTree, under: string, without: readonly string[]) {
    this.state = new Uint8Array(tree.count);
    this.mark(tree, under, IN);
    for (const prefix of without) this.mark(tree, prefix, OUT);
  }

  /** Whether a key is looked at, by its directory and name. */
  has(directory: number, startsWith: (beginning: Uint8Array) => boolean): boolean {
    const state = this.state[directory] as number;
    if (state !== CUT) return state === IN;
    const cut = this.cuts.get(directory);
    return (cut?.in.some(startsWith) ?? true) && !(cut?.out.some(startsWith) ?? false);
  }

  private mark(tree: PackedTree, prefix: string, as: typeof IN | typeof OUT): void {
    const scope = prefixScope(tree, prefix);
    if (scope === null) return;
    this.state.fill(as, scope.from, scope.to);
    if (scope.cut === null) return;
    const { directory, namePrefix } = scope.cut;
    // Inside what is out there is nothing left to take out.
    if (as === OUT && this.state[directory] === OUT) return;
    const cut = this.cuts.get(directory) ?? { in: [], out: [] };
    cut[as === IN ? 'in' : 'out'].push(encodeUtf8(namePrefix));
    if (as === OUT && this.state[directory] === IN && cut.in.length === 0) cut.in.push(new Uint8Array(0));
    this.cuts.set(directory, cut);
    this.state[directory] = CUT;
  }
}
