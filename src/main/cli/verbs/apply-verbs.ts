import { type Approval, ApprovalSchema } from '../../../contract/approval.ts';
import { APPLY_CONSENTS, type ApplyConsent, type Plan, PlanSchema } from '../../../contract/plan.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import { readSealedFile, writeJsonFile } from '../files.ts';
import { given, INDEX_FLAGS, indexOf, OTHER_PRICE_REGION, POLICY, REMOTE_FLAGS, remoteOf } from '../flags.ts';
import { usageError } from '../parse.ts';
import { readPolicyFile } from '../policy-file.ts';
import type { Args, Flags, Verb } from '../verb.ts';
import {
  applyWords,
  auditWords,
  configurationWords,
  journalWords,
  planFileWords,
  planWords,
  unfinishedWords,
} from '../words/apply-words.ts';
import { unfinishedJobsWords } from '../words/job-words.ts';
import { paragraphs } from '../words/table.ts';

const BUCKET: Flags = { bucket: { type: 'text', value: 'BUCKET', words: 'The bucket.', required: true } };
const WORKSPACE: Flags = {
  index: { type: 'text', value: 'FILE', words: 'The workspace, where it is not the one the plan was made from here.' },
};

/** A plan file, or what is wrong with it. */
export const readPlan = (file: string): Promise<Result<Plan>> => readSealedFile(file, PlanSchema, 'plan', 'PlanInvalid');

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
    stage: {
      type: 'text',
      value: 'STAGE',
      words: 'disabled: rules switched off; canary: one prefix; full unless named.',
      choices: ['full', 'disabled', 'canary'],
    },
    'canary-prefix': { type: 'text', value: 'PREFIX', words: 'With --stage canary: the only keys the new rules may reach.' },
    'expires-in-hours': { type: 'whole', value: 'N', words: 'How long the plan may be applied; 72 unless given.' },
    'convert-legacy': { type: 'switch', words: 'Respell existing rules that use the legacy Prefix, with the same meaning.' },
    'remove-last-rule': { type: 'switch', words: 'Agree that no rule is left: the whole configuration would be deleted.' },
    ...REMOTE_FLAGS,
    ...OTHER_PRICE_REGION,
  },
  run: async (args, { call }) => {
    const policy = await readPolicyFile(args.must('policy'));
    if (!policy.ok) return policy;
    const name = (args.text('stage') ?? 'full') as 'full' | 'disabled' | 'canary';
    const prefix = args.text('canary-prefix');
    if ((name === 'canary') !== (prefix !== undefined))
      return err(usageError('"--stage canary" and "--canary-prefix" go together.', 'plan'));
    const result = await call('policy.plan', {
      ...indexOf(args),
      bucket: args.must('bucket'),
      policy: policy.value.configuration,
      ...(policy.value.minimumSize === null ? {} : { minimumSize: policy.value.minimumSize }),
      remote: remoteOf(args),
      stage: { name, canaryPrefix: prefix ?? null },
      expiresInHours: args.whole('expires-in-hours') ?? 72,
      consents: [
        ...(args.has('convert-legacy') ? (['convertLegacy'] as const) : []),
        ...(args.has('remove-last-rule') ? (['removeLastRule'] as const) : []),
      ],
      ...given('region', args.text('price-region')),
    });
    if (!result.ok) return result;
    const made = result.value;
    const file = args.text('output');
    if (file === undefined) return ok({ json: made, words: () => planWords(made, undefined) });
    const written = await writeJsonFile(file, made);
    if (!written.ok) return written;
    const { hash, changes, deletes, confirmation, needs, approval, warnings } = made;
    const json = {
      plan: file,
      hash,
      bucket: made.target.bucket,
      changes,
      deletes,
      confirmation,
      needs,
      approval,
      totals: made.effect.totals,
      warnings,
    };
    return ok({ json, words: () => planWords(made, file) });
  },
};

