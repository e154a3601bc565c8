import { err, ok } from '../../../contract/result.ts';
import { RIGHTS_PROFILES } from '../../../contract/rights.ts';
import { given } from '../flags.ts';
import { usageError } from '../parse.ts';
import type { Verb } from '../verb.ts';

const place = (text: string | undefined): string | undefined => text?.replace(/^s3:\/\//, '');

const rights: Verb = {
  name: 'rights',
  summary: 'Print the IAM document that a way of working needs.',
  usage: `${RIGHTS_PROFILES.join('|')} --bucket BUCKET`,
  methods: ['rights.document'],
  positionals: 1,
  flags: {
    bucket: { type: 'text', value: 'BUCKET', words: 'The bucket the rules are for.', required: true },
    region: { type: 'text', value: 'REGION', words: 'Its region; China and GovCloud spell names otherwise.' },
    inventory: { type: 'text', value: 'PLACE', words: 'read: where its inventory reports lie, such as s3://bucket/prefix/.' },
    'inventory-key': { type: 'text', value: 'ARN', words: 'read: the KMS key that encrypts them.' },
    account: { type: 'text', value: 'ACCOUNT', words: 'batch: the account, 12 digits.' },
    role: { type: 'text', value: 'ARN', words: 'batch: the role of the jobs.' },
    manifests: { type: 'text', value: 'PLACE', words: 'batch, batch-role: where manifests go.' },
    reports: { type: 'text', value: 'PLACE', words: 'batch, batch-role: where reports go.' },
  },
  run: async (args, { call, note }) => {
    const profile = RIGHTS_PROFILES.find((known) => known === args.words[0]);
    if (profile === undefined) return err(usageError(`Name what the rights are for: ${RIGHTS_PROFILES.join(', ')}.`, 'rights'));
    const result = await call('rights.document', {
      profile,
      bucket: args.must('bucket'),
      ...given('region', args.text('region')),
      ...given('inventory', place(args.text('inventory'))),
      ...given('inventoryKey', args.text('inventory-key')),
      ...given('account', args.text('account')),
      ...given('role', args.text('role')),
      ...given('manifests', place(args.text('manifests'))),
      ...given('reports', place(args.text('reports'))),
    });
    if (!result.ok) return result;
    // The document alone on standard output, so that it can be piped; why, beside it.
    for (const { sid, why, without } of result.value.reasons) note(`${sid}: ${why} Without it: ${without}`);
    return ok({ json: result.value, words: () => JSON.stringify(result.value.document, null, 2) });
  },
};

export const rightsVerbs: readonly Verb[] = [rights];
