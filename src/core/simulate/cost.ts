import type { Simulation } from '../../contract/simulation.ts';
import { add, type ExactNanoUsd, roundNanoUsd, ZERO } from '../price/exact.ts';
import type { PriceList } from '../price/price-book.ts';
import { storageRates, transitionCharge } from '../price/storage-charge.ts';
import { Volume } from '../price/volume.ts';
import type { Month } from './calendar.ts';
import type { Level, Run } from './run.ts';

type MonthSide = Simulation['months'][number]['plan'];

interface CostedMonth {
  readonly side: MonthSide;
  readonly storageNanoUsd: bigint;
  readonly transitionNanoUsd: bigint;
}

export interface Costed {
  readonly months: readonly CostedMonth[];
  /** Billing keys and transition targets the list has no price for. */
  readonly unpriced: readonly string[];
  readonly tierAssumed: boolean;
}

/** Adds the byte-days of a month to a volume, run by run of equal days; gives the bytes at the end. */
function fill(level: Level, state: { count: number; bytes: number }, from: number, to: number, volume: Volume): void {
  let run = 0;
  const flush = () => {
    if (run > 0) volume.add({ ...level, count: state.count, bytes: state.bytes }, BigInt(run));
    run = 0;
  };
  for (let day = from; day < to; day += 1) {
    if (level.count[day] !== 0 || level.bytes[day] !== 0) {
      flush();
      state.count += level.count[day]!;
      state.bytes += level.bytes[day]!;
    }
    run += 1;
  }
  flush();
}

/** A charge for full days of a month, out of the charge for as many days of volume as if they were a whole month. */
const share = ({ num, den }: ExactNanoUsd, { days, monthDays }: Month): ExactNanoUsd => ({
  num: num * BigInt(days),
  den: den * BigInt(monthDays),
});

/**
 * Prices a run month by month: storage each day at 1/daysInMonth of the monthly price, bands by the average over the
 * simulated days; transition requests by destination. Every figure is rounded once, to the nano-dollar.
 */
export function costOf(run: Run, months: readonly Month[], list: PriceList): Costed {
  const first = months[0]?.fromDay ?? 0;
  const states = run.levels.map(() => ({ count: 0, bytes: 0 }));
  const unpriced = new Set<string>();
  let tierAssumed = false;
  const costed = months.map((month): CostedMonth => {
    const byClass = new Map<string, { bytes: number; volume: Volume }>();
    const whole = new Volume();
    for (const [index, level] of run.levels.entries()) {
      const volume = new Volume();
      const state = states[index]!;
      fill(level, state, month.fromDay - first, month.toDay - first, volume);
      if (volume.billedBytes.size === 0) continue;
      whole.addVolume(volume);
      const entry = byClass.get(level.storageClass) ?? { bytes: 0, volume: new Volume() };
      byClass.set(level.storageClass, entry);
      entry.bytes += state.bytes;
      entry.volume.addVolume(volume);
    }
    tierAssumed ||= whole.tierAssumed;
    const rates = storageRates(list, whole, month.days);
    for (const key of rates.unpricedKeys) unpriced.add(key);
    const charge = (part: Volume): bigint => roundNanoUsd(share(rates.charge(part), month));
    const storageNanoUsd = charge(whole);
    const transitionNanoUsd = roundNanoUsd(feesOf(run, month, first, list, unpriced));
    const rows = [...byClass].map(([storageClass, { bytes, volume }]) => ({
      storageClass,
      bytes,
      storageNanoUsd: charge(volume).toString(),
    }));
    return {
      storageNanoUsd,
      transitionNanoUsd,
      side: {
        storageNanoUsd: storageNanoUsd.toString(),
        transitionNanoUsd: transitionNanoUsd.toString(),
        byClass: rows.sort((a, b) => (a.storageClass < b.storageClass ? -1 : 1)),
      },
    };
  });
  return { months: costed, unpriced: [...unpriced].sort(), tierAssumed };
}

function feesOf(run: Run, month: Month, first: number, list: PriceList, unpriced: Set<string>): ExactNanoUsd {
  let sum = ZERO;
  for (const [target, perDay] of run.moves) {
    let objects = 0;
    for (let day = month.fromDay - first; day < month.toDay - first; day += 1) objects += perDay[day]!;
    if (objects === 0) continue;
    const charge = transitionCharge(list, target, BigInt(objects));
    if (charge === null) unpriced.add(`transitions to ${target}`);
    else sum = add(sum, charge);
  }
  return sum;
}
