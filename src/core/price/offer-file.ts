import * as v from 'valibot';
import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { BILLING_GB_BYTES } from '../../contract/units.ts';

/**
 * AWS's own price lists, the offer files
 * (https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-the-aws-price-list-bulk-api.html), as far as S3 is in them.
 * Two are needed for a region: AmazonS3, and AmazonS3GlacierDeepArchive, where Deep Archive's prices are (s3-domain 3.6).
 */
const OfferSchema = v.object({
  offerCode: v.string(),
  publicationDate: v.string(),
  products: v.record(
    v.string(),
    v.object({ productFamily: v.optional(v.string()), attributes: v.record(v.string(), v.optional(v.string())) }),
  ),
  terms: v.object({
    OnDemand: v.record(
      v.string(),
      v.record(
        v.string(),
        v.object({
          effectiveDate: v.string(),
          priceDimensions: v.record(
            v.string(),
            v.object({
              beginRange: v.optional(v.string()),
              endRange: v.optional(v.string()),
              pricePerUnit: v.record(v.string(), v.string()),
            }),
          ),
        }),
      ),
    ),
  }),
});
type Offer = v.InferOutput<typeof OfferSchema>;
type Product = Offer['products'][string];

const OFFERS = ['AmazonS3', 'AmazonS3GlacierDeepArchive'];
/** Storage by usage type behind the region's prefix, as [class, access tier]. */
const STORAGE: Readonly<Record<string, readonly [storageClass: string, tier: string]>> = {
  'TimedStorage-ByteHrs': ['STANDARD', ''],
  'TimedStorage-RRS-ByteHrs': ['REDUCED_REDUNDANCY', ''],
  'TimedStorage-SIA-ByteHrs': ['STANDARD_IA', ''],
  'TimedStorage-ZIA-ByteHrs': ['ONEZONE_IA', ''],
  'TimedStorage-GIR-ByteHrs': ['GLACIER_IR', ''],
  'TimedStorage-GlacierByteHrs': ['GLACIER', ''],
  'TimedStorage-GDA-ByteHrs': ['DEEP_ARCHIVE', ''],
  'TimedStorage-INT-FA-ByteHrs': ['INTELLIGENT_TIERING', 'FREQUENT'],
  'TimedStorage-INT-IA-ByteHrs': ['INTELLIGENT_TIERING', 'INFREQUENT'],
  'TimedStorage-INT-AIA-ByteHrs': ['INTELLIGENT_TIERING', 'ARCHIVE_INSTANT_ACCESS'],
  'TimedStorage-INT-AA-ByteHrs': ['INTELLIGENT_TIERING', 'ARCHIVE'],
  'TimedStorage-INT-DAA-ByteHrs': ['INTELLIGENT_TIERING', 'DEEP_ARCHIVE'],
};
type PerThousand = 'put_per_1000' | 'get_per_1000' | 'transition_in_per_1000' | 'monitoring_per_1000_objects_month';
/** Requests, priced one by one: usage type and, where it tells prices apart, operation. */
const REQUESTS: readonly (readonly [usage: string, operation: string | null, storageClass: string, field: PerThousand])[] = [
  ['Requests-Tier1', null, 'STANDARD', 'put_per_1000'],
  ['Requests-Tier2', null, 'STANDARD', 'get_per_1000'],
  ['Requests-SIA-Tier1', null, 'STANDARD_IA', 'put_per_1000'],
  ['Requests-SIA-Tier2', null, 'STANDARD_IA', 'get_per_1000'],
  ['Requests-ZIA-Tier1', null, 'ONEZONE_IA', 'put_per_1000'],
  ['Requests-ZIA-Tier2', null, 'ONEZONE_IA', 'get_per_1000'],
  ['Requests-GIR-Tier1', null, 'GLACIER_IR', 'put_per_1000'],
  ['Requests-GIR-Tier2', null, 'GLACIER_IR', 'get_per_1000'],
  ['Requests-INT-Tier1', null, 'INTELLIGENT_TIERING', 'put_per_1000'],
  ['Requests-INT-Tier2', null, 'INTELLIGENT_TIERING', 'get_per_1000'],
  ['Requests-GLACIER-Tier1', 'PutObject', 'GLACIER', 'put_per_1000'],
  ['Requests-GLACIER-Tier2', null, 'GLACIER', 'get_per_1000'],
  ['Requests-GDA-Tier1', null, 'DEEP_ARCHIVE', 'put_per_1000'],
  ['Requests-GDA-Tier2', null, 'DEEP_ARCHIVE', 'get_per_1000'],
  ['Requests-Tier4', 'S3-SIATransition', 'STANDARD_IA', 'transition_in_per_1000'],
  ['Requests-Tier4', 'S3-ZIATransition', 'ONEZONE_IA', 'transition_in_per_1000'],
  ['Requests-Tier4', 'S3-INTTransition', 'INTELLIGENT_TIERING', 'transition_in_per_1000'],
  ['Requests-Tier4', 'S3-GIRTransition', 'GLACIER_IR', 'transition_in_per_1000'],
  ['Requests-Tier3', 'S3-GlacierTransition', 'GLACIER', 'transition_in_per_1000'],
  ['Requests-Tier3', 'S3-GDATransition', 'DEEP_ARCHIVE', 'transition_in_per_1000'],
  ['Monitoring-Automation-INT', null, 'INTELLIGENT_TIERING', 'monitoring_per_1000_objects_month'],
];
const RETRIEVALS: readonly (readonly [usage: string, storageClass: string])[] = [
  ['Retrieval-SIA', 'STANDARD_IA'],
  ['Retrieval-ZIA', 'ONEZONE_IA'],
  ['Retrieval-GIR', 'GLACIER_IR'],
];
type Restored = 'per_gb' | 'per_1000';
const RESTORES: readonly (readonly [usage: string, operation: string | null, storageClass: string, speed: string, field: Restored])[] = [
  ['Standard-Retrieval-Bytes', 'RestoreObject', 'GLACIER', 'STANDARD', 'per_gb'],
  ['Bulk-Retrieval-Bytes', 'RestoreObject', 'GLACIER', 'BULK', 'per_gb'],
  ['Expedited-Retrieval-Bytes', 'RestoreObject', 'GLACIER', 'EXPEDITED', 'per_gb'],
  ['Standard-Retrieval-Bytes', 'DeepArchiveRestoreObject', 'DEEP_ARCHIVE', 'STANDARD', 'per_gb'],
  ['Bulk-Retrieval-Bytes', 'DeepArchiveRestoreObject', 'DEEP_ARCHIVE', 'BULK', 'per_gb'],
  ['Requests-Tier3', 'RestoreObject', 'GLACIER', 'STANDARD', 'per_1000'],
  ['Requests-Tier5', 'RestoreObject', 'GLACIER', 'BULK', 'per_1000'],
  ['Requests-Tier6', 'RestoreObject', 'GLACIER', 'EXPEDITED', 'per_1000'],
  ['Requests-GDA-Tier3', null, 'DEEP_ARCHIVE', 'STANDARD', 'per_1000'],
  ['Requests-GDA-Tier5', null, 'DEEP_ARCHIVE', 'BULK', 'per_1000'],
];

