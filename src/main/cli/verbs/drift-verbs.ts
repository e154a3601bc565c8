import { PATCH_FORMATS } from '../../../contract/methods/drift.ts';
import { err, ok } from '../../../contract/result.ts';
import { ALARMING_SCORE } from '../../../core/apply/red-flags.ts';
import { given, REMOTE_FLAGS, remoteOf } from '../flags.ts';
import { usageError } from '../parse.ts';
import type { Verb } from '../verb.ts';
import { driftWords } from '../words/drift-words.ts';
import { readPlan } from './apply-verbs.ts';

const drift: Verb = {
  name: 'drift',
  summary: 'Compare buckets with what was last applied to them, and score every rule for accidents and attacks.',
  usage: '[--bucket BUCKET] [--alarm SCORE]',
  methods: ['drift.check'],
  positionals: 0,
  flags: {
    bucket: { type: 'text', value: 'BUCKET', words: 'This bucket; every bucket of the journal unless named.' },
    alarm: { type: 'whole', value: 'SCORE', words: `From which score on a rule is bad news by itself; ${ALARMING_SCORE} unless given.` },
    ...REMOTE_FLAGS,
  },
  run: async (args, { call }) => {
    const result = await call('drift.check', { ...given('bucket', args.text('bucket')), remote: remoteOf(args) });
    if (!result.ok) return result;
    const { reports, unreadable } = result.value;
    const alarm = args.whole('alarm') ?? ALARMING_SCORE;
    const isBad = reports.some(({ drifted, redFlags }) => drifted || redFlags.some(({ score }) => score >= alarm));
    return ok({ json: result.value, words: () => driftWords(result.value), exit: isBad || unreadable.length > 0 ? 3 : undefined });
  },
};

const patch: Verb = {
  name: 'patch',
  summary: 'Write the change of a plan for the tool that manages its bucket, instead of writing it to the bucket.',
  usage: 'plan.json [--format terraform]',
  methods: ['plan.patch'],
  positionals: 1,
  flags: {
    format: { type: 'text', value: 'FORMAT', words: 'By default that of the tool the bucket names.', choices: PATCH_FORMATS },
    whole: { type: 'switch', words: 'Print all of what the tool shall have, not the difference.' },
  },
  run: async (args, { call, note }) => {
    const [file] = args.words;
    if (file === undefined) return err(usageError('Name the plan, such as plan.json.', 'patch'));
    const plan = await readPlan(file);
    if (!plan.ok) return plan;
    const format = PATCH_FORMATS.find((known) => known === args.text('format'));
    const result = await call('plan.patch', { plan: plan.value, ...(format === undefined ? {} : { format }) });
    if (!result.ok) return result;
    const { diff, text, notes } = result.value;
    for (const line of notes) note(line);
    return ok({ json: result.value, words: () => (args.has('whole') ? text : diff).replace(/\n$/, '') });
  },
};

export const driftVerbs: readonly Verb[] = [drift, patch];
