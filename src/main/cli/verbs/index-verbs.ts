import { DIMENSIONS, type Dimension, SORT_KEYS } from '../../../contract/index-views.ts';
import type { Source } from '../../../contract/methods/sources.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import { isTableAddress } from '../../../core/sql-rollup/address.ts';
import { given, INDEX_FLAGS, indexOf, OTHER_PRICE_REGION, PRICE_REGION, REMOTE_FLAGS, remoteOf } from '../flags.ts';
import { usageError } from '../parse.ts';
import { CONFIRM_FLAGS, confirmOf, TABLE_FLAGS, tableOf } from '../table-flags.ts';
import type { Args, Flags, Verb } from '../verb.ts';
import { childrenWords, mapWords, pivotWords, scanWords, summaryWords } from '../words/index-words.ts';
import { paragraphs } from '../words/table.ts';
import { tagWords } from '../words/tag-words.ts';

const PREFIX: Flags = { prefix: { type: 'text', value: 'PREFIX', words: 'Only what lies below this prefix.' } };
type SortKey = (typeof SORT_KEYS)[number];

function sourceOf(args: Args): Result<Source> {
  const [location] = args.words;
  const listed = args.text('list');
  const report = args.text('report');
  const remote = remoteOf(args);
  if (location !== undefined && listed === undefined && isTableAddress(location))
    return ok({ kind: 'table', ...tableOf(location, args), ...confirmOf(args) });
  if (listed === undefined) {
    if (args.has('current-only')) return err(usageError('"--current-only" goes with --list.', 'scan'));
    if (location === undefined) return err(usageError('Name an inventory (a path or s3://bucket/prefix/), or --list s3://bucket.', 'scan'));
    return ok({ kind: 'inventory', location, remote, ...given('report', report) });
  }
  if (location !== undefined) return err(usageError(`Either an inventory or --list, not both: "${location}".`, 'scan'));
  if (report !== undefined) return err(usageError('"--report" names an inventory report; a listing has none.', 'scan'));
  const [, bucket, prefix] = /^(?:s3:\/\/)?([^/]+)\/?(.*)$/s.exec(listed) ?? [];
  if (bucket === undefined) return err(usageError(`"--list" takes s3://bucket, not "${listed}".`, 'scan'));
  const currentOnly = args.has('current-only') ? { currentOnly: true } : {};
  return ok({ kind: 'listing', bucket, remote, ...given('prefix', prefix || undefined), ...currentOnly });
}

const scan: Verb = {
  name: 'scan',
  summary: 'Read an S3 Inventory report, list a bucket, or roll up a table of Athena or Trino, into an index.',
  usage: '<source> --index FILE | --list s3://bucket --index FILE | athena://… or trino://… --index FILE',
  methods: ['index.scan'],
  positionals: 1,
  flags: {
    index: { type: 'text', value: 'FILE', words: 'The index file; made when it does not exist, else it gains a snapshot.', required: true },
    list: { type: 'text', value: 's3://BUCKET', words: 'List this bucket live instead of reading an inventory.' },
    'current-only': { type: 'switch', words: 'With --list: objects as they are now, where the right to list versions is missing.' },
    'no-classify': { type: 'switch', words: 'Do not tell objects apart by what they are: faster, and everything counts as "other".' },
    tags: { type: 'switch', words: 'Read the tags of what was scanned too: one request for each version. Goes on where it was stopped.' },
    prefix: { type: 'text', value: 'PREFIX', words: 'With --tags: only of keys that begin so.' },
    report: { type: 'text', value: 'NAME', words: 'The report to take, by its timestamp folder; the newest complete one unless named.' },
    ...REMOTE_FLAGS,
    ...OTHER_PRICE_REGION,
    ...TABLE_FLAGS,
    ...CONFIRM_FLAGS,
  },
  run: async (args, { call }) => {
    if (args.has('prefix') && !args.has('tags'))
      return err(usageError('"--prefix" goes with --tags; a listing takes its prefix with --list.', 'scan'));
    const source = sourceOf(args);
    if (!source.ok) return source;
    // The region of a store that is not AWS has no price list.
    const region = args.text('price-region') ?? (args.text('endpoint') === undefined ? args.text('region') : undefined);
    const result = await call('index.scan', {
      source: source.value,
      index: args.must('index'),
      classify: !args.has('no-classify'),
      ...given('region', region),
    });
    if (!result.ok) return result;
    if (!args.has('tags')) return ok({ json: result.value, words: () => scanWords(result.value) });
    const tags = await call('tags.read', {
      index: args.must('index'),
      snapshotId: result.value.snapshotId,
      ...given('prefix', args.text('prefix')),
      remote: remoteOf(args),
    });
    if (!tags.ok) return tags;
    return ok({ json: { ...result.value, tags: tags.value }, words: () => paragraphs(scanWords(result.value), tagWords(tags.value)) });
  },
};

