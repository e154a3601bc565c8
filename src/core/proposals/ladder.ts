import { BILLING_GB_BYTES } from '../../contract/units.ts';
import { bandsOf, billingOf, STANDARD_KEY } from '../price/billing.ts';
import type { PriceList } from '../price/price-book.ts';

/** Classes that answer in milliseconds; what may be read again goes nowhere slower. */
export const INSTANT_TARGETS = ['STANDARD_IA', 'GLACIER_IR'] as const;
/** S3 refuses a move to these before so many days (s3-domain 4.3). */
export const EARLIEST_DAYS: Readonly<Record<string, number>> = { STANDARD_IA: 30, ONEZONE_IA: 30 };

/** Some objects in one class, none of them below 128 KiB. */
export interface Lot {
  readonly storageClass: string;
  readonly accessTier: string;
  readonly count: number;
  readonly bytes: number;
}

/** Nano-dollars, as floating numbers: for choosing, never for showing. */
export interface MoveCost {
  /** What a month costs less. */
  readonly savedPerMonth: number;
  readonly fee: number;
  /** Reading everything back once. */
  readonly retrieval: number;
}

/** What it takes to move a lot, and what it brings; null where a price is missing. */
export function moveCost(list: PriceList, lot: Lot, target: string): MoveCost | null {
  const before = monthOf(list, lot);
  const after = monthOf(list, { ...lot, storageClass: target, accessTier: '' });
  const prices = list.classes.get(target);
  const per1000 = prices?.transitionInNanoUsdPer1000 ?? null;
  const perGb = prices?.retrievalNanoUsdPerGb ?? null;
  if (before === null || after === null || per1000 === null || perGb === null) return null;
  return {
    savedPerMonth: before - after,
    fee: (lot.count * Number(per1000)) / 1000,
    retrieval: (lot.bytes * Number(perGb)) / BILLING_GB_BYTES,
  };
}

function monthOf(list: PriceList, { storageClass, accessTier, count, bytes }: Lot): number | null {
  const billing = billingOf(storageClass, accessTier, false);
  const own = bandsOf(list, billing.key)?.[0]?.nanoUsdPerGbMonth;
  const standard = bandsOf(list, STANDARD_KEY)?.[0]?.nanoUsdPerGbMonth;
  if (own === undefined || standard === undefined) return null;
  const monitoring = billing.isMonitored ? (list.classes.get(storageClass)?.monitoringNanoUsdPer1000 ?? null) : 0n;
  if (monitoring === null) return null;
  return (
    ((bytes + count * billing.overheadBytes) * Number(own) + count * billing.standardOverheadBytes * Number(standard)) / BILLING_GB_BYTES +
    (count * Number(monitoring)) / 1000
  );
}

const MONTH_DAYS = 30;

/**
 * The age at which to move what nobody knows the reads of: when storage saved until then would have paid for the move and one reading
 * back. In the model of one move and a first read at an unknown time, with storage until that read, this costs at most twice what
 * somebody would pay who knew when it comes (the ski-rental bound; Karlin et al., Competitive snoopy caching, 1988). null where
 * nothing is saved.
 */
export function noRegretDays({ savedPerMonth, fee, retrieval }: MoveCost): number | null {
  if (savedPerMonth <= 0) return null;
  return Math.ceil(((fee + retrieval) * MONTH_DAYS) / savedPerMonth);
}

/** The class that saves most in a year, all fees paid; null where none pays for itself within the year. */
export function bestTarget(list: PriceList, lots: readonly Lot[], targets: readonly string[]): string | null {
  let best: { readonly target: string; readonly year: number } | null = null;
  for (const target of targets) {
    let year = 0;
    for (const lot of lots) {
      const cost = moveCost(list, lot, target);
      if (cost === null) return null;
      year += cost.savedPerMonth * 12 - cost.fee;
    }
    if (year > 0 && (best === null || year > best.year)) best = { target, year };
  }
  return best?.target ?? null;
}
