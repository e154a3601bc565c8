import type { ResultOf } from '../../../contract/methods.ts';
import { err, ok } from '../../../contract/result.ts';
import { given, INDEX_FLAGS, indexOf, PRICE_REGION } from '../flags.ts';
import { usageError } from '../parse.ts';
import type { Verb } from '../verb.ts';
import { objectWords, searchWords } from '../words/object-words.ts';

const search: Verb = {
  name: 'search',
  summary: 'Look for keys that hold a text or fit a pattern.',
  usage: 'TEXT --index FILE [--glob] [--prefix PREFIX]',
  methods: ['objects.search'],
  positionals: 1,
  flags: {
    ...INDEX_FLAGS,
    glob: {
      type: 'switch',
      words: 'TEXT is a pattern (*, **, ?, [a-z], {a,b}) for the whole key or, where it has no "/", for its last segment.',
    },
    'ignore-case': { type: 'switch', words: 'Take A to Z and a to z for the same.' },
    prefix: { type: 'text', value: 'PREFIX', words: 'Only keys that begin so.' },
    after: { type: 'text', value: 'PLACE', words: 'Go on where a search before ended.' },
    limit: { type: 'whole', value: 'N', words: 'How many keys at most, 1 to 1000; 100 unless given.' },
  },
  run: async (args, { call }) => {
    const [text] = args.words;
    if (text === undefined) return err(usageError('Name the text to look for.', 'search'));
    const limit = args.whole('limit') ?? 100;
    let all: ResultOf<'objects.search'> | undefined;
    for (let after = args.text('after'); ; after = all.next ?? undefined) {
      const result = await call('objects.search', {
        ...indexOf(args),
        text,
        isGlob: args.has('glob'),
        ignoresCase: args.has('ignore-case'),
        limit: limit - (all?.hits.length ?? 0),
        ...given('prefix', args.text('prefix')),
        ...given('after', after),
      });
      if (!result.ok) return result;
      const { directories, directoryCount } = all ?? result.value;
      all = { ...result.value, directories, directoryCount, hits: [...(all?.hits ?? []), ...result.value.hits] };
      if (all.next === null || all.hits.length >= limit) break;
    }
    const found = all;
    return ok({ json: found, words: () => searchWords(found) });
  },
};

const showObject: Verb = {
  name: 'show-object',
  summary: 'Show every field of every version of a key.',
  usage: 'KEY --index FILE [--version-id ID]',
  methods: ['objects.show'],
  positionals: 1,
  flags: {
    ...INDEX_FLAGS,
    'version-id': { type: 'text', value: 'ID', words: 'Only this version; "null" for the null version.' },
    offset: { type: 'whole', value: 'N', words: 'How many versions to skip.' },
    limit: { type: 'whole', value: 'N', words: 'How many versions to show, at most 1000; 200 unless given.' },
    ...PRICE_REGION,
  },
  run: async (args, { call }) => {
    const [key] = args.words;
    if (key === undefined) return err(usageError('Name a key.', 'show-object'));
    const [offset, limit] = [args.whole('offset'), args.whole('limit')];
    const result = await call('objects.show', {
      ...indexOf(args),
      key,
      ...given('versionId', args.text('version-id')),
      ...given('region', args.text('region')),
      ...(offset === undefined ? {} : { offset }),
      ...(limit === undefined ? {} : { limit }),
    });
    return result.ok ? ok({ json: result.value, words: () => objectWords(result.value) }) : result;
  },
};

export const objectVerbs: readonly Verb[] = [search, showObject];
