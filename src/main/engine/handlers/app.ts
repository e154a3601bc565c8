import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { appError } from '../../../contract/errors.ts';
import { err, ok } from '../../../contract/result.ts';
import { parsePriceBook } from '../../../core/price/price-book.ts';
import { PRESETS } from '../../../core/recommend/presets.ts';
import type { Handlers } from '../handler.ts';

/** What a shell shows of the product itself. */
export const appHandlers: Pick<Handlers, 'app.info'> = {
  'app.info': async (_params, { environment }) => {
    const file = join(environment.resourcesDir, 'pricing.json');
    let json: unknown;
    try {
      json = JSON.parse(await readFile(file, 'utf8'));
    } catch (cause) {
      return err(appError('FileUnreadable', 'The price list that comes with Isotherm cannot be read.', { file, detail: String(cause) }));
    }
    const book = parsePriceBook(json);
    if (!book.ok) return book;
    return ok({
      version: environment.version,
      dataDir: environment.dataDir,
      priceRegions: [...book.value.regions.values()].map(({ region, name, asOf }) => ({ region, name, asOf })),
      presets: PRESETS.map(({ id, name, words }) => ({ id, name, words })),
    });
  },
};
