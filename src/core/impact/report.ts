import type { Impact, ImpactChange, ImpactDay, Witness } from '../../contract/impact.ts';
import { BILLING_GB_BYTES } from '../../contract/units.ts';
import { bandsOf, billingOf } from '../price/billing.ts';
import { add, type ExactNanoUsd, roundNanoUsd, ZERO } from '../price/exact.ts';
import type { PriceList } from '../price/price-book.ts';
import { keptPpm, storageRates, transitionCharge } from '../price/storage-charge.ts';
import { Volume } from '../price/volume.ts';
import { formatDay } from '../report/format.ts';
import { billedBytes } from '../simulate/cube/ledger.ts';
import type { ImpactCounter } from './counter.ts';
import type { Fate } from './fate.ts';
import { type ActTally, type ChangeTally, CountTally, type DayRange, type SeenWitness } from './tallies.ts';

/** Early deletion is charged per day of a month of so many (s3-domain 3.1). */
const EARLY_MONTH_DAYS = 30n;

export interface ImpactReported {
  readonly list: PriceList;
  /** Days are told before this one. */
  readonly daysUntilDay: number;
  readonly notCovered: readonly string[];
}

/** What was counted, in the order of dates and of what matters most. */
export function impactOf(counter: ImpactCounter, { list, daysUntilDay, notCovered }: ImpactReported): Impact {
  const { compared, destroyed, destroyedIfTagged: tagged } = counter;
  return {
    asOf: formatDay(compared.asOfDay),
    until: formatDay(compared.untilDay),
    changes: [...counter.changes.values()].sort(byWeight).map(changeOf),
    daysUntil: formatDay(daysUntilDay),
    days: daysOf(
      [...counter.acts.values()].filter(({ day }) => day < daysUntilDay),
      list,
    ),
    destroyed: {
      versions: destroyed.versions + tagged.versions,
      bytes: destroyed.bytes + tagged.bytes,
      units: CountTally.unitsOf([destroyed, tagged]),
      ifTagged: { versions: tagged.versions, bytes: tagged.bytes },
    },
    notCovered: [...notCovered],
  };
}

const ACT_ORDER = ['remove', 'hide', 'abort', 'move', 'removeMarker'];
const CHANGE_ORDER = ['newly', 'earlier', 'noLonger', 'later'];

/** Losses first, and of those what is new. */
const byWeight = (a: ChangeTally, b: ChangeTally): number =>
  ACT_ORDER.indexOf(a.act) - ACT_ORDER.indexOf(b.act) ||
  CHANGE_ORDER.indexOf(a.change) - CHANGE_ORDER.indexOf(b.change) ||
  Number(a.ifTagged) - Number(b.ifTagged) ||
  (a.to < b.to ? -1 : 1);

const datesOf = ({ first, last }: DayRange) => (first > last ? null : { first: formatDay(first), last: formatDay(last) });

const changeOf = (tally: ChangeTally): ImpactChange => ({
  act: tally.act,
  change: tally.change,
  to: tally.act === 'move' ? tally.to : null,
  ifTagged: tally.ifTagged,
  versions: tally.versions,
  bytes: tally.bytes,
  units: CountTally.unitsOf([tally]),
  currentDates: datesOf(tally.current),
  proposedDates: datesOf(tally.proposed),
  witnesses: tally.witnesses.map(witnessOf),
});

const foreseen = (fate: Fate): Witness['current'] =>
  fate.map(({ day, act, to, rule }) => ({ date: formatDay(day), act, to: act === 'move' ? to : null, ruleId: rule?.id ?? null }));

const witnessOf = ({ key, versionId, sizeBytes, lastModifiedMs, fates }: SeenWitness): Witness => ({
  key,
  versionId,
  sizeBytes,
  lastModified: new Date(lastModifiedMs).toISOString(),
  current: foreseen(fates.current),
  proposed: foreseen(fates.proposed),
});

