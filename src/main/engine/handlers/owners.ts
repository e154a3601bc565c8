import type { OWNER_METHODS } from '../../../contract/methods/owners.ts';
import type { OwnerCosts, ThingCosts, UnitCost } from '../../../contract/owners.ts';
import { ok, type Result } from '../../../contract/result.ts';
import { bucketOwner, ownerRefinement, ownersOfCells } from '../../../core/owners/assign.ts';
import { meanOf, medianOf, ownerRows } from '../../../core/owners/costs.ts';
import { openView } from '../../index/views/view.ts';
import { type ThingQuery, thingCosts } from '../../owners/thing-costs.ts';
import type { PricePlaces } from '../../prices.ts';
import { readBucketTags } from '../../s3/bucket-tags.ts';
import { withConnection } from '../../s3/client.ts';
import type { Handlers } from '../handler.ts';

async function costsOfThings(query: ThingQuery, places: PricePlaces, per: UnitCost | null): Promise<Result<ThingCosts>> {
  const found = await thingCosts(query, places);
  if (!found.ok) return found;
  const { view, comparedWith, amounts, things } = found.value;
  return ok({
    asOf: view.asOf,
    prices: view.prices,
    per,
    count: amounts.length,
    totalNanoUsd: String(amounts.reduce((sum, amount) => sum + amount, 0n)),
    meanNanoUsd: String(meanOf(amounts)),
    medianNanoUsd: String(medianOf(amounts)),
    things: [...things],
    comparedWith,
  });
}

export const ownerHandlers: Pick<Handlers, keyof typeof OWNER_METHODS> = {
  'owners.costs': async ({ file, bucketTags, by, ...at }, { environment }): Promise<Result<OwnerCosts>> => {
    const view = await openView(at, environment);
    if (!view.ok) return view;
    const { reader, snapshotId, cube, price, prices, asOf, warnings } = view.value;
    const refined = reader.refine(snapshotId, cube, ownerRefinement(cube.tree, file));
    if (!refined.ok) return refined;
    const owned = ownersOfCells(refined.value, file, bucketOwner(file, bucketTags));
    const rows = ownerRows(refined.value.cube, owned, by, price, file.unowned === 'share');
    const sums = price.total;
    return ok({
      asOf,
      prices,
      by,
      rows,
      total: { versions: sums.versions, bytes: sums.totalBytes, monthlyNanoUsd: String(price.charge(sums)) },
      warnings: [...warnings, ...price.warnings(sums)],
    });
  },

  'owners.unitCosts': ({ bucketTags, per, ...query }, { environment }) =>
    costsOfThings({ ...query, per, base: bucketOwner(query.file, bucketTags) }, environment, per),

  'owners.top': ({ bucketTags, ...query }, { environment }) =>
    costsOfThings({ ...query, per: null, base: bucketOwner(query.file, bucketTags) }, environment, null),

  'bucket.tags': ({ bucket, remote }, { signal }) =>
    withConnection(remote, bucket, signal, (connection) => readBucketTags(connection, bucket, signal)),
};
