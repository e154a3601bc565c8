import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { appError } from '../contract/errors.ts';
import { err, ok, type Result } from '../contract/result.ts';
import { type OperationPrices, operationPrices } from '../core/price/operation-prices.ts';
import { ASSUMED_REGION, type PriceBook, type PriceList, parsePriceBook, priceListFor } from '../core/price/price-book.ts';

const books = new Map<string, PriceBook>();

/** The shipped price book; read once. FileUnreadable or PriceMissing when it is not what was shipped. */
export async function loadPriceBook(resourcesDir: string): Promise<Result<PriceBook>> {
  const file = join(resourcesDir, 'pricing.json');
  const known = books.get(file);
  if (known !== undefined) return ok(known);
  try {
    const book = parsePriceBook(JSON.parse(await readFile(file, 'utf8')));
    if (book.ok) books.set(file, book.value);
    return book;
  } catch (error) {
    return err(appError('FileUnreadable', 'The price list that comes with Isotherm cannot be read.', { file, detail: String(error) }));
  }
}

/** The prices to use and whether their region is assumed. */
export interface ChosenPrices {
  readonly list: PriceList;
  readonly assumed: boolean;
}

/**
 * The prices of the region the person named, else of the first known one that has prices, else of the assumed
 * region. RegionUnknown only for a region that was named.
 */
export async function choosePrices(
  resourcesDir: string,
  named: string | undefined,
  ...known: (string | null)[]
): Promise<Result<ChosenPrices>> {
  const book = await loadPriceBook(resourcesDir);
  if (!book.ok) return book;
  const likely = known.find((region) => region !== null && book.value.regions.has(region));
  const list = priceListFor(book.value, named ?? likely ?? ASSUMED_REGION);
  return list.ok ? ok({ list: list.value, assumed: named === undefined && (likely ?? null) === null }) : list;
}

/** What single acts cost in a region of the shipped list. */
export async function loadOperationPrices(resourcesDir: string, region: string): Promise<Result<OperationPrices>> {
  const file = join(resourcesDir, 'pricing.json');
  try {
    return operationPrices(JSON.parse(await readFile(file, 'utf8')), region);
  } catch (error) {
    return err(appError('FileUnreadable', 'The price list that comes with Isotherm cannot be read.', { file, detail: String(error) }));
  }
}
