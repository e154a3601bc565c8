import * as v from 'valibot';
import { BucketTags, OWNER_DIMENSIONS, OwnerCostsSchema, OwnersFileSchema, ThingCostsSchema, UNIT_COSTS } from '../owners.ts';
import { BucketName, RemoteSchema } from '../remote.ts';
import { Whole } from '../units.ts';
import { At, type Definition, Region } from './definition.ts';

const Owned = { ...At, region: Region, file: OwnersFileSchema, bucketTags: v.optional(BucketTags, {}) };
const Limit = v.optional(v.pipe(Whole, v.minValue(1), v.maxValue(1000)), 50);

/** Whose cost it is. */
export const OWNER_METHODS = {
  /** Showback and chargeback: cost by team, project, environment or cost centre. */
  'owners.costs': {
    effect: 'read',
    params: v.strictObject({ ...Owned, by: v.optional(v.picklist(OWNER_DIMENSIONS), 'team') }),
    result: OwnerCostsSchema,
  },
  /** What one run, model, dataset version or experiment costs. */
  'owners.unitCosts': {
    effect: 'read',
    params: v.strictObject({ ...Owned, per: v.picklist(UNIT_COSTS), limit: Limit }),
    result: ThingCostsSchema,
  },
  /** The most expensive of the week, whatever they are. */
  'owners.top': {
    effect: 'read',
    params: v.strictObject({ ...Owned, limit: v.optional(v.pipe(Whole, v.minValue(1), v.maxValue(100)), 10) }),
    result: ThingCostsSchema,
  },
  /** The tags a bucket has. */
  'bucket.tags': {
    effect: 'read',
    params: v.strictObject({ bucket: BucketName, remote: v.optional(RemoteSchema, {}) }),
    result: BucketTags,
  },
} as const satisfies Record<string, Definition>;
