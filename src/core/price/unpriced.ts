import { bandsOf, billingOf, STANDARD_KEY } from './billing.ts';
import type { PriceList } from './price-book.ts';

/**
 * Whether a list has every price that keeping versions of a class takes: storage, overhead and monitoring. Where volume bands are
 * gone through (`isBanded`), a list whose bands end has none for what lies above.
 */
export function hasStoragePrices(list: PriceList, isBanded: boolean, storageClass: string, accessTier: string, isSmall: boolean): boolean {
  const isKnown = (key: string): boolean => {
    const bands = bandsOf(list, key);
    return bands !== null && (!isBanded || bands.at(-1)?.upToBytes === null);
  };
  const billing = billingOf(storageClass, accessTier, isSmall);
  if (!isKnown(billing.key) || (billing.standardOverheadBytes > 0 && !isKnown(STANDARD_KEY))) return false;
  return !billing.isMonitored || isSmall || (list.classes.get(storageClass)?.monitoringNanoUsdPer1000 ?? null) !== null;
}

/** Whether a list has every price that moving versions to a class and keeping them there takes. */
export const hasTransitionPrices = (list: PriceList, isBanded: boolean, target: string, isSmall: boolean): boolean =>
  (list.classes.get(target)?.transitionInNanoUsdPer1000 ?? null) !== null && hasStoragePrices(list, isBanded, target, '', isSmall);
