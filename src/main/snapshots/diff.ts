import { appError } from '../../contract/errors.ts';
import type { Snapshot } from '../../contract/index-views.ts';
import type { Params } from '../../contract/methods.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { Change, SnapshotDiff } from '../../contract/snapshots.ts';
import { CATEGORIES, CATEGORY_OF_KIND, KINDS } from '../../contract/vocabulary.ts';
import type { PackedCube } from '../../core/cube/group.ts';
import type { PackedTree } from '../../core/cube/tree.ts';
import { addChange, compareSnapshots, noChange, type Side, type Sums } from '../../core/snapshots/compare.ts';
import { KeyScope } from '../../core/snapshots/key-scope.ts';
import { matchTrees } from '../../core/snapshots/match-trees.ts';
import { type IndexReader, openIndex } from '../index/reader.ts';

/** Raised when the signal says so; never leaves this file. */
class Stopped extends Error {}

/** Compares two snapshots of one bucket (see SnapshotDiffSchema). Usage where they cannot be compared. */
export function diffSnapshots(params: Params<'snapshots.diff'>, signal: AbortSignal): Result<SnapshotDiff> {
  const opened = openIndex(params.index);
  if (!opened.ok) return opened;
  const reader = opened.value;
  const from = reader.snapshot(params.from);
  if (!from.ok) return from;
  const to = reader.snapshot(params.to);
  if (!to.ok) return to;
  const plan = planOf(from.value, to.value, params.prefix);
  if (!plan.ok) return plan;
  const before = reader.cube(params.from);
  if (!before.ok) return before;
  const after = reader.cube(params.to);
  if (!after.ok) return after;

  const groups = params.by === 'category' ? categoryGroups() : prefixGroups(plan.value.under);
  const compared = compare(reader, [from.value, before.value], [to.value, after.value], plan.value, groups, signal);
  if (!compared.ok) return compared;
  const named = [...compared.value].map(([group, sums]) => ({ key: groups.label(group), sums }));
  const changed = named.filter(({ sums }) => movedVersions(sums) > 0);
  changed.sort(
    (a, b) => movedBytes(b.sums) - movedBytes(a.sums) || movedVersions(b.sums) - movedVersions(a.sums) || (a.key < b.key ? -1 : 1),
  );
  return ok({
    from: sideOf(from.value),
    to: sideOf(to.value),
    totals: settled(named.reduce((all, { sums }) => addChange(all, sums), noChange())),
    groups: changed.slice(0, params.limit).map(({ key, sums }) => ({ key, ...settled(sums) })),
    changedGroups: changed.length,
    warnings: [...plan.value.warnings],
  });
}

interface Plan {
  /** Keys that begin so are compared, but for those that begin like one of `without`. */
  readonly under: string;
  readonly without: readonly string[];
  readonly currentOnly: boolean;
  readonly warnings: readonly string[];
}

/** What two snapshots have in common that can be compared. */
function planOf(from: Snapshot, to: Snapshot, wanted: string): Result<Plan> {
  if (from.bucket !== to.bucket) {
    const words = `Snapshot ${from.snapshotId} is of bucket "${from.bucket}" and snapshot ${to.snapshotId} of "${to.bucket}".`;
    return err(
      appError('Usage', `${words} Only snapshots of one bucket can be compared.`, {
        next: 'List the snapshots and name two of one bucket.',
      }),
    );
  }
  const prefixes = [from.prefix, to.prefix, wanted].sort((a, b) => a.length - b.length);
  const under = prefixes.at(-1) ?? '';
  if (!prefixes.every((prefix) => under.startsWith(prefix))) {
    const words = `The snapshots are of the prefixes "${from.prefix}" and "${to.prefix}", asked for is "${wanted}": no key lies below all of them.`;
    return err(appError('Usage', words, { field: 'prefix', next: 'Name a prefix that both snapshots hold.' }));
  }
  const currentOnly = from.allVersions !== to.allVersions;
  const without = [...new Set([...from.refusedPrefixes, ...to.refusedPrefixes])].sort();
  return ok({
    under,
    without,
    currentOnly,
    warnings: [
      ...(under === wanted ? [] : [`One of the snapshots holds only keys below "${under}": nothing else was compared.`]),
      ...without.map((prefix) => `Below "${prefix}" one of the snapshots could not look: left out.`),
      ...(currentOnly ? ['One of the snapshots holds current versions only: noncurrent versions and delete markers were left out.'] : []),
      ...(from.asOf > to.asOf ? ['The first snapshot is the later one: what is called added was removed, and the other way round.'] : []),
    ],
  });
}

