import type { JobOperation, JobPlan } from '../../contract/batch-job.ts';
import { BILLING_GB_BYTES } from '../../contract/units.ts';
import { add, type ExactNanoUsd, roundNanoUsd, ZERO } from '../price/exact.ts';
import { archiveOf, type OperationPrices } from '../price/operation-prices.ts';
import type { PriceList } from '../price/price-book.ts';

const GB = BigInt(BILLING_GB_BYTES);
const MONTH_DAYS = 30n;

type ByClass = JobPlan['byClass'];

/** What a job costs: the service, its requests, and what it sets in motion. A charge without a price is null and makes the total null. */
export function jobCost(
  operation: JobOperation,
  byClass: ByClass,
  operations: OperationPrices,
  list: PriceList,
): Pick<JobPlan, 'cost' | 'totalNanoUsd' | 'monthlyNanoUsd'> {
  const versions = byClass.reduce((sum, part) => sum + BigInt(part.versions), 0n);
  const cost: JobPlan['cost'] = [];
  let total: ExactNanoUsd | null = ZERO;
  const charge = (what: string, price: bigint | null, amount: bigint, den: bigint): void => {
    if (amount === 0n) return;
    const part = price === null ? null : { num: price * amount, den };
    total = total === null || part === null ? null : add(total, part);
    cost.push({ what, nanoUsd: part === null ? null : roundNanoUsd(part).toString() });
  };
  charge('the job', operations.batchJob, 1n, 1n);
  charge('objects of the job', operations.batchPerMillion, versions, 1_000_000n);
  if (operation.kind === 'restore') {
    for (const { storageClass, accessTier, versions: count, bytes } of byClass) {
      const archive = archiveOf(storageClass, accessTier);
      if (archive === null) continue;
      const price = operations.restore(archive, operation.speed);
      charge(`restore requests, ${archive} ${operation.speed}`, price?.perThousand ?? null, BigInt(count), 1000n);
      charge(`retrieval, ${archive} ${operation.speed}`, price?.perGb ?? null, BigInt(bytes), GB);
      if (archive.includes('/')) continue;
      const standard = list.classes.get('STANDARD')?.bandsByTier.get('')?.[0]?.nanoUsdPerGbMonth ?? null;
      charge(`restored copies for ${operation.days} days, ${archive}`, standard, BigInt(bytes) * BigInt(operation.days), GB * MONTH_DAYS);
    }
  } else {
    // Tagging, retention and hold are requests of the price of a PUT to STANDARD (s3-domain 5.4).
    charge('requests', operations.putPerThousand('STANDARD'), versions, 1000n);
  }
  const tags = operation.kind === 'tag' ? BigInt(operation.tags.length) * versions : 0n;
  const monthly =
    tags === 0n
      ? '0'
      : operations.tagsPerTenThousand === null
        ? null
        : roundNanoUsd({ num: operations.tagsPerTenThousand * tags, den: 10_000n }).toString();
  const sum = total as ExactNanoUsd | null;
  return { cost, totalNanoUsd: sum === null ? null : roundNanoUsd(sum).toString(), monthlyNanoUsd: monthly };
}
