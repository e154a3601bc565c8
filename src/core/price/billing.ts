import { SMALL_OBJECT_BYTES } from '../../contract/units.ts';
import type { Band, PriceList } from './price-book.ts';

/**
 * How S3 measures a version of one class before it prices it (s3-domain 3.1,
 * https://aws.amazon.com/s3/pricing/). `key` names the volume the bytes are added to: bands
 * apply to the total of a key, so Intelligent-Tiering has one key for every access tier.
 */
export interface Billing {
  readonly key: string;
  /** Objects below 128 KiB are billed as this many bytes; 0 where there is no floor. */
  readonly floorBytes: number;
  /** Bytes added to every object, at this class's price and at STANDARD's. */
  readonly overheadBytes: number;
  readonly standardOverheadBytes: number;
  /** Whether objects of at least 128 KiB pay Intelligent-Tiering's monitoring. */
  readonly isMonitored: boolean;
  /** True where the report does not give the access tier and the dearest one is taken. */
  readonly tierAssumed: boolean;
}

const FLOORED = new Set(['STANDARD_IA', 'ONEZONE_IA', 'GLACIER_IR']);
const ARCHIVED = new Set(['GLACIER', 'DEEP_ARCHIVE']);
const INTELLIGENT_TIERING = 'INTELLIGENT_TIERING';
const FREQUENT = 'FREQUENT';
const OVERHEAD_BYTES = 32_768;
const STANDARD_OVERHEAD_BYTES = 8_192;
export const STANDARD_KEY = 'STANDARD';

/** Measures one (class, access tier); `isSmall` because objects below 128 KiB in Intelligent-Tiering stay FREQUENT. */
export function billingOf(storageClass: string, accessTier: string, isSmall: boolean): Billing {
  if (storageClass === INTELLIGENT_TIERING) {
    const tier = isSmall || accessTier === '' ? FREQUENT : accessTier;
    const isArchived = ARCHIVED_TIERS.has(tier);
    return {
      key: `${INTELLIGENT_TIERING}/${tier}`,
      floorBytes: 0,
      overheadBytes: isArchived ? OVERHEAD_BYTES : 0,
      standardOverheadBytes: isArchived ? STANDARD_OVERHEAD_BYTES : 0,
      isMonitored: true,
      tierAssumed: accessTier === '' && !isSmall,
    };
  }
  const isArchived = ARCHIVED.has(storageClass);
  return {
    // A class is any text a report holds: none may pose as a tiered key.
    key: storageClass.includes('/') ? `?${storageClass}` : storageClass,
    floorBytes: FLOORED.has(storageClass) ? SMALL_OBJECT_BYTES : 0,
    overheadBytes: isArchived ? OVERHEAD_BYTES : 0,
    standardOverheadBytes: isArchived ? STANDARD_OVERHEAD_BYTES : 0,
    isMonitored: false,
    tierAssumed: false,
  };
}
const ARCHIVED_TIERS = new Set(['ARCHIVE', 'DEEP_ARCHIVE']);

const isTiered = (key: string): boolean => key.startsWith(`${INTELLIGENT_TIERING}/`);

/** The storage class a billing key belongs to, as the report spells it. */
export const classOfKey = (key: string): string => (isTiered(key) ? INTELLIGENT_TIERING : key.startsWith('?') ? key.slice(1) : key);

/** The bands of a billing key, or null where the list has no price for it. */
export function bandsOf(list: PriceList, key: string): readonly Band[] | null {
  const tier = isTiered(key) ? key.slice(INTELLIGENT_TIERING.length + 1) : '';
  const bands = key.startsWith('?') ? undefined : list.classes.get(classOfKey(key))?.bandsByTier.get(tier);
  return bands && bands.length > 0 ? bands : null;
}
