import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { appError } from '../contract/errors.ts';
import { err, ok, type Result } from '../contract/result.ts';
import { type ImportedPrices, readOffers } from '../core/price/offer-file.ts';
import { type OperationPrices, operationPrices } from '../core/price/operation-prices.ts';
import { ASSUMED_REGION, type PriceBook, type PriceList, parsePriceBook, priceListFor } from '../core/price/price-book.ts';

/** Where price lists lie: those that come with the product, and those a person imported, which take their place. */
export interface PricePlaces {
  readonly resourcesDir: string;
  readonly dataDir: string;
}

const books = new Map<string, PriceBook>();

async function readBook(file: string, words: string): Promise<Result<PriceBook>> {
  try {
    const book = parsePriceBook(JSON.parse(await readFile(file, 'utf8')));
    return book.ok ? book : err({ ...book.error, file });
  } catch (error) {
    return err(appError('FileUnreadable', words, { file, detail: String(error) }));
  }
}

const importedDir = (dataDir: string): string => join(dataDir, 'prices');

/** Imported price files by region. */
async function importedFiles(dataDir: string): Promise<Map<string, string>> {
  const names = await readdir(importedDir(dataDir)).catch(() => [] as string[]);
  return new Map(
    names.filter((name) => name.endsWith('.json')).map((name) => [name.slice(0, -'.json'.length), join(importedDir(dataDir), name)]),
  );
}

/** The price book: shipped prices, read once, and over them imported ones. FileUnreadable or PriceMissing names a file that is no price list. */
export async function loadPriceBook({ resourcesDir, dataDir }: PricePlaces): Promise<Result<PriceBook>> {
  const file = join(resourcesDir, 'pricing.json');
  let shipped = books.get(file);
  if (shipped === undefined) {
    const read = await readBook(file, 'The price list that comes with Isotherm cannot be read.');
    if (!read.ok) return read;
    shipped = read.value;
    books.set(file, shipped);
  }
  const imported = await importedFiles(dataDir);
  if (imported.size === 0) return ok(shipped);
  const regions = new Map(shipped.regions);
  for (const own of imported.values()) {
    // The same list each time, for as long as the file stays: what was priced with it is remembered by it.
    const { mtimeNs, size } = await stat(own, { bigint: true });
    const stamp = `${own}@${mtimeNs}/${size}`;
    let book = books.get(stamp);
    if (book === undefined) {
      const read = await readBook(own, 'An imported price list cannot be read.');
      if (!read.ok) return read;
      const named = [...read.value.regions].map(
        ([region, list]) => [region, { ...list, name: shipped.regions.get(region)?.name ?? region }] as const,
      );
      book = { regions: new Map(named) };
      books.set(stamp, book);
    }
    for (const [region, list] of book.regions) regions.set(region, list);
  }
  return ok({ regions });
}

/** The regions whose prices a person imported. */
export const importedRegions = async ({ dataDir }: PricePlaces): Promise<ReadonlySet<string>> =>
  new Set((await importedFiles(dataDir)).keys());

/** Reads AWS's offer files and keeps the prices of their region from then on. What is off is refused, and earlier prices stay. */
export async function importPrices({ dataDir }: PricePlaces, files: readonly string[]): Promise<Result<ImportedPrices>> {
  const offers: unknown[] = [];
  for (const file of files) {
    try {
      offers.push(JSON.parse(await readFile(file, 'utf8')));
    } catch (error) {
      return err(appError('FileUnreadable', 'The offer file cannot be read.', { file, detail: String(error) }));
    }
  }
  const read = readOffers(offers);
  if (!read.ok) return read;
  if (!/^[a-z0-9-]+$/.test(read.value.region)) return err(appError('PriceMissing', 'The offer files name no region.'));
  const target = join(importedDir(dataDir), `${read.value.region}.json`);
  try {
    await mkdir(importedDir(dataDir), { recursive: true });
    await writeFile(`${target}.tmp`, JSON.stringify(read.value.file));
    await rename(`${target}.tmp`, target);
  } catch (error) {
    return err(appError('FileUnwritable', 'The prices cannot be kept.', { file: target, detail: String(error) }));
  }
  return read;
}

/** Takes imported prices away; the shipped ones count again. RegionUnknown where none were imported. */
export async function forgetPrices({ dataDir }: PricePlaces, region: string): Promise<Result<void>> {
  const file = (await importedFiles(dataDir)).get(region);
  if (file === undefined) return err(appError('RegionUnknown', `No prices were imported for the region "${region}".`));
  await rm(file);
  return ok(undefined);
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
  places: PricePlaces,
  named: string | undefined,
  ...known: (string | null)[]
): Promise<Result<ChosenPrices>> {
  const book = await loadPriceBook(places);
  if (!book.ok) return book;
  const likely = known.find((region) => region !== null && book.value.regions.has(region));
  const list = priceListFor(book.value, named ?? likely ?? ASSUMED_REGION);
  return list.ok ? ok({ list: list.value, assumed: named === undefined && (likely ?? null) === null }) : list;
}

/** What single acts cost in a region: of the imported list where there is one, else of the shipped one. */
export async function loadOperationPrices({ resourcesDir, dataDir }: PricePlaces, region: string): Promise<Result<OperationPrices>> {
  const file = (await importedFiles(dataDir)).get(region) ?? join(resourcesDir, 'pricing.json');
  try {
    return operationPrices(JSON.parse(await readFile(file, 'utf8')), region);
  } catch (error) {
    return err(appError('FileUnreadable', 'The price list cannot be read.', { file, detail: String(error) }));
  }
}
