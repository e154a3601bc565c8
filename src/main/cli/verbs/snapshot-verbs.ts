import { err, ok } from '../../../contract/result.ts';
import { DIFF_DIMENSIONS } from '../../../contract/snapshots.ts';
import { given, INDEX_FLAGS, indexOf, REMOTE_FLAGS, remoteOf } from '../flags.ts';
import { usageError } from '../parse.ts';
import type { Verb } from '../verb.ts';
import { scanWords, snapshotsWords } from '../words/index-words.ts';
import { diffWords, dropWords } from '../words/snapshot-words.ts';

const snapshots: Verb = {
  name: 'snapshots',
  summary: 'List the snapshots of an index, or drop some of them.',
  usage: '--index FILE [--drop ID[,ID...] | --keep N]',
  methods: ['index.snapshots', 'snapshots.drop'],
  positionals: 0,
  flags: {
    index: INDEX_FLAGS.index!,
    drop: { type: 'text', value: 'ID[,ID...]', words: 'Take these snapshots out of the index and give their room back.' },
    keep: { type: 'whole', value: 'N', words: 'Drop all but the newest N snapshots of every bucket.' },
  },
  run: async (args, { call }) => {
    const index = args.must('index');
    const [named, keep] = [args.text('drop'), args.whole('keep')];
    if (named !== undefined && keep !== undefined) return err(usageError('Either --drop or --keep, not both.', 'snapshots'));
    const listed = await call('index.snapshots', { index });
    if (!listed.ok) return listed;
    if (named === undefined && keep === undefined) return ok({ json: listed.value, words: () => snapshotsWords(listed.value) });
    if (keep === 0) return err(usageError('"--keep" takes a number from 1; name what is to go with --drop.', 'snapshots', 'keep'));
    const older = (bucket: string, at: number): boolean =>
      listed.value.slice(0, at).filter((one) => one.bucket === bucket).length >= (keep ?? 0);
    const snapshotIds =
      named === undefined
        ? listed.value.filter(({ bucket }, at) => older(bucket, at)).map(({ snapshotId }) => snapshotId)
        : named.split(',').map((id) => id.trim());
    if (snapshotIds.length === 0) return ok({ json: { dropped: [], left: listed.value.length }, words: () => 'There is nothing to drop.' });
    const result = await call('snapshots.drop', { index, snapshotIds });
    return result.ok ? ok({ json: result.value, words: () => dropWords(result.value) }) : result;
  },
};

const diff: Verb = {
  name: 'diff',
  summary: 'Say what is different between two snapshots of a bucket: added, removed, replaced, moved to another class.',
  usage: `--index FILE --from ID --to ID [--by ${DIFF_DIMENSIONS.join('|')}] [--prefix PREFIX]`,
  methods: ['snapshots.diff'],
  positionals: 0,
  flags: {
    index: INDEX_FLAGS.index!,
    from: { type: 'text', value: 'ID', words: 'The earlier snapshot.', required: true },
    to: { type: 'text', value: 'ID', words: 'The later snapshot.', required: true },
    by: { type: 'text', value: 'DIMENSION', words: `${DIFF_DIMENSIONS.join(' or ')}; prefix unless named.`, choices: DIFF_DIMENSIONS },
    prefix: { type: 'text', value: 'PREFIX', words: 'Only keys that begin so, and by prefix what lies directly under it.' },
    limit: { type: 'whole', value: 'N', words: 'How many groups to show, those that changed most first; 200 unless given.' },
  },
  run: async (args, { call }) => {
    const by = (args.text('by') ?? 'prefix') as (typeof DIFF_DIMENSIONS)[number];
    const limit = args.whole('limit');
    const result = await call('snapshots.diff', {
      index: args.must('index'),
      from: args.must('from'),
      to: args.must('to'),
      by,
      ...given('prefix', args.text('prefix')),
      ...(limit === undefined ? {} : { limit }),
    });
    return result.ok ? ok({ json: result.value, words: () => diffWords(result.value, by) }) : result;
  },
};

const refresh: Verb = {
  name: 'refresh',
  summary: 'Scan again where a snapshot came from: a newer report, or the bucket. A report already known is left alone.',
  usage: '--index FILE [--snapshot ID]',
  methods: ['snapshots.refresh'],
  positionals: 0,
  flags: { ...INDEX_FLAGS, ...REMOTE_FLAGS },
  run: async (args, { call }) => {
    const remote = remoteOf(args);
    const result = await call('snapshots.refresh', { ...indexOf(args), ...(Object.keys(remote).length === 0 ? {} : { remote }) });
    return result.ok ? ok({ json: result.value, words: () => scanWords(result.value) }) : result;
  },
};

export const snapshotVerbs: readonly Verb[] = [snapshots, diff, refresh];
