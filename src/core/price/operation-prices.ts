import * as v from 'valibot';
import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';

/** How fast an archived version is brought back. */
export const RESTORE_SPEEDS = ['EXPEDITED', 'STANDARD', 'BULK'] as const;
export type RestoreSpeed = (typeof RESTORE_SPEEDS)[number];

/** A price the list lacks is null: never zero, never guessed. All in nano-dollars. */
export interface RestorePrice {
  readonly perGb: bigint;
  readonly perThousand: bigint | null;
}

/** What single acts cost in a region, beside storage and transitions: requests, retrieval, restores, batch jobs, tags. */
export interface OperationPrices {
  readonly region: string;
  readonly asOf: string;
  /** Requests per 1,000 by storage class. */
  putPerThousand(storageClass: string): bigint | null;
  getPerThousand(storageClass: string): bigint | null;
  /** Reading a GB of a class that needs no restore. */
  retrievalPerGb(storageClass: string): bigint | null;
  /** Restores by what is archived, as in `archiveOf`. */
  restore(archive: string, speed: RestoreSpeed): RestorePrice | null;
  readonly batchJob: bigint | null;
  readonly batchPerMillion: bigint | null;
  /** Object tags, per 10,000 and month. */
  readonly tagsPerTenThousand: bigint | null;
}

const Price = v.optional(v.nullable(v.pipe(v.number(), v.minValue(0))));
const ClassSchema = v.object({
  put_per_1000: Price,
  get_per_1000: Price,
  retrieval_per_gb: Price,
  restore: v.optional(v.record(v.string(), v.object({ per_gb: Price, per_1000: Price }))),
});
const FileSchema = v.object({
  regions: v.record(
    v.string(),
    v.object({
      as_of: v.string(),
      classes: v.record(v.string(), ClassSchema),
      management: v.optional(v.object({ batch_job: Price, batch_per_million_objects: Price, object_tags_per_10000_month: Price })),
    }),
  ),
});

const nano = (usd: number | null | undefined): bigint | null => (usd === null || usd === undefined ? null : BigInt(Math.round(usd * 1e9)));

const INTELLIGENT_TIERING = 'INTELLIGENT_TIERING';

/** What has to be restored before it can be read: "GLACIER", "DEEP_ARCHIVE", or either tier of Intelligent-Tiering; null: nothing. */
export function archiveOf(storageClass: string, accessTier: string): string | null {
  if (storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE') return storageClass;
  const isArchivedTier = storageClass === INTELLIGENT_TIERING && (accessTier === 'ARCHIVE' || accessTier === 'DEEP_ARCHIVE');
  return isArchivedTier ? `${INTELLIGENT_TIERING}/${accessTier}` : null;
}

/** Neither Deep Archive nor its tier can be restored at once (s3-domain 3.4). */
export const isOffered = (archive: string, speed: RestoreSpeed): boolean => speed !== 'EXPEDITED' || !archive.includes('DEEP_ARCHIVE');

/** Reads the prices of a region from the shipped file. RegionUnknown where it has none. */
export function operationPrices(json: unknown, region: string): Result<OperationPrices> {
  const parsed = v.safeParse(FileSchema, json);
  if (!parsed.success) return err(appError('PriceMissing', 'The price list is not one of this version.'));
  const found = parsed.output.regions[region];
  if (found === undefined) return err(appError('RegionUnknown', `The price list has no region "${region}".`));
  const of = (storageClass: string) => found.classes[storageClass];
  return ok({
    region,
    asOf: found.as_of,
    putPerThousand: (storageClass) => nano(of(storageClass)?.put_per_1000),
    getPerThousand: (storageClass) => nano(of(storageClass)?.get_per_1000),
    retrievalPerGb: (storageClass) => nano(of(storageClass)?.retrieval_per_gb),
    restore: (archive, speed) => {
      const price = isOffered(archive, speed) ? of(archive.split('/')[0] ?? '')?.restore?.[speed] : undefined;
      const perGb = nano(price?.per_gb);
      return perGb === null ? null : { perGb, perThousand: nano(price?.per_1000) };
    },
    batchJob: nano(found.management?.batch_job),
    batchPerMillion: nano(found.management?.batch_per_million_objects),
    tagsPerTenThousand: nano(found.management?.object_tags_per_10000_month),
  });
}
