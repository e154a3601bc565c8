import { ok } from '../../../contract/result.ts';
import { given, INDEX_FLAGS, indexOf, PRICE_REGION } from '../flags.ts';
import type { Verb } from '../verb.ts';
import { reconciliationWords } from '../words/reconcile-words.ts';

const reconcile: Verb = {
  name: 'reconcile',
  summary: 'Hold the index against what CloudWatch measured and what AWS billed, and show the gap that nothing explains.',
  usage: '--index FILE [--cloudwatch FILE] [--cur FILE,…] [--month 2026-11]',
  methods: ['reconcile.check'],
  positionals: 0,
  flags: {
    ...INDEX_FLAGS,
    cloudwatch: {
      type: 'text',
      value: 'FILE',
      words: 'BucketSizeBytes: output of "aws cloudwatch get-metric-data", each query labelled with its storage type, or a CSV.',
    },
    cur: { type: 'text', value: 'FILE,…', words: 'A Cost and Usage Report with resource IDs: CSV, gzipped CSV or Parquet.' },
    month: { type: 'text', value: 'MONTH', words: 'The month of the bill; that of the snapshot unless given.' },
    ...PRICE_REGION,
  },
  run: async (args, { call }) => {
    const files = args
      .text('cur')
      ?.split(',')
      .filter((file) => file !== '');
    const made = await call('reconcile.check', {
      ...indexOf(args),
      ...given('region', args.text('region')),
      ...given('cloudWatch', args.text('cloudwatch')),
      ...(files === undefined ? {} : { bill: files }),
      ...given('month', args.text('month')),
    });
    return made.ok ? ok({ json: made.value, words: () => reconciliationWords(made.value) }) : made;
  },
};

export const reconcileVerbs: readonly Verb[] = [reconcile];
