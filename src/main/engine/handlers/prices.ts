import type { PRICE_METHODS } from '../../../contract/methods/prices.ts';
import { ok } from '../../../contract/result.ts';
import { forgetPrices, importedRegions, importPrices, loadPriceBook } from '../../prices.ts';
import type { Handlers } from '../handler.ts';

export const priceHandlers: Pick<Handlers, keyof typeof PRICE_METHODS> = {
  'prices.list': async (_params, { environment }) => {
    const book = await loadPriceBook(environment);
    if (!book.ok) return book;
    const imported = await importedRegions(environment);
    const lists = [...book.value.regions.values()].sort((a, b) => (a.region < b.region ? -1 : 1));
    return ok(
      lists.map(({ region, name, asOf }) => ({
        region,
        name,
        asOf,
        origin: imported.has(region) ? ('imported' as const) : ('shipped' as const),
      })),
    );
  },

  'prices.import': async ({ files }, { environment }) => {
    const read = await importPrices(environment, files);
    if (!read.ok) return read;
    const book = await loadPriceBook(environment);
    if (!book.ok) return book;
    const { region, asOf } = read.value;
    return ok({ region, asOf, classes: [...(book.value.regions.get(region)?.classes.keys() ?? [])].sort() });
  },

  'prices.forget': async ({ region }, { environment }) => {
    const gone = await forgetPrices(environment, region);
    return gone.ok ? ok({ region }) : gone;
  },
};
