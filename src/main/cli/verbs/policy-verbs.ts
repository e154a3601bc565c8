import { ok } from '../../../contract/result.ts';
import { writeJsonFile } from '../files.ts';
import { INDEX_FLAGS, indexOf } from '../flags.ts';
import type { Flags, Verb } from '../verb.ts';
import { recommendationWords } from '../words/policy-words.ts';

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

export const policyVerbs: readonly Verb[] = [recommend];