/** Acts of a day that differ in nothing that is told, together. */
function daysOf(acts: readonly ActTally[], list: PriceList): ImpactDay[] {
  const groups = new Map<string, ActTally[]>();
  for (const tally of acts) {
    const key = `${tally.day} ${tally.act} ${tally.to} ${tally.ifTagged}`;
    groups.set(key, [...(groups.get(key) ?? []), tally]);
  }
  return [...groups.values()]
    .sort(([a], [b]) => (a as ActTally).day - (b as ActTally).day || byAct(a as ActTally, b as ActTally))
    .map((group) => dayOf(group, list));
}

const byAct = (a: ActTally, b: ActTally): number =>
  ACT_ORDER.indexOf(a.act) - ACT_ORDER.indexOf(b.act) || Number(a.ifTagged) - Number(b.ifTagged) || (a.to < b.to ? -1 : 1);

function dayOf(group: readonly ActTally[], list: PriceList): ImpactDay {
  const { day, act, to, ifTagged } = group[0] as ActTally;
  const sum = (of: readonly ActTally[], field: 'versions' | 'bytes'): number => of.reduce((total, tally) => total + tally[field], 0);
  const fresh = group.filter(({ isNew }) => isNew);
  return {
    date: formatDay(day),
    act,
    to: act === 'move' ? to : null,
    ifTagged,
    versions: sum(group, 'versions'),
    bytes: sum(group, 'bytes'),
    units: CountTally.unitsOf(group),
    newVersions: sum(fresh, 'versions'),
    newBytes: sum(fresh, 'bytes'),
    feesNanoUsd: rounded(total(group.map((tally) => feesOf(tally, list)))),
    monthlySavingNanoUsd: savingOf(group, list),
  };
}

const rounded = (amount: ExactNanoUsd | null): string | null => (amount === null ? null : String(roundNanoUsd(amount)));

const total = (amounts: readonly (ExactNanoUsd | null)[]): ExactNanoUsd | null =>
  amounts.reduce<ExactNanoUsd | null>((sum, amount) => (sum === null || amount === null ? null : add(sum, amount)), ZERO);

function feesOf({ act, to, versions, bytes, fromClass, fromTier, isSmall, missingDays }: ActTally, list: PriceList): ExactNanoUsd | null {
  const request = act === 'move' ? transitionCharge(list, to, BigInt(versions)) : ZERO;
  if (missingDays === 0) return request;
  const first = bandsOf(list, billingOf(fromClass, fromTier, isSmall).key)?.[0]?.nanoUsdPerGbMonth;
  if (first === undefined || request === null) return null;
  const billed = BigInt(billedBytes(fromClass, fromTier, isSmall, versions, bytes));
  const den = BigInt(BILLING_GB_BYTES) * EARLY_MONTH_DAYS * 1_000_000n;
  return add(request, { num: billed * first * BigInt(missingDays) * keptPpm(list, fromClass), den });
}

/** What these bytes cost in a month before, less what they cost after. */
function savingOf(group: readonly ActTally[], list: PriceList): string | null {
  const before = new Volume();
  const after = new Volume();
  for (const { act, to, versions: count, bytes, fromClass: storageClass, fromTier: accessTier, isSmall } of group) {
    if (act !== 'move' && act !== 'remove' && act !== 'abort') continue;
    before.add({ storageClass, accessTier, isSmall, count, bytes });
    if (act === 'move') after.add({ storageClass: to, accessTier: '', isSmall, count, bytes });
  }
  const rates = [before, after].map((volume) => ({ volume, rates: storageRates(list, volume) }));
  if (rates.some((one) => one.rates.unpricedKeys.length > 0)) return null;
  const [was, is] = rates.map((one) => one.rates.charge(one.volume)) as [ExactNanoUsd, ExactNanoUsd];
  return String(roundNanoUsd({ num: was.num * is.den - is.num * was.den, den: was.den * is.den }));
}
