import type { PromiseKept, PromiseRow } from '../../contract/promise.ts';
import { roundNanoUsd } from '../price/exact.ts';
import type { PriceList } from '../price/price-book.ts';
import { storageRates } from '../price/storage-charge.ts';
import { hasStoragePrices } from '../price/unpriced.ts';
import { type Extent, Volume } from '../price/volume.ts';
import type { Promised, Verdict } from './judge.ts';

interface Amount {
  versions: number;
  bytes: number;
}
const nothing = (): Amount => ({ versions: 0, bytes: 0 });
const addTo = (amount: Amount, bytes: number): void => {
  amount.versions += 1;
  amount.bytes += bytes;
};

/** A version at one time: null where it is not there, or is a delete marker. */
export type Stored = Extent | null;

/** What some versions are at the three times. */
class Times {
  readonly before = new Volume();
  readonly forecast = new Volume();
  readonly actual = new Volume();
  add(before: Stored, forecast: Stored, actual: Stored): void {
    if (before) this.before.add(before);
    if (forecast) this.forecast.add(forecast);
    if (actual) this.actual.add(actual);
  }
}

interface Row {
  readonly promised: Promised;
  readonly forecast: Amount;
  readonly verdicts: Readonly<Record<Verdict, Amount>>;
  readonly times: Times;
}

/** One version of the earlier snapshot, judged. */
export interface Judged {
  readonly sizeBytes: number;
  readonly promised: Promised | null;
  /** Null where no rule was to touch it. */
  readonly verdict: Verdict | null;
  readonly isSame: boolean;
  readonly before: Stored;
  readonly forecast: Stored;
  readonly actual: Stored;
}

/** Adds up what became of the versions of a snapshot. */
export class PromiseTally {
  private readonly rows = new Map<string, Row>();
  private readonly all = new Times();
  private readonly untouched = { same: nothing(), changed: nothing(), times: new Times() };
  private readonly lateForecast = new Volume();
  private readonly lateActual = new Volume();
  private readonly list: PriceList;
  private readonly unpriced = new Set<string>();

  constructor(list: PriceList) {
    this.list = list;
  }

  add({ sizeBytes, promised, verdict, isSame, ...stored }: Judged): void {
    const [before, forecast, actual] = [stored.before, stored.forecast, stored.actual].map((one) => this.priced(one)) as [
      Stored,
      Stored,
      Stored,
    ];
    this.all.add(before, forecast, actual);
    if (promised === null || verdict === null) {
      addTo(isSame ? this.untouched.same : this.untouched.changed, sizeBytes);
      this.untouched.times.add(before, forecast, actual);
      return;
    }
    const id = `${promised.rule} ${promised.action} ${promised.target}`;
    const row = this.rows.get(id) ?? {
      promised,
      forecast: nothing(),
      verdicts: { done: nothing(), late: nothing(), pending: nothing(), otherwise: nothing() },
      times: new Times(),
    };
    this.rows.set(id, row);
    addTo(row.forecast, sizeBytes);
    addTo(row.verdicts[verdict], sizeBytes);
    row.times.add(before, forecast, actual);
    if (verdict === 'done' || verdict === 'otherwise') return;
    if (forecast) this.lateForecast.add(forecast);
    if (actual) this.lateActual.add(actual);
  }

  private priced(stored: Stored): Stored {
    if (stored === null || hasStoragePrices(this.list, false, stored.storageClass, stored.accessTier, stored.isSmall)) return stored;
    this.unpriced.add(stored.storageClass);
    return null;
  }

  private charge(volume: Volume): bigint {
    return roundNanoUsd(storageRates(this.list, volume).charge(volume));
  }

  private priceOf({ before, forecast, actual }: Times) {
    return {
      beforeNanoUsd: String(this.charge(before)),
      forecastNanoUsd: String(this.charge(forecast)),
      actualNanoUsd: String(this.charge(actual)),
    };
  }

  /** `everything`: all that the later snapshot holds. `ids`: of rules, by their place. */
  finish(
    everything: readonly Extent[],
    ids: readonly (string | null)[],
  ): Pick<PromiseKept, 'rows' | 'untouched' | 'added' | 'money' | 'isKept'> & { readonly unpriced: readonly string[] } {
    const now = new Volume();
    const total = nothing();
    for (const extent of everything) {
      total.versions += extent.count;
      total.bytes += extent.bytes;
      const priced = this.priced(extent);
      if (priced) now.add(priced);
    }
    const rows = [...this.rows.values()].sort(
      (a, b) =>
        a.promised.rule - b.promised.rule ||
        (a.promised.action < b.promised.action
          ? -1
          : a.promised.action > b.promised.action
            ? 1
            : a.promised.target < b.promised.target
              ? -1
              : 1),
    );
    const [before, forecast, matched, actual] = [this.all.before, this.all.forecast, this.all.actual, now].map((volume) =>
      this.charge(volume),
    ) as [bigint, bigint, bigint, bigint];
    const added = actual - matched;
    const late = this.charge(this.lateActual) - this.charge(this.lateForecast);
    const told = rows.map((row): PromiseRow => this.rowOf(row, ids));
    const sum = (what: 'forecastNanoUsd' | 'actualNanoUsd'): bigint =>
      told.reduce((all, row) => all + BigInt(row.beforeNanoUsd) - BigInt(row[what]), 0n);
    const fees = (of: (row: Row) => Amount): string =>
      String(
        rows.reduce((all, row) => {
          const per1000 =
            row.promised.action === 'transition' ? (this.list.classes.get(row.promised.target)?.transitionInNanoUsdPer1000 ?? 0n) : 0n;
          return all + (BigInt(of(row).versions) * per1000) / 1000n;
        }, 0n),
      );
    return {
      rows: told,
      untouched: { same: this.untouched.same, changed: this.untouched.changed, ...this.priceOf(this.untouched.times) },
      added: { versions: total.versions - this.seen.versions, bytes: total.bytes - this.seen.bytes, monthlyNanoUsd: String(added) },
      money: {
        beforeNanoUsd: String(before),
        forecastNanoUsd: String(forecast),
        actualNanoUsd: String(actual),
        lateNanoUsd: String(late),
        othersNanoUsd: String(actual - forecast - late - added),
        addedNanoUsd: String(added),
        promisedNanoUsd: String(sum('forecastNanoUsd')),
        keptNanoUsd: String(sum('actualNanoUsd')),
        promisedFeesNanoUsd: fees((row) => row.forecast),
        paidFeesNanoUsd: fees((row) => row.verdicts.done),
      },
      isKept: rows.every(({ verdicts }) => verdicts.late.versions === 0 && verdicts.otherwise.versions === 0),
      unpriced: [...this.unpriced].sort(),
    };
  }

  /** Versions, no markers, of the earlier snapshot that the later one holds too. */
  private readonly seen = nothing();
  see(sizeBytes: number): void {
    addTo(this.seen, sizeBytes);
  }

  private rowOf({ promised, forecast, verdicts, times }: Row, ids: readonly (string | null)[]): PromiseRow {
    return {
      ruleId: ids[promised.rule] ?? null,
      rule: promised.rule,
      action: promised.action,
      storageClass: promised.action === 'transition' ? promised.target : null,
      forecast,
      ...verdicts,
      ...this.priceOf(times),
    };
  }
}
