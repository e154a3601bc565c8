import { resolve } from 'node:path';
import { err, ok } from '../../../contract/result.ts';
import { usageError } from '../parse.ts';
import type { Verb } from '../verb.ts';
import { table } from '../words/table.ts';

const ACTIONS = 'list, import FILE..., or forget REGION';

const prices: Verb = {
  name: 'prices',
  summary: "List the price lists, take one over from AWS's offer files, or go back to the one that comes with Isotherm.",
  usage: 'list | import AmazonS3.json AmazonS3GlacierDeepArchive.json | forget REGION',
  methods: ['prices.list', 'prices.import', 'prices.forget'],
  positionals: 9,
  flags: {},
  run: async (args, { call }) => {
    const [action = 'list', ...rest] = args.words;
    const [region] = rest;
    if (action === 'import') {
      if (region === undefined) return err(usageError('Name the offer files of one region.', 'prices'));
      const result = await call('prices.import', { files: rest.map((file) => resolve(file)) });
      if (!result.ok) return result;
      const { region: of, asOf, classes } = result.value;
      return ok({ json: result.value, words: () => `Prices of ${of} as of ${asOf} count from now on: ${classes.join(', ')}.` });
    }
    if (action === 'forget') {
      if (region === undefined) return err(usageError('Name the region.', 'prices'));
      const result = await call('prices.forget', { region });
      return result.ok ? ok({ json: result.value, words: () => `The prices that come with Isotherm count again for ${region}.` }) : result;
    }
    if (action !== 'list' || region !== undefined) return err(usageError(`"prices" takes ${ACTIONS}.`, 'prices'));
    const result = await call('prices.list', {});
    if (!result.ok) return result;
    const words = () =>
      table(
        [
          { title: 'Region', of: (row) => row.region },
          { title: 'Name', of: (row) => row.name },
          { title: 'As of', of: (row) => row.asOf },
          { title: 'Origin', of: (row) => row.origin },
        ],
        result.value,
      );
    return ok({ json: result.value, words });
  },
};

export const priceVerbs: readonly Verb[] = [prices];
