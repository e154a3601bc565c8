import { ok } from '../../../contract/result.ts';
import { given, INDEX_FLAGS, indexOf } from '../flags.ts';
import type { Verb } from '../verb.ts';
import { uploadsWords } from '../words/upload-words.ts';

const uploads: Verb = {
  name: 'uploads',
  summary: 'List incomplete multipart uploads: billed, and in no listing of objects.',
  usage: '--index FILE [--prefix PREFIX]',
  methods: ['uploads.list'],
  positionals: 0,
  flags: {
    ...INDEX_FLAGS,
    prefix: { type: 'text', value: 'PREFIX', words: 'Only keys that begin so.' },
    offset: { type: 'whole', value: 'N', words: 'How many to skip.' },
    limit: { type: 'whole', value: 'N', words: 'How many to list, at most 1000; 200 unless given.' },
  },
  run: async (args, { call }) => {
    const [offset, limit] = [args.whole('offset'), args.whole('limit')];
    const result = await call('uploads.list', {
      ...indexOf(args),
      ...given('prefix', args.text('prefix')),
      ...(offset === undefined ? {} : { offset }),
      ...(limit === undefined ? {} : { limit }),
    });
    return result.ok ? ok({ json: result.value, words: () => uploadsWords(result.value) }) : result;
  },
};

export const uploadVerbs: readonly Verb[] = [uploads];