interface Band {
  readonly up_to_gb: number | null;
  readonly usd_per_gb_month: number;
}
interface ClassRow extends Partial<Record<PerThousand, number>> {
  storage?: Band[];
  access_tiers?: Record<string, Band[]>;
  retrieval_per_gb?: number;
  restore?: Record<string, Partial<Record<Restored, number>>>;
}

/** One region read from offer files, as a price file of its own: what `parsePriceBook` takes. */
export interface ImportedPrices {
  readonly region: string;
  readonly asOf: string;
  readonly file: unknown;
}

class Refusal extends Error {}

/** Dollars per unit times so many, exact to the nano-dollar or refused. */
function usd(text: string, times: number): number {
  const found = /^(\d+)(?:\.(\d*))?$/.exec(text);
  if (found === null) throw new Refusal(`"${text}" is not a price`);
  const decimals = found[2] ?? '';
  const scaled = BigInt(`${found[1]}${decimals}`) * BigInt(times) * 1_000_000_000n;
  const unit = 10n ** BigInt(decimals.length);
  if (scaled % unit !== 0n) throw new Refusal(`"${text}" has more digits than a nano-dollar`);
  return Number(scaled / unit) / 1e9;
}

class OfferReader {
  private readonly offers: readonly Offer[];
  readonly region: string;
  private readonly prefix: string;
  private readonly classes: Record<string, ClassRow> = {};

