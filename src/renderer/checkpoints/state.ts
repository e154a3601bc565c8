import { create } from 'zustand';
import type { CheckpointBoard } from '../../contract/board.ts';
import type { KeepPolicy } from '../../contract/keep.ts';
import { useSession } from '../state/session.ts';

export type Run = CheckpointBoard['runs'][number];
export type RunSort = 'run' | 'kept' | 'size' | 'free' | 'cost';

/** What Checkpoints shows. Runs are known by their path: a group's number may change with the next scan. */
interface Checkpoints {
  /** The policy being tried; undefined: the one of the workspace. */
  readonly tried: KeepPolicy | undefined;
  readonly sort: { readonly key: RunSort; readonly descending: boolean };
  /** The run looked at. */
  readonly selection: string | null;
  /** Runs taken together; sorting leaves them alone. */
  readonly marked: ReadonlySet<string>;
  /** Counts changes of pins and policies. */
  readonly revision: number;
  tryPolicy(policy: KeepPolicy | undefined): void;
  sortBy(key: RunSort): void;
  select(path: string | null): void;
  mark(paths: Iterable<string>): void;
  changed(): void;
}

const FRESH = { tried: undefined, selection: null, marked: new Set<string>() };

export const useCheckpoints = create<Checkpoints>()((set) => ({
  ...FRESH,
  sort: { key: 'free', descending: true },
  revision: 0,
  tryPolicy: (tried) => set({ tried }),
  // Names begin at A, figures with the largest.
  sortBy: (key) => set(({ sort }) => ({ sort: { key, descending: sort.key === key ? !sort.descending : key !== 'run' } })),
  select: (selection) => set({ selection }),
  mark: (paths) => set({ marked: new Set(paths) }),
  changed: () => set(({ revision }) => ({ revision: revision + 1 })),
}));

useSession.subscribe((state, before) => {
  if (state.index !== before.index) useCheckpoints.setState(FRESH);
});

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const MEASURES: Readonly<Record<Exclude<RunSort, 'run'>, (run: Run) => number>> = {
  kept: (run) => run.keep,
  size: (run) => run.all.bytes,
  free: (run) => run.stale.bytes,
  cost: (run) => Number(run.stale.monthlyNanoUsd ?? 0),
};

/** Runs in the order of a column; equal ones by name. */
export function sortedRuns(runs: readonly Run[], { key, descending }: Checkpoints['sort']): readonly Run[] {
  const sign = descending ? -1 : 1;
  const order =
    key === 'run'
      ? (a: Run, b: Run) => sign * compareText(a.path, b.path)
      : (a: Run, b: Run) => sign * (MEASURES[key](a) - MEASURES[key](b)) || compareText(a.path, b.path);
  return runs.toSorted(order);
}
