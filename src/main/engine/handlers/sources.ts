import { openSample } from '../../sample/open-sample.ts';
import { writeSample } from '../../sample/write-sample.ts';
import { scan } from '../../sources/scan.ts';
import type { Handlers } from '../handler.ts';

/** What brings versions into an index: reports, listings and the generated sample. */
export const sourceHandlers: Pick<Handlers, 'index.scan' | 'sample.open' | 'sample.write'> = {
  'index.scan': ({ source, index, region, classify }, { environment: { resourcesDir, now, trino }, signal, progress }) =>
    scan({ source, index, region, classify, resourcesDir, now, trino, signal, progress }),
  'sample.open': (_params, context) => openSample(context),
  'sample.write': ({ out, versions, seed }, { signal, progress }) => writeSample(out, { versions, seed, signal, progress }),
};
