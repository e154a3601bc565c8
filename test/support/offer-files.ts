import { readFileSync } from 'node:fs';

/** A product of an offer file: usage type behind the region's prefix, operation, and bands as [begin, end, price]. */
export interface OfferLine {
  readonly usage: string;
  readonly operation?: string;
  readonly bands: readonly (readonly [begin: string, end: string, usd: string])[];
  readonly more?: Readonly<Record<string, string>>;
  readonly family?: string;
}

const FLAT = (usd: string): OfferLine['bands'] => [['0', 'Inf', usd]];
const CODES: Readonly<Record<string, string>> = {
  STANDARD: 'TimedStorage-ByteHrs',
  STANDARD_IA: 'TimedStorage-SIA-ByteHrs',
  ONEZONE_IA: 'TimedStorage-ZIA-ByteHrs',
  GLACIER_IR: 'TimedStorage-GIR-ByteHrs',
  GLACIER: 'TimedStorage-GlacierByteHrs',
  DEEP_ARCHIVE: 'TimedStorage-GDA-ByteHrs',
};
const TIERS: Readonly<Record<string, string>> = {
  FREQUENT: 'FA',
  INFREQUENT: 'IA',
  ARCHIVE_INSTANT_ACCESS: 'AIA',
  ARCHIVE: 'AA',
  DEEP_ARCHIVE: 'DAA',
};
const MOVES: Readonly<Record<string, readonly [string, string]>> = {
  STANDARD_IA: ['Requests-Tier4', 'S3-SIATransition'],
  ONEZONE_IA: ['Requests-Tier4', 'S3-ZIATransition'],
  INTELLIGENT_TIERING: ['Requests-Tier4', 'S3-INTTransition'],
  GLACIER_IR: ['Requests-Tier4', 'S3-GIRTransition'],
  GLACIER: ['Requests-Tier3', 'S3-GlacierTransition'],
  DEEP_ARCHIVE: ['Requests-Tier3', 'S3-GDATransition'],
};

interface Band {
  readonly up_to_gb: number | null;
  readonly usd_per_gb_month: number;
}
interface Row {
  readonly storage?: readonly Band[];
  readonly access_tiers?: Readonly<Record<string, readonly Band[]>>;
  readonly put_per_1000?: number;
  readonly get_per_1000?: number;
  readonly transition_in_per_1000?: number | null;
  readonly monitoring_per_1000_objects_month?: number;
  readonly retrieval_per_gb?: number;
  readonly restore?: Readonly<Record<string, { readonly per_gb: number; readonly per_1000: number }>>;
}

const digits = (usd: number, places = 10): string => usd.toFixed(places);
const bandsOf = (bands: readonly Band[]): OfferLine['bands'] =>
  bands.map((band, at) => [
    String(bands[at - 1]?.up_to_gb ?? 0),
    band.up_to_gb === null ? 'Inf' : String(band.up_to_gb),
    digits(band.usd_per_gb_month),
  ]);

