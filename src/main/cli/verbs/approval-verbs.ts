import * as v from 'valibot';
import { JobPlanSchema } from '../../../contract/batch-job.ts';
import { type Limits, PlanSchema } from '../../../contract/plan.ts';
import { err, ok } from '../../../contract/result.ts';
import { readSealedFile, writeJsonFile } from '../files.ts';
import { given } from '../flags.ts';
import { usageError } from '../parse.ts';
import { PASSPHRASE, passphraseOf } from '../passphrase.ts';
import type { Flags, Verb } from '../verb.ts';
import { approvalWords, approversWords, keysWords, limitsWords } from '../words/approval-words.ts';

const INDEX: Flags = { index: { type: 'text', value: 'FILE', words: 'The workspace.', required: true } };
const keys: Verb = {
  name: 'keys',
  summary: 'List the signing keys of this machine, or make one.',
  usage: '[--make NAME]',
  methods: ['keys.list', 'keys.make'],
  positionals: 0,
  flags: { make: { type: 'text', value: 'NAME', words: 'Make a key pair for the person of this name.' }, ...PASSPHRASE },
  run: async (args, { call }) => {
    const name = args.text('make');
    if (name === undefined) {
      const listed = await call('keys.list', {});
      return listed.ok ? ok({ json: listed.value, words: () => keysWords(listed.value) }) : listed;
    }
    const passphrase = await passphraseOf(args);
    if (!passphrase.ok) return passphrase;
    const made = await call('keys.make', { name, ...given('passphrase', passphrase.value) });
    return made.ok ? ok({ json: made.value, words: () => keysWords([made.value]) }) : made;
  },
};

const approvers: Verb = {
  name: 'approvers',
  summary: 'List whose approvals a workspace takes; add or remove one.',
  usage: '--index FILE [--add LINE | --remove KEY]',
  methods: ['approvers.list', 'approvers.add', 'approvers.remove'],
  positionals: 0,
  flags: {
    ...INDEX,
    add: { type: 'text', value: 'LINE', words: 'The line that "isotherm keys" shows on the machine of the approver.' },
    remove: { type: 'text', value: 'KEY', words: 'The id of a key.' },
  },
  run: async (args, { call }) => {
    const index = args.must('index');
    const line = args.text('add');
    const keyId = args.text('remove');
    if (line !== undefined && keyId !== undefined) return err(usageError('Give --add or --remove, not both.', 'approvers'));
    const listed =
      line !== undefined
        ? await call('approvers.add', { index, line })
        : keyId !== undefined
          ? await call('approvers.remove', { index, keyId })
          : await call('approvers.list', { index });
    return listed.ok ? ok({ json: listed.value, words: () => approversWords(listed.value) }) : listed;
  },
};

/** Flag, bound, and how its text is read; "none" takes a bound away. */
const BOUNDS: readonly (readonly [flag: string, name: keyof Limits, read: (text: string) => number | string | undefined])[] = [
  ['max-percent', 'maxDestroyedPercent', (text) => (/^\d+(\.\d+)?$/.test(text) && Number(text) <= 100 ? Number(text) : undefined)],
  ['max-versions', 'maxDestroyedVersions', whole],
  ['max-age-hours', 'maxSnapshotAgeHours', whole],
  ['approve-above-bytes', 'approveAboveBytes', whole],
  ['approve-above-usd', 'approveAboveNanoUsd', dollars],
  ['cool-off-hours', 'coolOffHours', whole],
];

function whole(text: string): number | undefined {
  return /^\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
}

