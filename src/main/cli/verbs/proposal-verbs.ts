import * as v from 'valibot';
import {
  PROPOSAL_KINDS,
  PROPOSAL_SORTS,
  type ProposalKind,
  type ProposalOptions,
  ProposalOptionsSchema,
} from '../../../contract/proposals.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import { writeJsonFile } from '../files.ts';
import { given, INDEX_FLAGS, indexOf, PRICE_REGION } from '../flags.ts';
import { KEEP_FLAGS, keepPolicyOf } from '../keep-flags.ts';
import { usageError } from '../parse.ts';
import type { Args, Flags, Output, Verb, VerbContext } from '../verb.ts';
import { recommendationWords } from '../words/policy-words.ts';
import { compiledWords, duplicatesWords, proposalsWords } from '../words/proposal-words.ts';

const AGE_FLAGS = {
  'cold-days': ['coldDays', 'Not accessed for so many days: cold; 90 unless given.'],
  'log-days': ['logDays', 'Log days older than this go; 90 unless given. Audit logs move instead.'],
  'temporary-days': ['temporaryDays', 'What programs left behind goes after so many days; 7 unless given.'],
  'noncurrent-days': ['noncurrentDays', 'What was replaced or deleted goes after so many days; 30 unless given.'],
  'upload-days': ['uploadDays', 'Uploads that were never ended go after so many days; 7 unless given.'],
  'undo-days': ['undoDays', 'What is hidden can be brought back for so many days; 14 unless given.'],
} as const satisfies Record<string, readonly [keyof ProposalOptions, string]>;

const OPTION_FLAGS: Flags = {
  ...Object.fromEntries(Object.entries(AGE_FLAGS).map(([flag, [, words]]) => [flag, { type: 'whole' as const, value: 'DAYS', words }])),
  ...KEEP_FLAGS,
};

function optionsOf(args: Args, verb: string): Result<ProposalOptions> {
  const policy = keepPolicyOf(args, verb);
  if (!policy.ok) return policy;
  const options: Record<string, unknown> = policy.value === undefined ? {} : { policy: policy.value };
  for (const [flag, [name]] of Object.entries(AGE_FLAGS)) if (args.whole(flag) !== undefined) options[name] = args.whole(flag);
  const parsed = v.safeParse(ProposalOptionsSchema, options);
  return parsed.success
    ? ok(parsed.output)
    : err(usageError(`${v.getDotPath(parsed.issues[0]) ?? 'an age'}: ${parsed.issues[0].message}.`, verb));
}

const recommend: Verb = {
  name: 'recommend',
  summary: 'Propose what can go or become cold, with what it saves and what stays; or a lifecycle configuration as a preset.',
  usage: '--kind KIND [--index FILE] [keep policy] | --index FILE [--preset ml-basics] [-o policy.json]',
  methods: ['policy.recommend', 'recommend.list'],
  positionals: 0,
  flags: {
    ...INDEX_FLAGS,
    index: { type: 'text', value: 'FILE', words: 'The index file; with --kind, the built-in sample unless named.' },
    kind: { type: 'text', value: 'KIND', words: `One of ${PROPOSAL_KINDS.join(', ')}, or all.`, choices: [...PROPOSAL_KINDS, 'all'] },
    prefix: { type: 'text', value: 'PREFIX', words: 'With --kind: only what lies below this prefix.' },
    sort: { type: 'text', value: 'KEY', words: `One of ${PROPOSAL_SORTS.join(', ')}; saving unless named.`, choices: PROPOSAL_SORTS },
    offset: { type: 'whole', value: 'N', words: 'How many to skip.' },
    limit: { type: 'whole', value: 'N', words: 'How many to list, at most 1000; 20 unless given.' },
    ...OPTION_FLAGS,
    ...PRICE_REGION,
    preset: { type: 'text', value: 'NAME', words: 'The preset; ml-basics unless named.' },
    output: { type: 'text', short: 'o', value: 'FILE', words: 'Write the configuration of the preset to this file.' },
  },
  run: (args, context) => (args.text('kind') === undefined ? preset(args, context) : proposals(args, context)),
};

async function preset(args: Args, { call, note }: VerbContext): Promise<Result<Output>> {
  if (args.text('index') === undefined) return err(usageError('"--index" is missing.', 'recommend'));
  const result = await call('policy.recommend', { ...indexOf(args), preset: args.text('preset') ?? 'ml-basics' });
  if (!result.ok) return result;
  const file = args.text('output');
  if (file !== undefined) {
    const written = await writeJsonFile(file, result.value.policy);
    if (!written.ok) return written;
    note(`Wrote ${file}.`);
  }
  return ok({ json: result.value, words: () => recommendationWords(result.value) });
}

