import { AGE_CUTS } from '../../../contract/ages.ts';
import { ok } from '../../../contract/result.ts';
import { formatBytes, formatCount } from '../../../core/report/format.ts';
import { given, INDEX_FLAGS, indexOf, PRICE_REGION } from '../flags.ts';
import type { Verb } from '../verb.ts';
import { money } from '../words/index-words.ts';
import { table } from '../words/table.ts';

const ages: Verb = {
  name: 'ages',
  summary: 'Show how long ago what was written, by storage class and category.',
  usage: '--index FILE [--prefix PREFIX]',
  methods: ['index.ages'],
  positionals: 0,
  flags: {
    ...INDEX_FLAGS,
    prefix: { type: 'text', value: 'PREFIX', words: 'Count only keys that begin with this.' },
    ...PRICE_REGION,
  },
  run: async (args, { call }) => {
    const result = await call('index.ages', {
      ...indexOf(args),
      ...given('prefix', args.text('prefix')),
      ...given('region', args.text('region')),
    });
    if (!result.ok) return result;
    const days = (cut: number): string => {
      const { fromDays, toDays } = AGE_CUTS[cut] ?? { fromDays: 0, toDays: null };
      return toDays === null ? `${fromDays}+` : `${fromDays}-${toDays}`;
    };
    return ok({
      json: { ...result.value, cuts: AGE_CUTS.map(({ fromDays, toDays }) => ({ fromDays, toDays })) },
      words: () =>
        table(
          [
            { title: 'Days', of: (cell) => days(cell.cut) },
            { title: 'Class', of: (cell) => cell.storageClass },
            { title: 'Category', of: (cell) => cell.category },
            { title: 'Versions', align: 'right', of: (cell) => formatCount(cell.versions) },
            { title: 'Bytes', align: 'right', of: (cell) => formatBytes(cell.bytes) },
            { title: 'Per month', align: 'right', of: (cell) => money(cell.monthlyNanoUsd) },
          ],
          result.value.cells,
        ),
    });
  },
};

export const ageVerbs: readonly Verb[] = [ages];
