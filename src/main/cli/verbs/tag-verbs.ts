import { ok } from '../../../contract/result.ts';
import { given, INDEX_FLAGS, indexOf, REMOTE_FLAGS, remoteOf } from '../flags.ts';
import type { Verb } from '../verb.ts';
import { tagWords } from '../words/tag-words.ts';

const tags: Verb = {
  name: 'tags',
  summary: 'Read the tags of the versions of a snapshot, one request each, or say how far they are known.',
  usage: '--index FILE [--read] [--prefix PREFIX]',
  methods: ['tags.read', 'tags.coverage'],
  positionals: 0,
  flags: {
    ...INDEX_FLAGS,
    read: { type: 'switch', words: 'Ask for those that are not known; goes on where it was stopped.' },
    prefix: { type: 'text', value: 'PREFIX', words: 'With --read: only of keys that begin so.' },
    'per-second': { type: 'whole', value: 'N', words: 'With --read: how many requests a second at most; 500 unless given.' },
    ...REMOTE_FLAGS,
  },
  run: async (args, { call }) => {
    const perSecond = args.whole('per-second');
    const result = args.has('read')
      ? await call('tags.read', {
          ...indexOf(args),
          ...given('prefix', args.text('prefix')),
          ...(perSecond === undefined ? {} : { perSecond }),
          remote: remoteOf(args),
        })
      : await call('tags.coverage', indexOf(args));
    return result.ok ? ok({ json: result.value, words: () => tagWords(result.value) }) : result;
  },
};

export const tagVerbs: readonly Verb[] = [tags];
