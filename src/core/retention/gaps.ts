import type { StatementScope } from '../../contract/prove.ts';
import { ok, type Result } from '../../contract/result.ts';
import type { Coverage } from '../../contract/retention.ts';
import { CATEGORY_OF_KIND, KINDS, VERSION_STATES } from '../../contract/vocabulary.ts';
import { prefixScope } from '../cube/prefix.ts';
import type { RowBlock } from '../cube/row-block.ts';
import { isAnySize } from '../prove/box.ts';
import { scopeBox } from '../prove/context.ts';
import type { ExistingVersions } from '../prove/existing.ts';

const MARKER = VERSION_STATES.indexOf('marker');

/** Where one scope holds: whole directories, and of one more the names that begin so; for some kinds or all. */
interface Held {
  readonly from: number;
  readonly to: number;
  readonly cut: { readonly directory: number; readonly namePrefix: string } | null;
  /** One bit a kind. */
  readonly kinds: number;
}

const ALL_KINDS = KINDS.reduce((bits, _kind, at) => bits | (1 << at), 0);

const kindsOf = (scope: StatementScope): number =>
  scope.category === undefined
    ? ALL_KINDS
    : KINDS.reduce((bits, kind, at) => (CATEGORY_OF_KIND[kind] === scope.category ? bits | (1 << at) : bits), 0);

/**
 * Versions under no scope, by the first directory of their key. Scopes that ask for tags or sizes cover nothing whole:
 * what a tag holds is not in an inventory, and the rest of a size has no schedule.
 */
export function gapsOf(
  scopes: readonly StatementScope[],
  { cube, rowsIn }: Pick<ExistingVersions, 'cube' | 'rowsIn'>,
): Result<NonNullable<Coverage['gaps']>> {
  const { tree } = cube;
  const held: Held[] = [];
  for (const scope of scopes) {
    const box = scopeBox(scope);
    const place = box === null || box.tags.size > 0 || !isAnySize(box) ? null : prefixScope(tree, scope.prefix);
    if (place !== null) held.push({ from: place.from, to: place.to, cut: place.cut, kinds: kindsOf(scope) });
  }
  const covered = new Int32Array(tree.count);
  for (const { from, to, kinds } of held) for (let directory = from; directory < to; directory += 1) covered[directory]! |= kinds;
  const gaps = new Map<string, { versions: number; bytes: number }>();
  const first = firstDirectories(tree.count, tree.parent);
  const add = (directory: number, versions: number, bytes: number): void => {
    const name = tree.path(first[directory] as number);
    const gap = gaps.get(name) ?? { versions: 0, bytes: 0 };
    gaps.set(name, { versions: gap.versions + versions, bytes: gap.bytes + bytes });
  };
  const cuts = held.filter(({ cut }) => cut !== null);
  for (let directory = 0; directory < tree.count; directory += 1) {
    const [from, to] = [cube.cellStart[directory] as number, cube.cellStart[directory + 1] as number];
    const own = covered[directory] as number;
    if (from === to || own === ALL_KINDS) continue;
    const here = cuts.filter(({ cut }) => cut?.directory === directory);
    if (here.length > 0) {
      const rows = rowsIn(directory);
      if (!rows.ok) return rows;
      const left = uncoveredRows(rows.value, own, here);
      if (left.versions > 0) add(directory, left.versions, left.bytes);
      continue;
    }
    let [versions, bytes] = [0, 0];
    for (let cell = from; cell < to; cell += 1) {
      if (cube.state[cell] === MARKER || (own & (1 << (cube.kind[cell] as number))) !== 0) continue;
      versions += cube.count[cell] as number;
      bytes += cube.bytes[cell] as number;
    }
    if (versions > 0) add(directory, versions, bytes);
  }
  return ok([...gaps].map(([prefix, gap]) => ({ prefix, ...gap })).sort((a, b) => b.bytes - a.bytes || (a.prefix < b.prefix ? -1 : 1)));
}

function uncoveredRows(block: RowBlock, own: number, cuts: readonly Held[]): { versions: number; bytes: number } {
  let [versions, bytes] = [0, 0];
  for (let row = 0; row < block.rows; row += 1) {
    const bit = 1 << (block.kind[row] as number);
    if (block.state[row] === MARKER || (own & bit) !== 0) continue;
    if (cuts.some(({ kinds, cut }) => (kinds & bit) !== 0 && block.name(row).startsWith(cut?.namePrefix ?? ''))) continue;
    versions += 1;
    bytes += block.sizeBytes[row] as number;
  }
  return { versions, bytes };
}

/** For every directory the one right under the root that it lies in; the root for itself. */
function firstDirectories(count: number, parent: Int32Array): Uint32Array {
  const first = new Uint32Array(count);
  for (let directory = 1; directory < count; directory += 1) {
    const above = parent[directory] as number;
    first[directory] = above === 0 ? directory : (first[above] as number);
  }
  return first;
}
