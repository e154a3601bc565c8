import * as v from 'valibot';
import { type AppError, appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { BILLING_GB_BYTES } from '../../contract/units.ts';

/** One volume band: the price of the bytes up to `upToBytes` of the month's average; null is the open last band. */
export interface Band {
  readonly upToBytes: bigint | null;
  readonly nanoUsdPerGbMonth: bigint;
}

/**
 * What the price list says of one storage class. A price that the list lacks, or that its source inferred
 * instead of reading, is null: it is never zero and never guessed.
 */
export interface ClassPrice {
  /** Keyed by access tier for INTELLIGENT_TIERING, '' for every other class. */
  readonly bandsByTier: ReadonlyMap<string, readonly Band[]>;
  readonly transitionInNanoUsdPer1000: bigint | null;
  /** Intelligent-Tiering's monitoring per 1,000 objects of at least 128 KiB and month. */
  readonly monitoringNanoUsdPer1000: bigint | null;
  /**
   * What reading a GB back costs: the retrieval of the infrequent classes, 0 where there is none, and for archived classes
   * the restore at the speed S3 takes unless another is asked for, STANDARD.
   */
  readonly retrievalNanoUsdPerGb: bigint | null;
}

export interface PriceList {
  readonly region: string;
  readonly name: string;
  /** The day the prices were read, as its source gives it. */
  readonly asOf: string;
  readonly classes: ReadonlyMap<string, ClassPrice>;
  /** Negotiated discount on every charge of a class, in millionths of the list price; none for classes that are not here. */
  readonly discountPpm: ReadonlyMap<string, number>;
  /** A GB to the internet, in the first band of a month; null where the list lacks it. */
  readonly internetNanoUsdPerGb: bigint | null;
}

export interface PriceBook {
  readonly regions: ReadonlyMap<string, PriceList>;
}

const Price = v.pipe(v.number(), v.minValue(0));
const BandsSchema = v.array(v.object({ up_to_gb: v.nullable(v.number()), usd_per_gb_month: Price }));
const PriceFileSchema = v.object({
  schema: v.literal('isotherm-prices/1'),
  currency: v.literal('USD'),
  gb_definition_bytes: v.literal(BILLING_GB_BYTES),
  regions: v.record(
    v.string(),
    v.object({
      name: v.nullable(v.string()),
      as_of: v.string(),
      classes: v.record(
        v.string(),
        v.object({
          storage: v.optional(BandsSchema),
          access_tiers: v.optional(v.record(v.string(), BandsSchema)),
          transition_in_per_1000: v.optional(v.nullable(Price)),
          monitoring_per_1000_objects_month: v.optional(Price),
          retrieval_per_gb: v.optional(v.nullable(Price)),
          restore: v.optional(v.record(v.string(), v.object({ per_gb: v.nullable(Price), per_1000: v.optional(v.nullable(Price)) }))),
          storage_inferred: v.optional(v.boolean()),
          transition_inferred: v.optional(v.boolean()),
        }),
      ),
      egress_internet_first_10tb_per_gb: v.optional(v.nullable(Price)),
    }),
  ),
});
type ClassRow = v.InferOutput<typeof PriceFileSchema>['regions'][string]['classes'][string];

const NO_DISCOUNT: ReadonlyMap<string, number> = new Map();

/** Dollars as the file has them -> whole nano-dollars; the shipped figures have at most nine decimals. */
const nanoUsd = (usd: number): bigint => BigInt(Math.round(usd * 1e9));

function toBands(rows: v.InferOutput<typeof BandsSchema>): readonly Band[] {
  return rows.map((row) => ({
    upToBytes: row.up_to_gb === null ? null : BigInt(row.up_to_gb) * BigInt(BILLING_GB_BYTES),
    nanoUsdPerGbMonth: nanoUsd(row.usd_per_gb_month),
  }));
}

function toClassPrice(row: ClassRow): ClassPrice {
  const bandsByTier = new Map<string, readonly Band[]>();
  if (row.storage && !row.storage_inferred) bandsByTier.set('', toBands(row.storage));
  for (const [tier, bands] of Object.entries(row.access_tiers ?? {})) bandsByTier.set(tier, toBands(bands));
  const transition = row.transition_inferred ? null : (row.transition_in_per_1000 ?? null);
  const monitoring = row.monitoring_per_1000_objects_month;
  const retrieval = row.retrieval_per_gb ?? row.restore?.STANDARD?.per_gb ?? null;
  return {
    bandsByTier,
    transitionInNanoUsdPer1000: transition === null ? null : nanoUsd(transition),
    monitoringNanoUsdPer1000: monitoring === undefined ? null : nanoUsd(monitoring),
    retrievalNanoUsdPerGb: retrieval === null ? null : nanoUsd(retrieval),
  };
}

/**
 * Reads the shipped price file (`resources/pricing.json`, parsed JSON).
 * Sources and days are in the file; s3-domain 3.2 and 3.3.
 */
export function parsePriceBook(json: unknown): Result<PriceBook> {
  const parsed = v.safeParse(PriceFileSchema, json);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    const field = v.getDotPath(issue);
    return err(appError('PriceMissing', `The price list is not one this version reads: ${issue.message}`, field ? { field } : {}));
  }
  const regions = new Map<string, PriceList>();
  for (const [region, row] of Object.entries(parsed.output.regions)) {
    const classes = new Map(Object.entries(row.classes).map(([name, prices]) => [name, toClassPrice(prices)]));
    const internet = row.egress_internet_first_10tb_per_gb ?? null;
    const internetNanoUsdPerGb = internet === null ? null : nanoUsd(internet);
    const facts = { region, name: row.name ?? region, asOf: row.as_of };
    regions.set(region, { ...facts, classes, discountPpm: NO_DISCOUNT, internetNanoUsdPerGb });
  }
  return ok({ regions });
}

/** The same list with a discount on every charge of every class, in millionths; 0 to 1,000,000. */
export const discounted = (list: PriceList, ppm: number): PriceList => ({
  ...list,
  discountPpm: new Map([...list.classes.keys()].map((name) => [name, ppm])),
});

/** Region taken when neither the source nor the person names one; every figure then says `assumed`. */
export const ASSUMED_REGION = 'us-east-1';

/** The list of one region, or RegionUnknown: prices are never carried over from another region. */
export function priceListFor(book: PriceBook, region: string): Result<PriceList> {
  const list = book.regions.get(region);
  return list ? ok(list) : err(regionUnknown(book, region));
}

function regionUnknown(book: PriceBook, region: string): AppError {
  const known = [...book.regions.keys()].sort().join(', ');
  return appError('RegionUnknown', `There are no prices for the region "${region}".`, { detail: `Regions with prices: ${known}` });
}