  constructor(offers: readonly Offer[]) {
    this.offers = offers;
    const s3 = offers.find(({ offerCode }) => offerCode === 'AmazonS3');
    // The one product that is surely STANDARD's storage tells how the region begins its usage types.
    const standard = Object.values(s3?.products ?? {}).filter(
      ({ productFamily, attributes: { volumeType, storageClass, usagetype } }) =>
        productFamily === 'Storage' &&
        volumeType === 'Standard' &&
        storageClass === 'General Purpose' &&
        usagetype?.endsWith('TimedStorage-ByteHrs') === true,
    );
    const regions = new Set(standard.map(({ attributes: { regionCode } }) => regionCode ?? ''));
    const [found] = standard;
    if (found === undefined || regions.size !== 1) {
      throw new Refusal(
        regions.size > 1 ? 'the file holds several regions; take the file of one region' : 'there is no storage of STANDARD in it',
      );
    }
    this.region = found.attributes.regionCode ?? '';
    this.prefix = (found.attributes.usagetype ?? '').slice(0, -'TimedStorage-ByteHrs'.length);
  }

  private row(storageClass: string): ClassRow {
    this.classes[storageClass] ??= {};
    return this.classes[storageClass];
  }

  /** Products of exactly this usage type, by any or one operation. */
  private *products(usage: string, operation: string | null): Iterable<readonly [sku: string, product: Product, offer: Offer]> {
    for (const offer of this.offers) {
      for (const [sku, product] of Object.entries(offer.products)) {
        const { usagetype, operation: own, regionCode } = product.attributes;
        if (regionCode !== undefined && regionCode !== this.region) continue;
        if (usagetype === `${this.prefix}${usage}` && (operation === null || own === operation)) yield [sku, product, offer];
      }
    }
  }

  private dimensions(sku: string, { terms }: Offer) {
    const newest = Object.values(terms.OnDemand[sku] ?? {}).sort((a, b) => (a.effectiveDate < b.effectiveDate ? 1 : -1))[0];
    return Object.values(newest?.priceDimensions ?? {}).sort((a, b) => Number(a.beginRange ?? 0) - Number(b.beginRange ?? 0));
  }

  /** The one price all products of a kind share; undefined where there are none, or where several of no weight differ. */
  private price(usage: string, operation: string | null, times: number, isOfWeight = true): number | undefined {
    const prices = new Set<number>();
    for (const [sku, , offer] of this.products(usage, operation)) {
      for (const { pricePerUnit } of this.dimensions(sku, offer)) prices.add(usd(pricePerUnit.USD ?? '', times));
    }
    if (prices.size > 1 && !isOfWeight) return undefined;
    if (prices.size > 1) throw new Refusal(`${usage}${operation === null ? '' : ` (${operation})`} has more than one price`);
    return [...prices][0];
  }

  private readStorage(): void {
    for (const [usage, [storageClass, tier]] of Object.entries(STORAGE)) {
      const found = [...this.products(usage, null)].map(([sku, , offer]) =>
        this.dimensions(sku, offer).map(({ endRange, pricePerUnit }): Band => {
          const end = endRange === undefined || endRange === 'Inf' ? null : Number(endRange);
          return { up_to_gb: end, usd_per_gb_month: usd(pricePerUnit.USD ?? '', 1) };
        }),
      );
      const [bands] = found;
      if (bands === undefined) continue;
      if (bands.length === 0) throw new Refusal(`${usage} has no price`);
      if (found.some((other) => JSON.stringify(other) !== JSON.stringify(bands))) throw new Refusal(`${usage} has more than one price`);
      const row = this.row(storageClass);
      if (tier === '') row.storage = bands;
      else row.access_tiers = { ...row.access_tiers, [tier]: bands };
    }
  }

