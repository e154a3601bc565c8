import * as v from 'valibot';
import { type Definition, FilePath } from './definition.ts';

const PriceRegionSchema = v.strictObject({
  region: v.string(),
  name: v.string(),
  /** The day the prices are of. */
  asOf: v.string(),
  origin: v.picklist(['shipped', 'imported']),
});

/** Price lists: those that come with the product, and those imported from AWS's offer files. */
export const PRICE_METHODS = {
  'prices.list': { effect: 'read', params: v.strictObject({}), result: v.array(PriceRegionSchema) },
  /** Takes over the prices of one region from its offer files; what does not look like S3's prices is refused and changes nothing. */
  'prices.import': {
    effect: 'index',
    params: v.strictObject({ files: v.pipe(v.array(FilePath), v.minLength(1)) }),
    result: v.strictObject({ region: v.string(), asOf: v.string(), classes: v.array(v.string()) }),
  },
  /** Takes imported prices away again; the shipped ones count. */
  'prices.forget': { effect: 'index', params: v.strictObject({ region: v.string() }), result: v.strictObject({ region: v.string() }) },
} as const satisfies Record<string, Definition>;
