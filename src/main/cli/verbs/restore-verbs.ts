import { ok } from '../../../contract/result.ts';
import { given, INDEX_FLAGS, indexOf, PRICE_REGION } from '../flags.ts';
import type { Verb } from '../verb.ts';
import { drillWords } from '../words/restore-words.ts';

const restoreDrill: Verb = {
  name: 'restore-drill',
  summary: 'Say what reading cold data back would cost and take, per speed. Asks the index alone.',
  usage: '--index FILE [--prefix PREFIX] [--days 7]',
  methods: ['restore.drill'],
  positionals: 0,
  flags: {
    ...INDEX_FLAGS,
    prefix: { type: 'text', value: 'PREFIX', words: 'What would be read; the whole bucket unless named.' },
    days: { type: 'whole', value: 'N', words: 'How long restored copies would be kept; 7 unless given.' },
    ...PRICE_REGION,
  },
  run: async (args, { call }) => {
    const result = await call('restore.drill', {
      ...indexOf(args),
      prefix: args.text('prefix') ?? '',
      days: args.whole('days') ?? 7,
      ...given('region', args.text('region')),
    });
    return result.ok ? ok({ json: result.value, words: () => drillWords(result.value) }) : result;
  },
};

export const restoreVerbs: readonly Verb[] = [restoreDrill];