  read(): Record<string, ClassRow> {
    this.readStorage();
    for (const [usage, operation, storageClass, field] of REQUESTS) {
      const price = this.price(usage, operation, 1000, field !== 'put_per_1000' && field !== 'get_per_1000');
      if (price !== undefined) this.row(storageClass)[field] = price;
    }
    for (const [usage, storageClass] of RETRIEVALS) {
      const price = this.price(usage, null, 1);
      if (price !== undefined) this.row(storageClass).retrieval_per_gb = price;
    }
    for (const [usage, operation, storageClass, speed, field] of RESTORES) {
      const price = this.price(usage, operation, field === 'per_1000' ? 1000 : 1);
      if (price === undefined) continue;
      const row = this.row(storageClass);
      row.restore = { ...row.restore, [speed]: { ...row.restore?.[speed], [field]: price } };
    }
    this.row('STANDARD').retrieval_per_gb = 0;
    this.row('INTELLIGENT_TIERING').retrieval_per_gb = 0;
    return this.classes;
  }
}

const first = (row: ClassRow | undefined): number => row?.storage?.[0]?.usd_per_gb_month ?? 0;

/** A list that is off in one of these was not read right, or is not what it says (s3-domain 3.6). */
function faultOf(classes: Record<string, ClassRow>): string | null {
  const { STANDARD, STANDARD_IA, ONEZONE_IA, GLACIER_IR, GLACIER, DEEP_ARCHIVE, INTELLIGENT_TIERING } = classes;
  const named = { STANDARD, STANDARD_IA, ONEZONE_IA, GLACIER_IR, GLACIER, DEEP_ARCHIVE };
  for (const [name, row] of Object.entries(named)) if (!(first(row) > 0)) return `${name} has no storage price`;
  if (!((INTELLIGENT_TIERING?.access_tiers?.FREQUENT?.[0]?.usd_per_gb_month ?? 0) > 0)) return 'INTELLIGENT_TIERING has no storage price';
  if (!(first(STANDARD) > first(STANDARD_IA))) return 'STANDARD is not dearer than STANDARD_IA';
  if (!(first(STANDARD_IA) > first(GLACIER_IR))) return 'STANDARD_IA is not dearer than GLACIER_IR';
  if (!(first(GLACIER_IR) >= first(GLACIER))) return 'GLACIER_IR is cheaper than GLACIER';
  if (!(first(GLACIER) > first(DEEP_ARCHIVE))) return 'GLACIER is not dearer than DEEP_ARCHIVE';
  for (const [name, { put_per_1000: put, get_per_1000: get }] of Object.entries(classes)) {
    if (put !== undefined && get !== undefined && put < get) return `a PUT of ${name} is cheaper than a GET`;
  }
  return null;
}

/** Reads the offer files of one region, checked against what S3's prices are always like. PriceMissing says what is off. */
export function readOffers(files: readonly unknown[]): Result<ImportedPrices> {
  const refuse = (message: string, next = 'Take the files of one region as AWS publishes them, AmazonS3 and AmazonS3GlacierDeepArchive.') =>
    err(appError('PriceMissing', message, { next }));
  const offers: Offer[] = [];
  for (const file of files) {
    const parsed = v.safeParse(OfferSchema, file);
    if (!parsed.success) return refuse("A file is not one of AWS's offer files.");
    if (!OFFERS.includes(parsed.output.offerCode))
      return refuse(`The offer file of ${parsed.output.offerCode} holds no prices of S3's storage classes.`);
    offers.push(parsed.output);
  }
  const missing = OFFERS.find((code) => !offers.some(({ offerCode }) => offerCode === code));
  if (missing !== undefined) return refuse(`The offer file ${missing} is missing.`);
  try {
    const reader = new OfferReader(offers);
    const classes = reader.read();
    const fault = faultOf(classes);
    if (fault !== null) return refuse(`The prices of ${reader.region} are not taken over: ${fault}.`);
    const asOf = offers.map(({ publicationDate }) => publicationDate.slice(0, 10)).sort()[0] ?? '';
    const file = {
      schema: 'isotherm-prices/1',
      currency: 'USD',
      gb_definition_bytes: BILLING_GB_BYTES,
      regions: { [reader.region]: { name: null, as_of: asOf, source: 'AWS Price List', classes } },
    };
    return ok({ region: reader.region, asOf, file });
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    return refuse(`The offer files cannot be read: ${cause.message}.`);
  }
}
