import { NOT_LOCKED } from '../../cube/cube.ts';
import type { RunOptions } from '../options.ts';
import type { Program } from '../timeline/program.ts';
import type { Cohort } from './cohorts.ts';
import type { Ledger } from './ledger.ts';
import { playCohort } from './play.ts';

const NONE: Cohort['recent'] = {
  clockDay: new Int32Array(0),
  writtenDay: new Int32Array(0),
  count: new Float64Array(0),
  bytes: new Float64Array(0),
};

/**
 * New data as it came lately: what was written in the window before the as-of day and is still current is written again so many days
 * later, and again, each time under keys of its own in the same place.
 */
export function playInflow(cohort: Cohort, program: Program, options: RunOptions, ledger: Ledger, inflowDays: number): void {
  if (inflowDays === 0 || cohort.inflow.clockDay.length === 0) return;
  const { inflow, trait } = cohort;
  const byDay = new Map<string, { clockDay: number; writtenDay: number; count: number; bytes: number }>();
  for (let at = 0; at < inflow.clockDay.length; at += 1) {
    const [clockDay, writtenDay] = [inflow.clockDay[at]!, inflow.writtenDay[at]!];
    const key = `${clockDay}/${writtenDay}`;
    const sum = byDay.get(key) ?? { clockDay, writtenDay, count: 0, bytes: 0 };
    byDay.set(key, sum);
    sum.count += inflow.count[at]!;
    sum.bytes += inflow.bytes[at]!;
  }
  const end = ledger.fromDay + ledger.days;
  for (const { clockDay, writtenDay, count, bytes } of byDay.values()) {
    for (let later = inflowDays; writtenDay + later < end; later += inflowDays) {
      playCohort(
        {
          // Nobody knows whether what is yet to come will be locked, or fail to replicate.
          trait: { ...trait, writtenDay: writtenDay + later, isMulti: false, lockedUntilDay: NOT_LOCKED, isReplicationBlocked: false },
          set: cohort.set,
          clockDay: Int32Array.of(clockDay + later),
          countBefore: Float64Array.of(0, count),
          bytesBefore: Float64Array.of(0, bytes),
          recent: NONE,
          inflow: NONE,
        },
        program,
        options,
        ledger,
      );
    }
  }
}
