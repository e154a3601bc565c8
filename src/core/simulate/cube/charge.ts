import { BILLING_GB_BYTES } from '../../../contract/units.ts';
import { bandsOf, billingOf, classOfKey, STANDARD_KEY } from '../../price/billing.ts';
import type { PriceList } from '../../price/price-book.ts';
import { type AlreadyStored, bandedCharge, keptPpm } from '../../price/storage-charge.ts';
import type { Month } from '../calendar.ts';
import { QUANTA } from '../quanta.ts';
import type { Side, State } from '../side.ts';
import { newTally } from '../side.ts';
import { addTo, byteDaysOn, type Ledger, type Level } from './ledger.ts';

const GB = BigInt(BILLING_GB_BYTES);
const INTELLIGENT_TIERING = 'INTELLIGENT_TIERING';

export interface Pricing {
  readonly list: PriceList;
  readonly already?: AlreadyStored | undefined;
  /** The first so many of the months are reported. */
  readonly months: readonly Month[];
  readonly reported: number;
}

/** Quanta for one unit of something priced at so many nano-USD for `per` of it. */
const rate = (list: PriceList, storageClass: string, nanoUsd: bigint, per: bigint): bigint =>
  (nanoUsd * keptPpm(list, storageClass) * QUANTA) / (per * 1_000_000n);

/** The running total of a level's changes. */
function balance(changes: Float64Array): Float64Array {
  const total = new Float64Array(changes.length);
  let sum = 0;
  for (let at = 0; at < changes.length; at += 1) {
    sum += changes[at]!;
    total[at] = sum;
  }
  return total;
}

interface Meters {
  /** Billed bytes by billing key and day. */
  readonly billed: ReadonlyMap<string, Float64Array>;
  readonly monitored: Float64Array;
  /** Bytes of versions by storage class and day. */
  readonly held: ReadonlyMap<string, Float64Array>;
}

function meter({ levels, days }: Ledger): Meters {
  const billed = new Map<string, Float64Array>();
  const held = new Map<string, Float64Array>();
  const monitored = new Float64Array(days);
  const row = (map: Map<string, Float64Array>, key: string): Float64Array => {
    const known = map.get(key) ?? new Float64Array(days);
    map.set(key, known);
    return known;
  };
  for (const level of levels) {
    const { storageClass, accessTier, isSmall, isUpload } = level;
    const count = balance(level.count);
    const bytes = balance(level.bytes);
    if (isUpload) {
      // Parts of what will be archived wait at STANDARD's price, in no floor (s3-domain 3.3).
      const staged = storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE' ? STANDARD_KEY : billingOf(storageClass, '', false).key;
      const own = row(billed, staged);
      for (let at = 0; at < days; at += 1) own[at]! += bytes[at]!;
      continue;
    }
    const billing = billingOf(storageClass, accessTier, isSmall);
    const own = row(billed, billing.key);
    const raw = row(held, storageClass);
    const isFloored = billing.floorBytes > 0 && isSmall;
    for (let at = 0; at < days; at += 1) {
      own[at]! += isFloored ? count[at]! * billing.floorBytes : bytes[at]! + count[at]! * billing.overheadBytes;
      raw[at]! += bytes[at]!;
      if (billing.isMonitored && !isSmall) monitored[at]! += count[at]!;
    }
    if (billing.standardOverheadBytes > 0) {
      const standard = row(billed, STANDARD_KEY);
      for (let at = 0; at < days; at += 1) standard[at]! += count[at]! * billing.standardOverheadBytes;
    }
  }
  return { billed, monitored, held };
}

/** Adds amounts x factor to a row of charges; equal amounts in a row are multiplied once. */
function charge(amounts: Float64Array, from: number, to: number, factor: bigint, onto: bigint[]): bigint {
  let last = 0;
  let fee = 0n;
  let sum = 0n;
  for (let at = from; at < to; at += 1) {
    const amount = amounts[at]!;
    if (amount !== last) {
      last = amount;
      fee = BigInt(amount) * factor;
    }
    if (fee === 0n) continue;
    onto[at]! += fee;
    sum += fee;
  }
  return sum;
}

/** The month's average laid into the bands above what is already stored; each day has its share, whole as the days add up. */
function chargeBands(
  amounts: Float64Array,
  month: { from: number; to: number; monthDays: bigint },
  key: string,
  pricing: Pricing,
  onto: bigint[],
): bigint {
  const { list, already } = pricing;
  let total = 0n;
  for (let at = month.from; at < month.to; at += 1) total += BigInt(amounts[at]!);
  if (total === 0n) return 0n;
  const nano = bandedCharge(bandsOf(list, key) ?? [], already?.get(key) ?? 0n, total, BigInt(month.to - month.from)) ?? 0n;
  const sum = rate(list, classOfKey(key), nano, GB * month.monthDays);
  let soFar = 0n;
  let paid = 0n;
  for (let at = month.from; at < month.to; at += 1) {
    soFar += BigInt(amounts[at]!);
    const due = (sum * soFar) / total;
    onto[at]! += due - paid;
    paid = due;
  }
  return sum;
}

