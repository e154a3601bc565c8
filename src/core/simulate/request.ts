import type { LifecycleConfiguration, MinimumSize } from '../../contract/lifecycle.ts';
import type { PriceList } from '../price/price-book.ts';
import type { AlreadyStored } from '../price/storage-charge.ts';
import type { Month } from './calendar.ts';
import type { SideName, Unknowns } from './engine.ts';
import type { RunOptions, Versioning } from './options.ts';

/** One side of the comparison: a configuration and the bucket's setting for small objects under it. */
export interface Configured {
  readonly configuration: LifecycleConfiguration | null;
  readonly minimumSize: MinimumSize;
}

/** What is asked of an engine, whichever it is. */
export interface Request {
  readonly baseline: Configured;
  readonly plan: Configured;
  readonly asOfDay: number;
  readonly lagDays: number;
  readonly versioning: Versioning;
  readonly list: PriceList;
  readonly already?: AlreadyStored | undefined;
  /** All months that are simulated, the first from the as-of day on; the first `reported` of them are reported. */
  readonly months: readonly Month[];
  readonly reported: number;
  /** What was written in so many days before the as-of day and is still current comes again, over and over; 0: nothing comes. */
  readonly inflowDays: number;
}

export const runOptions = ({ asOfDay, lagDays, versioning, baseline, plan }: Request, side: SideName, unknowns: Unknowns): RunOptions => ({
  asOfDay,
  lagDays,
  versioning,
  minimumSize: (side === 'baseline' ? baseline : plan).minimumSize,
  ...unknowns,
});

/** First day after the months that are simulated, and after those that are reported. */
export const endOf = ({ months, asOfDay }: Request): number => months.at(-1)?.toDay ?? asOfDay;
export const reportedEndOf = ({ months, reported, asOfDay }: Request): number => months[reported - 1]?.toDay ?? asOfDay;

/** A request, and how its answer is to be told. */
export interface Asked {
  readonly request: Request;
  /** Millionths of the bytes read back a month. */
  readonly readsPpm: number;
  /** The access logs that say so; null where it is an assumption. */
  readonly readsObserved: { readonly bytes: number; readonly days: number } | null;
  readonly excludeUnpriced: boolean;
  readonly regionAssumed: boolean;
  /** Said by nobody: taken from the report. */
  readonly versioningAssumed: boolean;
}
