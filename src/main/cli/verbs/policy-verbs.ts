import { ok } from '../../../contract/result.ts';
import { writeJsonFile } from '../files.ts';
import { given, INDEX_FLAGS, indexOf, PRICE_REGION } from '../flags.ts';
import { readPolicyFile } from '../policy-file.ts';
import type { Flags, Verb } from '../verb.ts';
import { recommendationWords, simulationWords } from '../words/policy-words.ts';

export const POLICY: Flags = {
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

export const policyVerbs: readonly Verb[] = [recommend, simulate];
