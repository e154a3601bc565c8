import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TableEstimate } from '../../contract/methods/tables.ts';

const TB = 1_000_000_000_000n;

interface Prices {
  readonly athena: readonly { readonly region: string; readonly usdPerTb: string; readonly asOf: string }[];
  readonly athenaLeastBytesPerQuery: number;
}

/** USD as decimal text in nano-USD. */
export function nanoUsdOf(usd: string): bigint {
  const [whole = '0', fraction = ''] = usd.split('.');
  return BigInt(whole) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0').slice(0, 9));
}

/** What a TB costs: as the person says, else by the price list; null where neither knows. */
export function priceOfTb(
  engine: 'Trino' | 'Athena',
  region: string | null,
  usdPerTb: string | undefined,
  resourcesDir: string,
): TableEstimate['price'] {
  if (usdPerTb !== undefined) return { nanoUsdPerTb: String(nanoUsdOf(usdPerTb)), region: region ?? '', asOf: '' };
  if (engine !== 'Athena' || region === null) return null;
  const known = readPrices(resourcesDir).athena.find((price) => price.region === region);
  return known ? { nanoUsdPerTb: String(nanoUsdOf(known.usdPerTb)), region, asOf: known.asOf } : null;
}

/** What it costs to read this much, rounded up; `queries` for the least that each is charged for. */
export function costOf(bytes: number, queries: number, price: NonNullable<TableEstimate['price']>, resourcesDir: string): bigint {
  const least = readPrices(resourcesDir).athenaLeastBytesPerQuery * queries;
  const charged = BigInt(Math.max(bytes, least));
  return (charged * BigInt(price.nanoUsdPerTb) + TB - 1n) / TB;
}

const readPrices = (resourcesDir: string): Prices => JSON.parse(readFileSync(join(resourcesDir, 'query-prices.json'), 'utf8')) as Prices;
