import { err, ok } from '../../../contract/result.ts';
import { REMOTE_FLAGS } from '../flags.ts';
import { usageError } from '../parse.ts';
import { TABLE_FLAGS, tableOf } from '../table-flags.ts';
import type { Verb } from '../verb.ts';

const estimate: Verb = {
  name: 'estimate',
  summary: 'Count the rows of a report in a table of Athena or Trino, and say what rolling it up would cost.',
  usage: '<athena://… or trino://…>',
  methods: ['table.estimate'],
  positionals: 1,
  flags: {
    report: { type: 'text', value: 'NAME', words: 'The report, by its partition "dt" or its timestamp folder; the newest unless named.' },
    ...REMOTE_FLAGS,
    ...TABLE_FLAGS,
  },
  run: async (args, { call }) => {
    const [address] = args.words;
    if (address === undefined) return err(usageError('Name a table: athena://… or trino://….', 'estimate'));
    const result = await call('table.estimate', { table: tableOf(address, args) });
    return result.ok ? ok({ json: result.value, words: () => result.value.words }) : result;
  },
};

export const tableVerbs: readonly Verb[] = [estimate];