async function proposals(args: Args, { call, note }: VerbContext): Promise<Result<Output>> {
  const options = optionsOf(args, 'recommend');
  if (!options.ok) return options;
  let at: { readonly index: string; readonly snapshotId?: string };
  if (args.text('index') === undefined) {
    // A newcomer has no index yet.
    const sample = await call('sample.open', {});
    if (!sample.ok) return sample;
    at = sample.value;
    note('No index was named: this is the built-in sample.');
  } else at = indexOf(args);
  const kind = args.text('kind') as ProposalKind | 'all';
  const offset = args.whole('offset');
  const answer = await call('recommend.list', {
    ...at,
    ...(kind === 'all' ? {} : { kinds: [kind] }),
    ...given('prefix', args.text('prefix')),
    ...given('region', args.text('region')),
    options: options.value,
    sort: (args.text('sort') ?? 'saving') as (typeof PROPOSAL_SORTS)[number],
    limit: args.whole('limit') ?? 20,
    ...(offset === undefined ? {} : { offset }),
  });
  return answer.ok ? ok({ json: answer.value, words: () => proposalsWords(answer.value) }) : answer;
}

/** Every proposal of a kind, page by page. */
async function idsOf(kind: ProposalKind, at: object, call: VerbContext['call']): Promise<Result<string[]>> {
  const ids: string[] = [];
  for (;;) {
    const page = await call('recommend.list', {
      ...(at as { index: string }),
      kinds: [kind],
      sort: 'path',
      offset: ids.length,
      limit: 1000,
    });
    if (!page.ok) return page;
    ids.push(...page.value.proposals.map(({ id }) => id));
    if (ids.length >= page.value.total || page.value.proposals.length === 0) return ok(ids);
  }
}

const toRules: Verb = {
  name: 'to-rules',
  summary: 'Turn proposals into the fewest rules and lists that do exactly that, and prove it on the index.',
  usage: '[PROPOSAL...] [--kind KIND] --index FILE [--lists FOLDER] [-o policy.json]',
  methods: ['recommend.basket', 'recommend.compile'],
  positionals: 1000,
  flags: {
    ...INDEX_FLAGS,
    kind: { type: 'text', value: 'KIND', words: 'Every proposal of this kind.', choices: PROPOSAL_KINDS },
    lists: { type: 'text', value: 'FOLDER', words: 'Write lists of versions into this folder.' },
    'prefix-rules': { type: 'whole', value: 'N', words: 'Whole directories get a rule of their own up to so many; 100 unless given.' },
    'delete-list': { type: 'switch', words: 'No rule: a list of versions for review.' },
    output: { type: 'text', short: 'o', value: 'FILE', words: 'Write the configuration to this file.' },
    ...OPTION_FLAGS,
    ...PRICE_REGION,
  },
  run: async (args, { call, note }) => {
    const options = optionsOf(args, 'to-rules');
    if (!options.ok) return options;
    const where = { ...indexOf(args), options: options.value };
    const region = given('region', args.text('region'));
    const kind = args.text('kind') as ProposalKind | undefined;
    const more = kind === undefined ? ok([]) : await idsOf(kind, { ...where, ...region }, call);
    if (!more.ok) return more;
    const ids = [...args.words, ...more.value];
    if (ids.length === 0 && kind === undefined) return err(usageError('Name proposals, or a kind with --kind.', 'to-rules'));
    const basket = await call('recommend.basket', { ...where, ...region, ids });
    if (!basket.ok) return basket;
    const rules = args.whole('prefix-rules');
    const compiled = await call('recommend.compile', {
      ...where,
      ids,
      ...given('folder', args.text('lists')),
      ...(rules === undefined ? {} : { prefixRules: rules }),
      asDeleteList: args.has('delete-list'),
    });
    if (!compiled.ok) return compiled;
    const file = args.text('output');
    if (file !== undefined) {
      const written = await writeJsonFile(file, compiled.value.policy);
      if (!written.ok) return written;
      note(`Wrote ${file}.`);
    }
    return ok({
      json: { basket: basket.value, ...compiled.value },
      words: () => compiledWords(compiled.value, basket.value),
      exit: compiled.value.proof.isExact ? undefined : 3,
    });
  },
};

const duplicates: Verb = {
  name: 'duplicates',
  summary: 'Find objects whose bytes are there more than once, by size and ETag, and what the copies cost.',
  usage: '--index FILE [--prefix PREFIX] [--least-bytes N]',
  methods: ['recommend.duplicates'],
  positionals: 0,
  flags: {
    ...INDEX_FLAGS,
    prefix: { type: 'text', value: 'PREFIX', words: 'Only contents of which one copy at least lies below this prefix.' },
    'least-bytes': { type: 'whole', value: 'N', words: 'Smaller objects are not compared; 1048576 unless given.' },
    offset: { type: 'whole', value: 'N', words: 'How many groups to skip.' },
    limit: { type: 'whole', value: 'N', words: 'How many groups to list, at most 1000; 20 unless given.' },
    ...PRICE_REGION,
  },
  run: async (args, { call }) => {
    const [least, offset] = [args.whole('least-bytes'), args.whole('offset')];
    const answer = await call('recommend.duplicates', {
      ...indexOf(args),
      ...given('prefix', args.text('prefix')),
      ...(least === undefined ? {} : { leastBytes: least }),
      ...given('region', args.text('region')),
      ...(offset === undefined ? {} : { offset }),
      limit: args.whole('limit') ?? 20,
    });
    return answer.ok ? ok({ json: answer.value, words: () => duplicatesWords(answer.value) }) : answer;
  },
};

export const proposalVerbs: readonly Verb[] = [recommend, duplicates, toRules];
