import { MINIMUM_SIZES } from '../../../contract/lifecycle.ts';
import { ok } from '../../../contract/result.ts';
import { KINDS, type Kind } from '../../../contract/vocabulary.ts';
import { given, INDEX_FLAGS, indexOf, PRICE_REGION } from '../flags.ts';
import { dayFlag } from '../simulation-flags.ts';
import type { Verb } from '../verb.ts';
import { breakEvenWords } from '../words/break-even-words.ts';

const breakEven: Verb = {
  name: 'break-even',
  summary: 'Say unit by unit from which object size and from which day on a move to another class pays.',
  usage: '--index FILE [--kind KIND] [--prefix PREFIX] [--months 36]',
  methods: ['policy.breakEven'],
  positionals: 0,
  flags: {
    ...INDEX_FLAGS,
    kind: { type: 'text', value: 'KIND', words: `Only this kind: ${KINDS.join(', ')}.`, choices: KINDS },
    prefix: { type: 'text', value: 'PREFIX', words: 'Only what lies below this prefix.' },
    'as-of': { type: 'text', value: 'DAY', words: 'The day before the move; the day of the snapshot unless given.' },
    months: { type: 'whole', value: 'N', words: 'How long objects stay, for the break-even size: 1 to 60; 36 unless given.' },
    'minimum-size': {
      type: 'text',
      value: 'SETTING',
      words: `The bucket's setting for small objects: ${MINIMUM_SIZES.join(', ')} or none; ${MINIMUM_SIZES[0]} unless given.`,
      choices: [...MINIMUM_SIZES, 'none'],
    },
    offset: { type: 'whole', value: 'N', words: 'How many units to skip.' },
    limit: { type: 'whole', value: 'N', words: 'How many units to list, at most 1000; 20 unless given.' },
    ...PRICE_REGION,
  },
  run: async (args, { call }) => {
    const asOf = dayFlag(args, 'as-of');
    if (!asOf.ok) return asOf;
    const kind = args.text('kind') as Kind | undefined;
    const named = args.text('minimum-size');
    const minimumSize = named === 'none' ? null : MINIMUM_SIZES.find((one) => one === named);
    const offset = args.whole('offset');
    const result = await call('policy.breakEven', {
      ...indexOf(args),
      ...(kind === undefined ? {} : { kinds: [kind] }),
      ...given('prefix', args.text('prefix')),
      ...given('region', args.text('region')),
      ...given('asOf', asOf.value),
      ...(minimumSize === undefined ? {} : { minimumSize }),
      months: args.whole('months') ?? 36,
      ...(offset === undefined ? {} : { offset }),
      limit: args.whole('limit') ?? 20,
    });
    return result.ok ? ok({ json: result.value, words: () => breakEvenWords(result.value) }) : result;
  },
};

export const breakEvenVerbs: readonly Verb[] = [breakEven];