const summary: Verb = {
  name: 'summary',
  summary: 'Sum up a snapshot: versions, bytes and monthly cost.',
  usage: `--index FILE [--by ${DIMENSIONS.join('|')}]`,
  methods: ['index.summary'],
  positionals: 0,
  flags: {
    ...INDEX_FLAGS,
    by: {
      type: 'text',
      value: 'DIMENSION',
      words: `What to group by: ${DIMENSIONS.join(', ')}; category unless named.`,
      choices: DIMENSIONS,
    },
    ...PREFIX,
    ...PRICE_REGION,
  },
  run: async (args, { call }) => {
    const by = (args.text('by') ?? 'category') as Dimension;
    const result = await call('index.summary', {
      ...indexOf(args),
      by,
      ...given('prefix', args.text('prefix')),
      ...given('region', args.text('region')),
    });
    return result.ok ? ok({ json: result.value, words: () => summaryWords(result.value, by) }) : result;
  },
};

const pivot: Verb = {
  name: 'pivot',
  summary: 'Sum up a snapshot by two dimensions at once.',
  usage: '--index FILE --row DIMENSION --column DIMENSION',
  methods: ['index.pivot'],
  positionals: 0,
  flags: {
    ...INDEX_FLAGS,
    row: { type: 'text', value: 'DIMENSION', words: `One of ${DIMENSIONS.join(', ')}.`, required: true, choices: DIMENSIONS },
    column: { type: 'text', value: 'DIMENSION', words: `One of ${DIMENSIONS.join(', ')}.`, required: true, choices: DIMENSIONS },
    ...PREFIX,
    ...PRICE_REGION,
  },
  run: async (args, { call }) => {
    const [row, column] = [args.must('row') as Dimension, args.must('column') as Dimension];
    const result = await call('index.pivot', {
      ...indexOf(args),
      row,
      column,
      ...given('prefix', args.text('prefix')),
      ...given('region', args.text('region')),
    });
    return result.ok ? ok({ json: result.value, words: () => pivotWords(result.value, row, column) }) : result;
  },
};

const tree: Verb = {
  name: 'tree',
  summary: 'List what lies directly under a prefix.',
  usage: '--index FILE [--prefix PREFIX]',
  methods: ['tree.children'],
  positionals: 0,
  flags: {
    ...INDEX_FLAGS,
    prefix: { type: 'text', value: 'PREFIX', words: 'The directory to list, ending in "/"; the root unless named.' },
    sort: { type: 'text', value: 'KEY', words: `One of ${SORT_KEYS.join(', ')}; bytes unless named.`, choices: SORT_KEYS },
    ascending: { type: 'switch', words: 'Smallest first.' },
    offset: { type: 'whole', value: 'N', words: 'How many to skip.' },
    limit: { type: 'whole', value: 'N', words: 'How many to list, at most 1000; 200 unless given.' },
    ...PRICE_REGION,
  },
  run: async (args, { call }) => {
    const [offset, limit] = [args.whole('offset'), args.whole('limit')];
    const result = await call('tree.children', {
      ...indexOf(args),
      prefix: args.text('prefix') ?? '',
      sort: (args.text('sort') ?? 'bytes') as SortKey,
      descending: !args.has('ascending'),
      ...(offset === undefined ? {} : { offset }),
      ...(limit === undefined ? {} : { limit }),
      ...given('region', args.text('region')),
    });
    return result.ok ? ok({ json: result.value, words: () => childrenWords(result.value) }) : result;
  },
};

const map: Verb = {
  name: 'map',
  summary: 'Show the largest directories level by level.',
  usage: '--index FILE [--prefix PREFIX] [--depth N]',
  methods: ['tree.map'],
  positionals: 0,
  flags: {
    ...INDEX_FLAGS,
    prefix: { type: 'text', value: 'PREFIX', words: 'Where to begin, ending in "/"; the root unless named.' },
    depth: { type: 'whole', value: 'N', words: 'How many levels, 1 to 6; 3 unless given.' },
    limit: { type: 'whole', value: 'N', words: 'How many directories in all, at most 5000; 50 unless given.' },
    ...PRICE_REGION,
  },
  run: async (args, { call }) => {
    const depth = args.whole('depth');
    const result = await call('tree.map', {
      ...indexOf(args),
      prefix: args.text('prefix') ?? '',
      limit: args.whole('limit') ?? 50,
      ...(depth === undefined ? {} : { depth }),
      ...given('region', args.text('region')),
    });
    return result.ok ? ok({ json: result.value, words: () => mapWords(result.value) }) : result;
  },
};

export const indexVerbs: readonly Verb[] = [scan, summary, pivot, tree, map];
