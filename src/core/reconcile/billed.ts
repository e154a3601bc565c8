import type { Reconciliation } from '../../contract/reconcile.ts';
import { BILLING_GB_BYTES } from '../../contract/units.ts';
import { bandsOf } from '../price/billing.ts';
import type { PriceList } from '../price/price-book.ts';
import { type Extent, Volume } from '../price/volume.ts';
import { type BillTally, MONITORING } from './bill.ts';

/** What one snapshot would be billed for, by billing key: bytes, and monitored objects. */
export interface Metered {
  readonly atMs: number;
  readonly amounts: ReadonlyMap<string, number>;
}

export function meteredOf(atMs: number, extents: readonly Extent[]): Metered {
  const volume = new Volume();
  for (const extent of extents) volume.add(extent);
  const amounts = new Map([...volume.billedBytes].map(([key, bytes]) => [key, Number(bytes)]));
  if (volume.monitoredObjects > 0n) amounts.set(MONITORING, Number(volume.monitoredObjects));
  return { atMs, amounts };
}

/** The average of a key over a time: it moves evenly from one snapshot to the next, and stays before the first and after the last. */
function averageOver(metered: readonly Metered[], key: string, fromMs: number, untilMs: number): number {
  const at = (one: Metered): number => one.amounts.get(key) ?? 0;
  const [first, last] = [metered[0], metered.at(-1)];
  if (first === undefined || last === undefined || untilMs <= fromMs) return 0;
  let sum = Math.max(0, Math.min(untilMs, first.atMs) - fromMs) * at(first) + Math.max(0, untilMs - Math.max(fromMs, last.atMs)) * at(last);
  for (const [index, after] of metered.entries()) {
    const before = metered[index - 1];
    if (before === undefined || after.atMs <= fromMs || before.atMs >= untilMs) continue;
    const [begin, end] = [Math.max(fromMs, before.atMs), Math.min(untilMs, after.atMs)];
    const middle = ((begin + end) / 2 - before.atMs) / (after.atMs - before.atMs);
    sum += (at(before) + middle * (at(after) - at(before))) * (end - begin);
  }
  return sum / (untilMs - fromMs);
}

/** Nano-USD of a GB-month, or of a monitored object's month, in the first band; null where there is no price. */
function unitPrice(list: PriceList, key: string): number | null {
  if (key !== MONITORING) {
    const first = bandsOf(list, key)?.[0];
    return first === undefined ? null : Number(first.nanoUsdPerGbMonth);
  }
  const per1000 = list.classes.get('INTELLIGENT_TIERING')?.monitoringNanoUsdPer1000 ?? null;
  return per1000 === null ? null : Number(per1000) / 1000;
}

type BilledPart = NonNullable<Reconciliation['billed']>;

/** Holds what snapshots would be billed for against a month of a bill. */
export function billedAgainst(
  tally: BillTally,
  metered: readonly Metered[],
  list: PriceList,
  { name, fromMs, untilMs }: { readonly name: string; readonly fromMs: number; readonly untilMs: number },
): BilledPart {
  const from = Math.max(fromMs, Math.min(tally.fromMs, untilMs));
  const until = Math.min(untilMs, Math.max(tally.untilMs, from));
  const keys = [...new Set([...metered.flatMap(({ amounts }) => [...amounts.keys()]), ...tally.storage.keys()])].sort();
  const totals = { index: 0, billed: 0, price: 0, unexplained: 0 };
  const rows = keys.map((key): BilledPart['rows'][number] => {
    const isObjects = key === MONITORING;
    const share = (until - from) / (untilMs - fromMs);
    const indexAmount = (averageOver(metered, key, from, until) * share) / (isObjects ? 1 : BILLING_GB_BYTES);
    const { amount: billedAmount, usd } = tally.storage.get(key) ?? { amount: 0, usd: 0 };
    const price = unitPrice(list, key);
    const billed = Math.round(usd * 1e9);
    // Without a list price there is none to compare with: what is billed is not explained.
    const index = Math.round(indexAmount * (price ?? 0));
    const byPrice = price === null ? 0 : Math.round(billed - billedAmount * price);
    const unexplained = billed - index - byPrice;
    totals.index += index;
    totals.billed += billed;
    totals.price += byPrice;
    totals.unexplained += unexplained;
    return {
      key,
      unit: isObjects ? 'object-months' : 'GB-months',
      indexAmount,
      billedAmount,
      indexNanoUsd: String(index),
      billedNanoUsd: String(billed),
      gapNanoUsd: String(billed - index),
      priceNanoUsd: String(byPrice),
      unexplainedNanoUsd: String(unexplained),
    };
  });
  const other = [...tally.other].map(([what, { amount, usd }]) => ({ what, amount, nanoUsd: String(Math.round(usd * 1e9)) }));
  other.sort((a, b) => Number(b.nanoUsd) - Number(a.nanoUsd) || (a.what < b.what ? -1 : 1));
  const others = other.reduce((sum, { nanoUsd }) => sum + BigInt(nanoUsd), 0n);
  return {
    month: name,
    from: new Date(from).toISOString().slice(0, 10),
    until: new Date(until).toISOString().slice(0, 10),
    rows,
    storage: {
      indexNanoUsd: String(totals.index),
      billedNanoUsd: String(totals.billed),
      gapNanoUsd: String(totals.billed - totals.index),
      priceNanoUsd: String(totals.price),
      unexplainedNanoUsd: String(totals.unexplained),
    },
    other,
    otherNanoUsd: String(others),
    billedNanoUsd: String(others + BigInt(totals.billed)),
    snapshots: metered.map(({ atMs }) => new Date(atMs).toISOString()),
    lineItems: tally.lineItems,
  };
}
