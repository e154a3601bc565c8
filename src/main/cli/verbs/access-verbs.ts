import { ACCESS_SORTS } from '../../../contract/access-views.ts';
import { ok } from '../../../contract/result.ts';
import { given, INDEX_FLAGS, indexOf, OTHER_PRICE_REGION, REMOTE_FLAGS, remoteOf } from '../flags.ts';
import type { Verb } from '../verb.ts';
import { accessWords, importWords } from '../words/access-words.ts';

const access: Verb = {
  name: 'access',
  summary: 'Read access logs into an index, and say who reads what, when last, and what reading it out costs.',
  usage: '[LOGS or athena://… or trino://…] --index FILE [--prefix PREFIX] [--sort cost|bytes|repeats|crossRegion]',
  methods: ['access.import', 'access.summary'],
  positionals: 1,
  flags: {
    ...INDEX_FLAGS,
    prefix: { type: 'text', value: 'PREFIX', words: 'Only what lies below this prefix.' },
    sort: { type: 'text', value: 'KEY', words: `One of ${ACCESS_SORTS.join(', ')}; cost unless named.`, choices: ACCESS_SORTS },
    offset: { type: 'whole', value: 'N', words: 'How many to skip.' },
    limit: { type: 'whole', value: 'N', words: 'How many to list, at most 1000; 50 unless given.' },
    ...REMOTE_FLAGS,
    output: { type: 'text', value: 's3://BUCKET/PREFIX/', words: 'Of a table of Athena: where results go, unless its workgroup says.' },
    yes: { type: 'switch', words: 'Of a table over access logs: agree to the queries whatever they cost.' },
    ...OTHER_PRICE_REGION,
  },
  run: async (args, { call, note }) => {
    const [location] = args.words;
    const read =
      location === undefined
        ? undefined
        : await call('access.import', {
            ...indexOf(args),
            location,
            remote: remoteOf(args),
            ...given('output', args.text('output')),
            ...(args.has('yes') ? { confirm: 'any' as const } : {}),
          });
    if (read?.ok === false) return read;
    if (read) note(importWords(read.value));
    const offset = args.whole('offset');
    const summary = await call('access.summary', {
      ...indexOf(args),
      ...given('prefix', args.text('prefix')),
      ...given('region', args.text('price-region')),
      sort: (args.text('sort') ?? 'cost') as (typeof ACCESS_SORTS)[number],
      limit: args.whole('limit') ?? 50,
      ...(offset === undefined ? {} : { offset }),
    });
    if (!summary.ok) return summary;
    return ok({ json: read ? { ...summary.value, read: read.value } : summary.value, words: () => accessWords(summary.value) });
  },
};

export const accessVerbs: readonly Verb[] = [access];