const show: Verb = {
  name: 'show',
  summary: 'Show a plan in words, after checking that it is as it was made.',
  usage: 'plan.json',
  methods: ['plan.check'],
  positionals: 1,
  flags: {},
  run: async (args, { call }) => {
    const [file] = args.words;
    if (file === undefined) return err(usageError('Name the plan to show, such as plan.json.', 'show'));
    const read = await readPlan(file);
    if (!read.ok) return read;
    const checked = await call('plan.check', { plan: read.value });
    if (!checked.ok) return checked.error.file === undefined ? err({ ...checked.error, file }) : checked;
    const { isExpired } = checked.value;
    return ok({ json: { ...read.value, isExpired }, words: () => planFileWords(read.value, isExpired) });
  },
};

async function readApprovals(args: Args): Promise<Result<Approval[]>> {
  const approvals: Approval[] = [];
  for (const file of args.text('approval')?.split(',') ?? []) {
    const read = await readSealedFile(file, ApprovalSchema, 'approval', 'ApprovalInvalid');
    if (!read.ok) return read;
    approvals.push(read.value);
  }
  return ok(approvals);
}

/** The words of --accept, or the one that is none. */
function consentsOf(args: Args): Result<ApplyConsent[]> {
  const words = args.text('accept')?.split(',') ?? [];
  const unknown = words.find((word) => !(APPLY_CONSENTS as readonly string[]).includes(word));
  if (unknown === undefined) return ok(words as ApplyConsent[]);
  return err(usageError(`"--accept" does not know "${unknown}"; it takes ${APPLY_CONSENTS.join(', ')}.`, 'apply'));
}

const apply: Verb = {
  name: 'apply',
  summary: 'Write a reviewed plan to its bucket, read it back and compare.',
  usage: 'plan.json --hash HASH [--confirm PHRASE]',
  methods: ['policy.apply'],
  positionals: 1,
  flags: {
    hash: { type: 'text', value: 'HASH', words: 'The hash that "isotherm plan" showed; it says which plan was reviewed.' },
    confirm: { type: 'text', value: 'PHRASE', words: 'The phrase that "isotherm plan" showed, where the plan deletes.' },
    approval: { type: 'text', value: 'FILE', words: 'The approval of a second person; several with commas between.' },
    accept: { type: 'text', value: 'WORDS', words: `What to accept all the same, with commas between: ${APPLY_CONSENTS.join(', ')}.` },
    ...WORKSPACE,
    ...REMOTE_FLAGS,
  },
  run: async (args, { call }) => {
    const [file] = args.words;
    if (file === undefined) return err(usageError('Name the plan to apply, such as plan.json.', 'apply'));
    const hash = args.text('hash');
    if (hash === undefined)
      return err(usageError('"--hash HASH" is missing: give the hash that "isotherm plan" showed for this plan.', 'apply'));
    const consents = consentsOf(args);
    if (!consents.ok) return consents;
    const read = await readPlan(file);
    if (!read.ok) return read;
    const approvals = await readApprovals(args);
    if (!approvals.ok) return approvals;
    const result = await call('policy.apply', {
      plan: read.value,
      hash,
      approvals: approvals.value,
      consents: consents.value,
      ...given('confirmation', args.text('confirm')),
      ...given('index', args.text('index')),
      remote: remoteOf(args),
    });
    return result.ok ? ok({ json: result.value, words: () => applyWords(result.value) }) : result;
  },
};