/** The products a region of the shipped price list would be made from, with the look-alikes that lie beside them. */
export function offerLines(region: string): { readonly s3: OfferLine[]; readonly deepArchive: OfferLine[] } {
  const file = JSON.parse(readFileSync(new URL('../../resources/pricing.json', import.meta.url), 'utf8')) as {
    regions: Record<string, { classes: Record<string, Row> }>;
  };
  const classes = file.regions[region]?.classes ?? {};
  const s3: OfferLine[] = [
    // Same ending, other things (s3-domain 3.6).
    { usage: 'Tables-TimedStorage-ByteHrs', bands: FLAT('0.0265000000') },
    { usage: 'Vectors-TimedStorage-ByteHrs', bands: FLAT('0.0600000000') },
    { usage: 'Annotation-TimedStorage-ByteHrs', bands: FLAT('0.0020000000') },
    { usage: 'TimedStorage-GDA-Staging', bands: FLAT('0.0210000000') },
    { usage: 'TimedStorage-SIA-SmObjects', bands: FLAT('0.0125000000') },
  ];
  const deepArchive: OfferLine[] = [];
  for (const [name, row] of Object.entries(classes)) {
    const usage = CODES[name];
    const target = name === 'DEEP_ARCHIVE' ? deepArchive : s3;
    if (usage !== undefined && row.storage !== undefined) {
      const isStandard = name === 'STANDARD';
      target.push({
        usage,
        bands: bandsOf(row.storage),
        ...(isStandard ? { family: 'Storage', more: { volumeType: 'Standard', storageClass: 'General Purpose' } } : {}),
      });
    }
    for (const [tier, bands] of Object.entries(row.access_tiers ?? {}))
      s3.push({ usage: `TimedStorage-INT-${TIERS[tier]}-ByteHrs`, bands: bandsOf(bands) });
    const [move, operation] = MOVES[name] ?? [];
    if (move !== undefined && operation !== undefined)
      s3.push({ usage: move, operation, bands: FLAT(digits((row.transition_in_per_1000 ?? 0) / 1000, 12)) });
    if (row.monitoring_per_1000_objects_month !== undefined)
      s3.push({ usage: 'Monitoring-Automation-INT', bands: FLAT(digits(row.monitoring_per_1000_objects_month / 1000, 12)) });
    const short = { STANDARD_IA: 'SIA', ONEZONE_IA: 'ZIA', GLACIER_IR: 'GIR' }[name];
    if (short !== undefined)
      s3.push({ usage: `Retrieval-${short}`, operation: 'GetObject', bands: FLAT(digits(row.retrieval_per_gb ?? 0)) });
    const restores = name === 'GLACIER' ? 'RestoreObject' : name === 'DEEP_ARCHIVE' ? 'DeepArchiveRestoreObject' : undefined;
    for (const [speed, price] of restores === undefined ? [] : Object.entries(row.restore ?? {})) {
      const word = speed.charAt(0) + speed.slice(1).toLowerCase();
      s3.push({ usage: `${word}-Retrieval-Bytes`, operation: restores ?? '', bands: FLAT(digits(price.per_gb)) });
      const tier = { STANDARD: 'Tier3', BULK: 'Tier5', EXPEDITED: 'Tier6' }[speed];
      if (name === 'GLACIER')
        s3.push({ usage: `Requests-${tier}`, operation: 'RestoreObject', bands: FLAT(digits(price.per_1000 / 1000, 12)) });
      else deepArchive.push({ usage: `Requests-GDA-${tier}`, operation: '', bands: FLAT(digits(price.per_1000 / 1000, 12)) });
    }
    const tiers = { STANDARD: '', STANDARD_IA: 'SIA-', ONEZONE_IA: 'ZIA-', GLACIER_IR: 'GIR-', INTELLIGENT_TIERING: 'INT-' }[name];
    if (tiers === undefined) continue;
    s3.push({ usage: `Requests-${tiers}Tier1`, operation: 'PutObject', bands: FLAT(digits((row.put_per_1000 ?? 0) / 1000, 12)) });
    s3.push({ usage: `Requests-${tiers}Tier2`, operation: 'GetObject', bands: FLAT(digits((row.get_per_1000 ?? 0) / 1000, 12)) });
  }
  return { s3, deepArchive };
}

/** An offer file in the form AWS publishes. */
export function offerFile(
  offerCode: string,
  region: string,
  prefix: string,
  lines: readonly OfferLine[],
  publicationDate = '2026-11-20T08:00:00Z',
): object {
  const products = lines.map(({ usage, operation = '', more = {}, family }, at) => [
    `SKU${at}`,
    {
      sku: `SKU${at}`,
      ...(family === undefined ? {} : { productFamily: family }),
      attributes: { servicecode: offerCode, regionCode: region, usagetype: `${prefix}${usage}`, operation, ...more },
    },
  ]);
  const terms = lines.map(({ bands }, at) => [
    `SKU${at}`,
    {
      [`SKU${at}.OLD`]: {
        effectiveDate: '2019-01-01T00:00:00Z',
        priceDimensions: { a: { beginRange: '0', endRange: 'Inf', pricePerUnit: { USD: '9.0' } } },
      },
      [`SKU${at}.NOW`]: {
        effectiveDate: '2026-11-01T00:00:00Z',
        priceDimensions: Object.fromEntries(
          bands.map(([beginRange, endRange, usd], band) => [
            `r${9 - band}`,
            { beginRange, endRange, unit: 'GB-Mo', pricePerUnit: { USD: usd } },
          ]),
        ),
      },
    },
  ]);
  return {
    formatVersion: 'v1.0',
    offerCode,
    version: '1',
    publicationDate,
    products: Object.fromEntries(products),
    terms: { OnDemand: Object.fromEntries(terms) },
  };
}
