import { readFileSync } from 'node:fs';
import { type PriceList, parsePriceBook, priceListFor } from '../../src/core/price/price-book.ts';

/** The shipped prices of one region. */
export function shippedPrices(region = 'us-east-1'): PriceList {
  const book = parsePriceBook(JSON.parse(readFileSync(new URL('../../resources/pricing.json', import.meta.url), 'utf8')));
  if (!book.ok) throw new Error(book.error.message);
  const list = priceListFor(book.value, region);
  if (!list.ok) throw new Error(list.error.message);
  return list.value;
}