interface Groups {
  of(tree: PackedTree): (directory: number, kind: number) => number;
  label(group: number): string;
}

function categoryGroups(): Groups {
  const categoryOf = KINDS.map((kind) => CATEGORIES.indexOf(CATEGORY_OF_KIND[kind]));
  return { of: () => (_directory, kind) => categoryOf[kind] as number, label: (group) => CATEGORIES[group] as string };
}

/** The directories directly below that of a prefix, by their paths; "" for the keys that lie in it themselves. */
function prefixGroups(under: string): Groups {
  const labels = [''];
  const numbers = new Map([['', 0]]);
  return {
    of(tree) {
      const top = tree.find(under.slice(0, under.lastIndexOf('/') + 1));
      if (top < 0) return () => 0;
      const groups = new Uint32Array((tree.subtreeEnd[top] as number) - top);
      for (const child of tree.children(top)) {
        const path = tree.path(child);
        const number = numbers.get(path) ?? labels.push(path) - 1;
        numbers.set(path, number);
        groups.fill(number, child - top, (tree.subtreeEnd[child] as number) - top);
      }
      return (directory) => groups[directory - top] ?? 0;
    },
    label: (group) => labels[group] as string,
  };
}

type Held = readonly [Snapshot, PackedCube];

function compare(reader: IndexReader, from: Held, to: Held, plan: Plan, groups: Groups, signal: AbortSignal): Result<Map<number, Sums>> {
  const classes = new Map<string, number>();
  const numberOf = ({ storageClass, accessTier }: PackedCube['classes'][number]): number => {
    const name = `${storageClass}\n${accessTier}`;
    const known = classes.get(name) ?? classes.size;
    classes.set(name, known);
    return known;
  };
  const walks = [from, to].map(([snapshot, cube]) =>
    reader.walk(snapshot.snapshotId, { billedClass: cube.classes.map(numberOf), group: groups.of(cube.tree) }),
  );
  const sides: Side[] = [];
  for (const [i, walk] of walks.entries()) {
    if (!walk.ok) return walk;
    const { tree } = ([from, to][i] as Held)[1];
    sides.push({ walk: walk.value, scope: new KeyScope(tree, plan.under, plan.without), currentOnly: plan.currentOnly });
  }
  const [before, after] = sides as [Side, Side];
  const check = (): void => {
    if (signal.aborted) throw new Stopped();
  };
  try {
    return reader.reading(() => compareSnapshots(before, after, matchTrees(from[1].tree, to[1].tree), check));
  } catch (cause) {
    if (cause instanceof Stopped) return err(appError('Cancelled', 'The comparison was cancelled.'));
    throw cause;
  }
}

const sideOf = ({ snapshotId, bucket, asOf, source }: Snapshot): SnapshotDiff['from'] => ({ snapshotId, bucket, asOf, source });

const settled = (sums: Sums): Change => ({ ...sums, grownBytes: sums.after.bytes - sums.before.bytes });

const movedBytes = ({
  added,
  removed,
  replaced,
  transitioned,
  becameNoncurrent,
  becameCurrent,
  reclassifiedIn,
  reclassifiedOut,
}: Sums): number =>
  added.bytes +
  removed.bytes +
  replaced.bytesBefore +
  replaced.bytesAfter +
  transitioned.bytes +
  becameNoncurrent.bytes +
  becameCurrent.bytes +
  reclassifiedIn.bytes +
  reclassifiedOut.bytes;

const movedVersions = (sums: Sums): number =>
  sums.added.versions +
  sums.removed.versions +
  sums.replaced.versions +
  sums.transitioned.versions +
  sums.becameNoncurrent.versions +
  sums.becameCurrent.versions +
  sums.reclassifiedIn.versions +
  sums.reclassifiedOut.versions +
  sums.markersAdded +
  sums.markersRemoved;
