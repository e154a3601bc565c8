import { MINIMUM_SIZES } from '../../../contract/lifecycle.ts';
import { ok } from '../../../contract/result.ts';
import { given, INDEX_FLAGS, indexOf, PRICE_REGION } from '../flags.ts';
import { readPolicyFile } from '../policy-file.ts';
import { dayFlag } from '../simulation-flags.ts';
import type { Verb } from '../verb.ts';
import { impactWords } from '../words/impact-words.ts';

const NO_RULES = { configuration: null, minimumSize: MINIMUM_SIZES[0] };

const impact: Verb = {
  name: 'impact',
  summary: 'Tell what one configuration after another would change: who is removed or moved earlier, later, newly, no longer.',
  usage: '--index FILE --policy FILE [--current FILE]',
  methods: ['policy.impact'],
  positionals: 0,
  flags: {
    ...INDEX_FLAGS,
    policy: { type: 'text', value: 'FILE', words: 'The proposed configuration: JSON, XML, Terraform or CloudFormation.', required: true },
    current: { type: 'text', value: 'FILE', words: 'The configuration it comes after; no rules without it.' },
    'as-of': { type: 'text', value: 'DAY', words: 'The day the proposed one is put; the day of the snapshot unless given.' },
    versioning: {
      type: 'text',
      value: 'STATE',
      words: 'unversioned, enabled or suspended; as the report suggests unless given.',
      choices: ['unversioned', 'enabled', 'suspended'],
    },
    months: { type: 'whole', value: 'N', words: 'Days are told for so many calendar months, 1 to 60; 12 unless given.' },
    ...PRICE_REGION,
  },
  run: async (args, { call }) => {
    const proposed = await readPolicyFile(args.must('policy'));
    if (!proposed.ok) return proposed;
    const file = args.text('current');
    const current = file === undefined ? ok({ ...NO_RULES }) : await readPolicyFile(file);
    if (!current.ok) return current;
    const asOf = dayFlag(args, 'as-of');
    if (!asOf.ok) return asOf;
    const result = await call('policy.impact', {
      ...indexOf(args),
      current: { ...current.value, minimumSize: current.value.minimumSize ?? MINIMUM_SIZES[0] },
      proposed: { ...proposed.value, minimumSize: proposed.value.minimumSize ?? MINIMUM_SIZES[0] },
      months: args.whole('months') ?? 12,
      ...given('asOf', asOf.value),
      ...(given('versioning', args.text('versioning')) as { versioning?: 'unversioned' | 'enabled' | 'suspended' }),
      ...given('region', args.text('region')),
    });
    return result.ok ? ok({ json: result.value, words: () => impactWords(result.value) }) : result;
  },
};

export const impactVerbs: readonly Verb[] = [impact];