/** "12.5" as nano-dollars. */
function dollars(text: string): string | undefined {
  const [, units, fraction = ''] = /^(\d+)(?:\.(\d{1,9}))?$/.exec(text) ?? [];
  return units === undefined ? undefined : (BigInt(units) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'))).toString();
}

const limits: Verb = {
  name: 'limits',
  summary: 'Show how far a plan of this workspace may go, and when a second person has to approve; change it.',
  usage: '--index FILE [--max-percent P] [--approve-above-usd D] …',
  methods: ['limits.get', 'limits.set'],
  positionals: 0,
  flags: {
    ...INDEX,
    'max-percent': {
      type: 'text',
      value: 'P',
      words: 'Refuse plans that would delete more of the bytes, in percent; "none" for no limit.',
    },
    'max-versions': { type: 'text', value: 'N', words: 'Refuse plans that would delete more versions.' },
    'max-age-hours': { type: 'text', value: 'N', words: 'Refuse to apply a plan whose snapshot is older.' },
    'approve-above-bytes': { type: 'text', value: 'N', words: 'A second person approves plans that would delete more bytes.' },
    'approve-above-usd': { type: 'text', value: 'D', words: 'A second person approves plans with higher one-time charges.' },
    'cool-off-hours': { type: 'text', value: 'N', words: 'Rules that delete stand disabled, or on a canary prefix, that long first.' },
  },
  run: async (args, { call }) => {
    const index = args.must('index');
    const set: Record<string, number | string | null> = {};
    for (const [flag, name, read] of BOUNDS) {
      const text = args.text(flag);
      if (text === undefined) continue;
      const value = text === 'none' ? null : read(text);
      if (value === undefined) return err(usageError(`"--${flag}" takes a number or "none", not "${text}".`, 'limits'));
      set[name] = value;
    }
    const shown =
      Object.keys(set).length === 0
        ? await call('limits.get', { index })
        : await call('limits.set', { index, limits: set as Partial<Limits> });
    return shown.ok ? ok({ json: shown.value, words: () => limitsWords(shown.value) }) : shown;
  },
};

const approve: Verb = {
  name: 'approve',
  summary: 'Approve a plan, or the plan of a batch job, with a key of this machine. Needs neither the network nor the workspace.',
  usage: 'plan.json --hash HASH -o approval.json',
  methods: ['approval.make'],
  positionals: 1,
  flags: {
    hash: { type: 'text', value: 'HASH', words: 'The hash of the plan you reviewed, as "isotherm show" prints it.' },
    key: { type: 'text', value: 'KEY', words: 'The key to sign with; the only one there is unless named.' },
    hours: { type: 'whole', value: 'N', words: 'How long the approval holds; 72 unless given, never longer than the plan.' },
    note: { type: 'text', value: 'TEXT', words: 'What you want to have said.' },
    output: { type: 'text', short: 'o', value: 'FILE', words: 'Write the approval to this file.' },
    ...PASSPHRASE,
  },
  run: async (args, { call, json }) => {
    const [file] = args.words;
    const hash = args.text('hash');
    if (file === undefined || hash === undefined)
      return err(
        usageError('Name the plan, such as plan.json, and with --hash the hash you reviewed; "isotherm show" prints it.', 'approve'),
      );
    // An approval that is written nowhere is given and lost.
    if (!json && args.text('output') === undefined) return err(usageError('Name the file for the approval: -o approval.json.', 'approve'));
    // Either kind of plan: what can be applied, or what can be created as a batch job.
    const plan = await readSealedFile(file, v.variant('format', [PlanSchema, JobPlanSchema]), 'plan', 'PlanInvalid');
    if (!plan.ok) return plan;
    const passphrase = await passphraseOf(args);
    if (!passphrase.ok) return passphrase;
    const made = await call('approval.make', {
      plan: plan.value,
      hash,
      hours: args.whole('hours') ?? 72,
      note: args.text('note') ?? '',
      ...given('keyId', args.text('key')),
      ...given('passphrase', passphrase.value),
    });
    if (!made.ok) return made;
    const output = args.text('output');
    if (output !== undefined) {
      const written = await writeJsonFile(output, made.value);
      if (!written.ok) return written;
    }
    return ok({ json: made.value, words: () => approvalWords(made.value, output ?? '') });
  },
};

export const approvalVerbs: readonly Verb[] = [keys, approvers, limits, approve];
