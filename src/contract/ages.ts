import * as v from 'valibot';
import { PricedAtSchema } from './index-views.ts';
import { Instant, NanoUsd, Whole } from './units.ts';
import { AGE_BINS, CATEGORIES } from './vocabulary.ts';

/** Each age bin cut into this many, so that a brush over ages has something to hold on to. */
export const CUTS_PER_AGE_BIN = 6;
const OPEN_BIN_STEP_DAYS = 182;

export interface AgeCut {
  /** Days since the last write, inclusive; the last is open. */
  readonly fromDays: number;
  readonly toDays: number | null;
  /** The bin of AGE_BINS it lies in. */
  readonly bin: number;
}

/** AGE_BINS cut evenly; every cut lies within one bin, so that sums over cuts are sums over bins. */
export const AGE_CUTS: readonly AgeCut[] = AGE_BINS.flatMap(({ fromDays, toDays }, bin) => {
  const width = toDays === null ? OPEN_BIN_STEP_DAYS * CUTS_PER_AGE_BIN : toDays - fromDays + 1;
  const edge = (cut: number): number => fromDays + Math.round((width * cut) / CUTS_PER_AGE_BIN);
  return Array.from({ length: CUTS_PER_AGE_BIN }, (_, cut): AgeCut => {
    const isOpen = toDays === null && cut === CUTS_PER_AGE_BIN - 1;
    return { fromDays: edge(cut), toDays: isOpen ? null : edge(cut + 1) - 1, bin };
  });
});

/** What is stored by age, class and category at once: one cell for every combination that holds anything. */
export const AgesSchema = v.strictObject({
  asOf: Instant,
  prices: PricedAtSchema,
  cells: v.array(
    v.strictObject({
      /** Index into AGE_CUTS. */
      cut: Whole,
      storageClass: v.string(),
      category: v.picklist(CATEGORIES),
      versions: Whole,
      bytes: Whole,
      monthlyNanoUsd: v.nullable(NanoUsd),
    }),
  ),
});
export type Ages = v.InferOutput<typeof AgesSchema>;
