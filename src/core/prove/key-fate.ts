import { LOCKED_FOR_EVER } from '../cube/cube.ts';
import type { KnownVersioning } from './context.ts';
import { type Dues, expiresOn, hidesBetween, NEVER, removesCurrent } from './dues.ts';

/** One row of a key, newest first in a list of them, as far as lifecycle can tell. */
export interface KeyRow {
  readonly isMarker: boolean;
  /** The latest row of its key. */
  readonly isLatest: boolean;
  readonly isNullVersion: boolean;
  /** The first midnight from the start of its clock. */
  readonly clockDay: number;
  /** NOT_LOCKED, LOCKED_FOR_EVER, or the first day a lock no longer keeps it. */
  readonly lockedUntilDay: number;
  /** Replication pending or failed: no action. */
  readonly isBlocked: boolean;
  /** Taken by a person's write: not there, and no loss to lifecycle. */
  readonly isReplaced: boolean;
  readonly storageClass: string;
  readonly accessTier: string;
  readonly dues: Dues;
}

/** What happens to a key that nobody touches: days of the runs, Infinity for never. */
export interface KeyFate {
  /** When each row is removed for good. */
  readonly removedDay: Float64Array;
  /** When the current version is hidden (or removed, where that is what expiration does). */
  readonly hiddenDay: number;
  /** When the delete marker that hid the current version is removed; -Infinity where none comes to be. */
  readonly newMarkerDay: number;
}

/**
 * Plays one key through the runs at which something is due. Ranks are those at the start of a run; a delete marker that
 * a run leaves alone is taken by the same run. `markerDues` are the rules that act on a delete marker of this key.
 */
export function keyFate(rows: readonly KeyRow[], markerDues: Dues, versioning: KnownVersioning, firstRun: number): KeyFate {
  const removedDay = new Float64Array(rows.length).fill(NEVER);
  const [latest] = rows;
  let hiddenDay = NEVER;
  const goesAtOnce = latest !== undefined && removesCurrent(versioning, latest.isNullVersion);
  if (latest?.isLatest && !latest.isMarker && !latest.isBlocked) {
    // Removal for good goes before a transition, a delete marker after it.
    hiddenDay = goesAtOnce
      ? expiresOn(latest.dues, latest.clockDay, firstRun)
      : hidesBetween(latest.dues, latest.clockDay, firstRun, latest).to;
  }
  if (goesAtOnce && latest.isLatest && !latest.isMarker && hiddenDay < NEVER) {
    hiddenDay = latest.lockedUntilDay === LOCKED_FOR_EVER ? NEVER : Math.max(hiddenDay, latest.lockedUntilDay);
    removedDay[0] = hiddenDay;
  }
  if (versioning === 'suspended' && !goesAtOnce && hiddenDay < NEVER) {
    // The null delete marker of a suspended bucket takes the place of its null version.
    for (const [at, row] of rows.entries()) if (at > 0 && row.isNullVersion) removedDay[at] = hiddenDay;
  }
  if (versioning !== 'unversioned') {
    const becomes = latest?.isLatest && !latest.isMarker && !goesAtOnce ? hiddenDay : NEVER;
    playNoncurrent(rows, removedDay, becomes, firstRun);
  }

  const others = (from: number): number => removedDay.subarray(from).reduce((last, day) => Math.max(last, day), Number.NEGATIVE_INFINITY);
  if (latest?.isLatest && latest.isMarker && versioning !== 'unversioned') {
    removedDay[0] = latest.isBlocked ? NEVER : Math.max(markerGoes(latest.dues, latest.clockDay, firstRun), others(1));
  }
  const setsMarker = latest?.isLatest === true && !latest.isMarker && versioning !== 'unversioned' && hiddenDay < NEVER;
  const newMarkerDay = setsMarker ? Math.max(markerGoes(markerDues, hiddenDay, hiddenDay), others(0)) : Number.NEGATIVE_INFINITY;
  return { removedDay, hiddenDay, newMarkerDay };
}

/** When a delete marker set at this midnight may go, once it is alone. */
export const markerGoes = (dues: Dues, clockDay: number, firstRun: number): number =>
  dues.cleansMarkers ? Math.max(firstRun, clockDay) : expiresOn(dues, clockDay, firstRun);

const isFree = (row: KeyRow, day: number): boolean => !row.isBlocked && row.lockedUntilDay !== LOCKED_FOR_EVER && row.lockedUntilDay <= day;

/** Removals of noncurrent rows; the latest row is one of them after the run that hides it. */
function playNoncurrent(rows: readonly KeyRow[], removedDay: Float64Array, hiddenDay: number, firstRun: number): void {
  const clockOf = (row: KeyRow): number => (row.isLatest ? hiddenDay : row.clockDay);
  const days = new Set<number>([firstRun, hiddenDay + 1]);
  for (const row of rows) {
    for (const wait of [row.dues.noncurrentDays, ...row.dues.keeping.map((rule) => rule.days)]) {
      days.add(Math.max(firstRun, clockOf(row) + wait)).add(Math.max(firstRun, clockOf(row) + wait, row.lockedUntilDay));
    }
  }
  for (const day of [...days].filter((one) => one < NEVER).sort((a, b) => a - b)) {
    let newer = 0;
    const gone: number[] = [];
    for (const [at, row] of rows.entries()) {
      if (row.isReplaced || (removedDay[at] as number) < day || (row.isLatest && hiddenDay >= day)) continue;
      const rank = newer;
      newer += 1;
      const since = clockOf(row);
      const isDue = (rule: { readonly days: number; readonly newer: number }): boolean => since + rule.days <= day && rank >= rule.newer;
      if (isFree(row, day) && (since + row.dues.noncurrentDays <= day || row.dues.keeping.some(isDue))) gone.push(at);
    }
    for (const at of gone) removedDay[at] = Math.min(day, removedDay[at] as number);
  }
}
