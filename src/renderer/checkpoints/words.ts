import type { KeepPolicy, KeepReason } from '../../contract/keep.ts';
import { formatBytes, formatCount } from '../../core/report/format.ts';

/** Reasons as badges: a fact somebody made, short enough for a table. */
export const FACT_WORDS: Readonly<Partial<Record<KeepReason, string>>> = {
  pinned: 'pinned',
  locked: 'locked',
  registered: 'registered',
  openRun: 'run is open',
  resumedFrom: 'resumed from',
  tracked: 'named in a file',
  recent: 'written lately',
  inUse: 'read lately',
};

/** "checkpoints/lm/run-1/" -> ["checkpoints/lm/", "run-1"]: what a run is called, and where it lies. */
export function runName(path: string): { readonly folder: string; readonly name: string } {
  const bare = path.endsWith('/') ? path.slice(0, -1) : path;
  const cut = bare.lastIndexOf('/') + 1;
  return { folder: bare.slice(0, cut), name: bare.slice(cut) || '(no directory)' };
}

/** Numbers of steps somebody would count in, from none to a million. */
export const STEP_STOPS: readonly number[] = [
  0, 10, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
];

/** Where a number of steps stands among the stops: the last that is not beyond it. */
export const stopOf = (steps: number | null): number =>
  Math.max(
    0,
    STEP_STOPS.findLastIndex((stop) => stop <= (steps ?? 0)),
  );

/** What is kept besides counts: "written in 30 d, read in 90 d, …". */
export function alsoKept({ graceDays, readDays, named, budgetBytes, budgetPer, bestOfProject }: KeepPolicy): string {
  return [
    'pinned, locked or referred to',
    `written in ${formatCount(graceDays)} d`,
    readDays > 0 ? `read in ${formatCount(readDays)} d` : '',
    named ? 'named best, last or final' : '',
    bestOfProject > 0 ? `the best ${formatCount(bestOfProject)} of a project` : '',
    budgetBytes === null ? '' : `more while a ${budgetPer} fits into ${formatBytes(budgetBytes)}`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
