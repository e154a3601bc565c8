import { err, ok } from '../../../contract/result.ts';
import { given, INDEX_FLAGS, indexOf, REMOTE_FLAGS, remoteOf } from '../flags.ts';
import { usageError } from '../parse.ts';
import type { Verb } from '../verb.ts';
import { pointersReadWords, pointersWords, trackersWords } from '../words/pointer-words.ts';

const pointers: Verb = {
  name: 'pointers',
  summary: 'List the small files that say which checkpoint is the last or the best; read them with --read.',
  usage: '--index FILE [--prefix PREFIX] [--read [--copy FOLDER]]',
  methods: ['pointers.list', 'pointers.read'],
  positionals: 0,
  flags: {
    ...INDEX_FLAGS,
    prefix: { type: 'text', value: 'PREFIX', words: 'Only what lies below this prefix.' },
    read: { type: 'switch', words: 'Read the listed files that were not read yet: one GetObject each, and nothing else.' },
    copy: { type: 'text', value: 'FOLDER', words: 'With --read: read them from a copy of the bucket on this machine.' },
    offset: { type: 'whole', value: 'N', words: 'How many to skip.' },
    limit: { type: 'whole', value: 'N', words: 'How many to list, at most 1000; 200 unless given.' },
    ...REMOTE_FLAGS,
  },
  run: async (args, { call, note }) => {
    const where = { ...indexOf(args), ...given('prefix', args.text('prefix')) };
    const copy = args.text('copy');
    if (copy !== undefined && !args.has('read')) return err(usageError('"--copy" goes with "--read".', 'pointers'));
    const read = args.has('read') ? await call('pointers.read', { ...where, ...given('copy', copy), remote: remoteOf(args) }) : undefined;
    if (read?.ok === false) return read;
    if (read) note(pointersReadWords(read.value));
    const [offset, limit] = [args.whole('offset'), args.whole('limit')];
    const list = await call('pointers.list', {
      ...where,
      ...(offset === undefined ? {} : { offset }),
      ...(limit === undefined ? {} : { limit }),
    });
    if (!list.ok) return list;
    return ok({ json: read ? { ...list.value, read: read.value } : list.value, words: () => pointersWords(list.value) });
  },
};

const trackers: Verb = {
  name: 'trackers',
  summary: 'Take in what MLflow or Weights & Biases exported: open runs, registered models, metrics by step.',
  usage: 'FILE --index FILE [--name NAME] | --index FILE --forget NAME',
  methods: ['trackers.import', 'trackers.forget'],
  positionals: 1,
  flags: {
    index: { type: 'text', value: 'FILE', words: 'The index file.', required: true },
    name: { type: 'text', value: 'NAME', words: 'What to call it; the name of the file unless given. The same name replaces.' },
    forget: { type: 'text', value: 'NAME', words: 'Take an export out again.' },
  },
  run: async (args, { call }) => {
    const index = args.must('index');
    const [file] = args.words;
    const forget = args.text('forget');
    if ((file === undefined) === (forget === undefined)) return err(usageError('Name a file, or an export with --forget.', 'trackers'));
    if (forget !== undefined) {
      const left = await call('trackers.forget', { index, name: forget });
      return left.ok ? ok({ json: left.value, words: () => trackersWords(left.value.trackers) }) : left;
    }
    const taken = await call('trackers.import', { index, file: file as string, ...given('name', args.text('name')) });
    return taken.ok ? ok({ json: taken.value, words: () => trackersWords([taken.value]) }) : taken;
  },
};

export const pointerVerbs: readonly Verb[] = [pointers, trackers];
