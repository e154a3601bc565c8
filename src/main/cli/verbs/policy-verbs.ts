import { PlanSchema } from '../../../contract/plan.ts';
import { err, ok } from '../../../contract/result.ts';
import { readJsonFile, writeJsonFile } from '../files.ts';
import { given, INDEX_FLAGS, indexOf, OTHER_PRICE_REGION, PRICE_REGION, REMOTE_FLAGS, remoteOf } from '../flags.ts';
import { usageError } from '../parse.ts';
import { readPolicyFile } from '../policy-file.ts';
import type { Flags, Verb } from '../verb.ts';
import { applyWords, configurationWords, journalWords, planWords, recommendationWords, simulationWords } from '../words/policy-words.ts';

const BUCKET: Flags = { bucket: { type: 'text', value: 'BUCKET', words: 'The bucket.', required: true } };
const POLICY: Flags = {
  policy: { type: 'text', value: 'FILE', words: 'The lifecycle configuration: JSON, XML, Terraform or CloudFormation.', required: true },
};

const recommend: Verb = {
  name: 'recommend',
  summary: 'Propose a lifecycle configuration for a snapshot.',
  usage: '--index FILE [--preset ml-basics] [-o policy.json]',
  methods: ['policy.recommend'],
  positionals: 0,
  flags: {
    ...INDEX_FLAGS,
    preset: { type: 'text', value: 'NAME', words: 'The preset; ml-basics unless named.' },
    output: { type: 'text', short: 'o', value: 'FILE', words: 'Write the configuration to this file.' },
  },
  run: async (args, { call, note }) => {
    const result = await call('policy.recommend', { ...indexOf(args), preset: args.text('preset') ?? 'ml-basics' });
    if (!result.ok) return result;
    const file = args.text('output');
    if (file !== undefined) {
      const written = await writeJsonFile(file, result.value.policy);
      if (!written.ok) return written;
      note(`Wrote ${file}.`);
    }
    return ok({ json: result.value, words: () => recommendationWords(result.value) });
  },
};

const simulate: Verb = {
  name: 'simulate',
  summary: 'Project what a configuration would cost and do, month by month.',
  usage: '--index FILE --policy FILE [--months 12]',
  methods: ['policy.simulate'],
  positionals: 0,
  flags: {
    ...INDEX_FLAGS,
    ...POLICY,
    months: { type: 'whole', value: 'N', words: 'How many months, 1 to 60; 12 unless given.' },
    ...PRICE_REGION,
  },
  run: async (args, { call }) => {
    const policy = await readPolicyFile(args.must('policy'));
    if (!policy.ok) return policy;
    const result = await call('policy.simulate', {
      ...indexOf(args),
      policy: policy.value.configuration,
      months: args.whole('months') ?? 12,
      ...given('region', args.text('region')),
    });
    return result.ok ? ok({ json: result.value, words: () => simulationWords(result.value) }) : result;
  },
};

const plan: Verb = {
  name: 'plan',
  summary: 'Plan a change to a bucket: read it, merge, compare; writes nothing to it.',
  usage: '--index FILE --bucket BUCKET --policy FILE -o plan.json',
  methods: ['policy.plan'],
  positionals: 0,
  flags: {
    ...INDEX_FLAGS,
    ...BUCKET,
    ...POLICY,
    output: { type: 'text', short: 'o', value: 'FILE', words: 'Write the plan to this file.' },
    'convert-legacy': { type: 'switch', words: 'Respell existing rules that use the legacy Prefix, with the same meaning.' },
    ...REMOTE_FLAGS,
    ...OTHER_PRICE_REGION,
  },
  run: async (args, { call }) => {
    const policy = await readPolicyFile(args.must('policy'));
    if (!policy.ok) return policy;
    const result = await call('policy.plan', {
      ...indexOf(args),
      bucket: args.must('bucket'),
      policy: policy.value.configuration,
      remote: remoteOf(args),
      convertLegacy: args.has('convert-legacy'),
      ...given('region', args.text('price-region')),
    });
    if (!result.ok) return result;
    const made = result.value;
    const file = args.text('output');
    if (file === undefined) return ok({ json: made, words: () => planWords(made, undefined) });
    const written = await writeJsonFile(file, made);
    if (!written.ok) return written;
    const { hash, changes, deletes, warnings } = made;
    const json = { plan: file, hash, bucket: made.target.bucket, changes, deletes, totals: made.effect.totals, warnings };
    return ok({ json, words: () => planWords(made, file) });
  },
};

const apply: Verb = {
  name: 'apply',
  summary: 'Write a reviewed plan to its bucket, read it back and compare.',
  usage: 'plan.json --hash HASH',
  methods: ['policy.apply'],
  positionals: 1,
  flags: {
    hash: { type: 'text', value: 'HASH', words: 'The hash that "isotherm plan" showed; it says which plan was reviewed.' },
    ...REMOTE_FLAGS,
  },
  run: async (args, { call }) => {
    const [file] = args.words;
    if (file === undefined) return err(usageError('Name the plan to apply, such as plan.json.', 'apply'));
    const hash = args.text('hash');
    if (hash === undefined)
      return err(usageError('"--hash HASH" is missing: give the hash that "isotherm plan" showed for this plan.', 'apply'));
    const read = await readJsonFile(file, PlanSchema, 'plan', 'PlanInvalid');
    if (!read.ok) return read;
    const result = await call('policy.apply', { plan: read.value, hash, remote: remoteOf(args) });
    return result.ok ? ok({ json: result.value, words: () => applyWords(result.value) }) : result;
  },
};

const rollback: Verb = {
  name: 'rollback',
  summary: 'Put back the configuration a journal entry saved. Deleted bytes stay deleted.',
  usage: '--bucket BUCKET --to JOURNAL_ID',
  methods: ['policy.rollback'],
  positionals: 0,
  flags: { ...BUCKET, to: { type: 'text', value: 'JOURNAL_ID', words: 'The journal entry to undo.', required: true }, ...REMOTE_FLAGS },
  run: async (args, { call }) => {
    const result = await call('policy.rollback', { bucket: args.must('bucket'), to: args.must('to'), remote: remoteOf(args) });
    return result.ok ? ok({ json: result.value, words: () => applyWords(result.value) }) : result;
  },
};

const journal: Verb = {
  name: 'journal',
  summary: 'List what was applied and rolled back, newest first.',
  usage: '[--bucket BUCKET]',
  methods: ['journal.list'],
  positionals: 0,
  flags: { bucket: { type: 'text', value: 'BUCKET', words: 'Only this bucket.' } },
  run: async (args, { call }) => {
    const result = await call('journal.list', given('bucket', args.text('bucket')));
    return result.ok ? ok({ json: result.value, words: () => journalWords(result.value) }) : result;
  },
};

const lifecycle: Verb = {
  name: 'lifecycle',
  summary: 'Show the lifecycle configuration a bucket has now.',
  usage: '--bucket BUCKET',
  methods: ['bucket.lifecycle'],
  positionals: 0,
  flags: { ...BUCKET, ...REMOTE_FLAGS },
  run: async (args, { call }) => {
    const result = await call('bucket.lifecycle', { bucket: args.must('bucket'), remote: remoteOf(args) });
    return result.ok ? ok({ json: result.value, words: () => configurationWords(result.value) }) : result;
  },
};

export const policyVerbs: readonly Verb[] = [recommend, simulate, plan, apply, rollback, journal, lifecycle];
