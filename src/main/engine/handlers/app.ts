import type { APP_METHODS } from '../../../contract/methods/app.ts';
import { err, ok } from '../../../contract/result.ts';
import { PRESETS } from '../../../core/recommend/presets.ts';
import { readDesk, writeDesk } from '../../desk.ts';
import { loadPriceBook } from '../../prices.ts';
import type { Handlers } from '../handler.ts';

/** What a shell shows of the product itself. */
export const appHandlers: Pick<Handlers, keyof typeof APP_METHODS> = {
  'app.info': async (_params, { environment }) => {
    const book = await loadPriceBook(environment);
    if (!book.ok) return book;
    return ok({
      version: environment.version,
      dataDir: environment.dataDir,
      priceRegions: [...book.value.regions.values()].map(({ region, name, asOf }) => ({ region, name, asOf })),
      presets: PRESETS.map(({ id, name, words }) => ({ id, name, words })),
    });
  },

  'app.recall': async (_params, { environment }) => ok({ desk: readDesk(environment.dataDir) }),

  'app.remember': async ({ desk }, { environment }) => {
    const written = writeDesk(environment.dataDir, desk);
    return written.ok ? ok({}) : err(written.error);
  },
};