/** Prices the books of a configuration: every charge in whole quanta, day by day. */
export function chargesOf(ledger: Ledger, pricing: Pricing): Side {
  const { list, already, months, reported } = pricing;
  const { days, fromDay } = ledger;
  const zeros = (): bigint[] => new Array<bigint>(days).fill(0n);
  const storage = zeros();
  const reads = zeros();
  const storageByClass = new Map<string, bigint[]>();
  const { billed, monitored, held } = meter(ledger);
  const note = (storageClass: string, index: number, sum: bigint): void => {
    if (index >= reported || sum === 0n) return;
    const own = storageByClass.get(storageClass) ?? new Array<bigint>(reported).fill(0n);
    storageByClass.set(storageClass, own);
    own[index]! += sum;
  };
  const monitoring = list.classes.get(INTELLIGENT_TIERING)?.monitoringNanoUsdPer1000 ?? 0n;
  for (const [index, month] of months.entries()) {
    const from = month.fromDay - fromDay;
    const to = month.toDay - fromDay;
    const monthDays = BigInt(month.monthDays);
    for (const [key, amounts] of billed) {
      const first = bandsOf(list, key)?.[0]?.nanoUsdPerGbMonth ?? 0n;
      const sum =
        already === undefined
          ? charge(amounts, from, to, rate(list, classOfKey(key), first, GB * monthDays), storage)
          : chargeBands(amounts, { from, to, monthDays }, key, pricing, storage);
      note(classOfKey(key), index, sum);
    }
    note(INTELLIGENT_TIERING, index, charge(monitored, from, to, rate(list, INTELLIGENT_TIERING, monitoring, 1000n * monthDays), storage));
    for (const [storageClass, amounts] of held) {
      const retrieval = list.classes.get(storageClass)?.retrievalNanoUsdPerGb ?? 0n;
      if (retrieval > 0n) charge(amounts, from, to, rate(list, storageClass, retrieval, GB * monthDays), reads);
    }
  }
  const transitions = zeros();
  for (const [target, counts] of ledger.transitions) {
    const per1000 = list.classes.get(target)?.transitionInNanoUsdPer1000 ?? 0n;
    charge(counts, 0, days, rate(list, target, per1000, 1000n), transitions);
  }
  const earlyOf = (books: Ledger['early']): bigint[] => {
    const fees = zeros();
    for (const [storageClass, byDay] of books) {
      const price = bandsOf(list, storageClass)?.[0]?.nanoUsdPerGbMonth ?? 0n;
      const factor = rate(list, storageClass, price, GB * 30n);
      for (let at = 0; at < days; at += 1) {
        const byteDays = byteDaysOn(byDay, at);
        if (byteDays > 0n) fees[at]! += byteDays * factor;
      }
    }
    return fees;
  };
  const ends = months.slice(0, reported).map((month) => month.toDay - fromDay - 1);
  return {
    storage,
    storageByClass,
    transitions,
    early: earlyOf(ledger.early),
    earlyAtBest: earlyOf(ledger.earlyAtBest),
    reads,
    bytesByClass: new Map([...held].map(([storageClass, bytes]) => [storageClass, ends.map((at) => bytes[at] ?? 0)])),
    effects: {
      expired: ledger.expired,
      hidden: ledger.hidden,
      moved: ledger.moved,
      uploadsAborted: ledger.uploadsAborted,
      markersMade: ledger.markersMade,
      markersRemoved: ledger.markersRemoved,
      firstExpirationDay: ledger.firstExpirationDay,
      firstTransitionDay: ledger.firstTransitionDay,
      blocked: ledger.blocked,
    },
  };
}

/** What is there after the run of the last day of the books. */
export function stateOf(ledger: Ledger): State {
  const byClass = new Map<string, { current: ReturnType<typeof newTally>; noncurrent: ReturnType<typeof newTally> }>();
  const last = (changes: Float64Array): number => balance(changes)[changes.length - 1] ?? 0;
  for (const level of ledger.levels as readonly Level[]) {
    const count = last(level.count);
    if (level.isUpload || count === 0) continue;
    const entry = byClass.get(level.storageClass) ?? { current: newTally(), noncurrent: newTally() };
    byClass.set(level.storageClass, entry);
    addTo(level.isNoncurrent ? entry.noncurrent : entry.current, count, last(level.bytes));
  }
  return { byClass, deleteMarkers: ledger.deleteMarkers, expired: ledger.everExpired };
}