const rollback: Verb = {
  name: 'rollback',
  summary: 'Put back the configuration a journal entry saved. Deleted bytes stay deleted.',
  usage: '--bucket BUCKET --to JOURNAL_ID',
  methods: ['policy.rollback'],
  positionals: 0,
  flags: {
    ...BUCKET,
    to: { type: 'text', value: 'JOURNAL_ID', words: 'The journal entry to go back to.', required: true },
    restore: {
      type: 'text',
      value: 'WHICH',
      words: 'before: the configuration from before that entry, unless named; after: the one it put in place.',
      choices: ['before', 'after'],
    },
    'over-changes': { type: 'switch', words: 'Discard what someone else has changed since.' },
    confirm: { type: 'text', value: 'PHRASE', words: 'The phrase it asks for, where rules that delete would come back.' },
    ...WORKSPACE,
    ...REMOTE_FLAGS,
  },
  run: async (args, { call }) => {
    const result = await call('policy.rollback', {
      bucket: args.must('bucket'),
      to: args.must('to'),
      which: args.text('restore') === 'after' ? 'after' : 'before',
      overChanges: args.has('over-changes'),
      ...given('confirmation', args.text('confirm')),
      ...given('index', args.text('index')),
      remote: remoteOf(args),
    });
    return result.ok ? ok({ json: result.value, words: () => applyWords(result.value) }) : result;
  },
};

const ACTS = ['finish', 'undo', 'accept'] as const;

const recover: Verb = {
  name: 'recover',
  summary: 'List operations that were cut off and what their buckets hold now; finish, undo or accept one.',
  usage: '[--finish | --undo | --accept JOURNAL_ID --bucket BUCKET]',
  methods: ['apply.unfinished', 'apply.recover'],
  positionals: 0,
  flags: {
    bucket: { type: 'text', value: 'BUCKET', words: 'The bucket; all of them in the list unless named.' },
    finish: { type: 'text', value: 'JOURNAL_ID', words: 'Bring the bucket to what was asked for.' },
    undo: { type: 'text', value: 'JOURNAL_ID', words: 'Put the configuration from before back.' },
    accept: { type: 'text', value: 'JOURNAL_ID', words: 'Leave the bucket as it is and close the operation.' },
    ...WORKSPACE,
    ...REMOTE_FLAGS,
  },
  run: async (args, { call }) => {
    const bucket = args.text('bucket');
    const asked = ACTS.filter((act) => args.text(act) !== undefined);
    const [act] = asked;
    if (act === undefined) {
      const open = await call('apply.unfinished', { ...given('bucket', bucket), remote: remoteOf(args) });
      if (!open.ok) return open;
      // Jobs are taken up with their own verb; who looks for what was cut off is told of them here.
      const jobs = await call('job.unfinished', { remote: given('profile', args.text('profile')) });
      const waiting = jobs.ok && jobs.value.length > 0 ? unfinishedJobsWords(jobs.value) : '';
      return ok({ json: open.value, words: () => paragraphs(unfinishedWords(open.value), waiting) });
    }
    if (asked.length > 1 || bucket === undefined) {
      return err(usageError('Give one of --finish, --undo and --accept with an entry of the journal, and --bucket.', 'recover'));
    }
    const done = await call('apply.recover', {
      bucket,
      journalId: args.must(act),
      act,
      ...given('index', args.text('index')),
      remote: remoteOf(args),
    });
    return done.ok ? ok({ json: done.value, words: () => applyWords(done.value) }) : done;
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

const audit: Verb = {
  name: 'audit',
  summary: 'Check the audit trail and show it: who planned, approved, applied, rolled back, and when.',
  usage: '[--head HASH] [--index FILE]',
  methods: ['audit.verify'],
  positionals: 0,
  flags: {
    head: { type: 'text', value: 'HASH', words: 'A line that has to be in it: the head noted outside of this machine.' },
    index: { type: 'text', value: 'FILE', words: 'Compare with the copy in this workspace as well.' },
  },
  run: async (args, { call }) => {
    const result = await call('audit.verify', { ...given('head', args.text('head')), ...given('index', args.text('index')) });
    return result.ok ? ok({ json: result.value, words: () => auditWords(result.value) }) : result;
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

export const applyVerbs: readonly Verb[] = [plan, show, apply, rollback, recover, journal, audit, lifecycle];
