import { ok } from '../../../contract/result.ts';
import { PRESETS } from '../../../core/recommend/presets.ts';
import { loadPriceBook } from '../../prices.ts';
import type { Handlers } from '../handler.ts';

/** What a shell shows of the product itself. */
export const appHandlers: Pick<Handlers, 'app.info'> = {
  'app.info': async (_params, { environment }) => {
    const book = await loadPriceBook(environment.resourcesDir);
    if (!book.ok) return book;
    return ok({
      version: environment.version,
      dataDir: environment.dataDir,
      priceRegions: [...book.value.regions.values()].map(({ region, name, asOf }) => ({ region, name, asOf })),
      presets: PRESETS.map(({ id, name, words }) => ({ id, name, words })),
    });
  },
};
