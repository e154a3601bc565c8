import { type Approval, ApprovalSchema } from '../../../contract/approval.ts';
import { type JobOperation, type JobPlan, JobPlanSchema, type Place } from '../../../contract/batch-job.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import { readSealedFile, writeJsonFile } from '../files.ts';
import { given, OTHER_PRICE_REGION, REMOTE_FLAGS, remoteOf } from '../flags.ts';
import { usageError } from '../parse.ts';
import type { Args, Flags, Output, Verb, VerbContext } from '../verb.ts';
import { createdWords, jobListWords, jobPlanWords, jobReportWords, jobStatusWords, unfinishedJobsWords } from '../words/job-words.ts';

const bad = (message: string): Result<never> => err(usageError(message, 'job'));

/** A flag that this act cannot do without. */
function need(args: Args, ...flags: readonly string[]): Result<void> {
  const missing = flags.find((flag) => args.text(flag) === undefined);
  return missing === undefined ? ok(undefined) : bad(`"--${missing}" is missing.`);
}

/** "s3://bucket/key" */
function placeOf(text: string): Result<Place> {
  const [, bucket, key = ''] = /^(?:s3:\/\/)?([^/]+)(?:\/(.*))?$/.exec(text) ?? [];
  return bucket === undefined ? bad(`"${text}" is no place such as s3://bucket/prefix/.`) : ok({ bucket, key });
}

/** "tag key=value,key=value", "untag", "restore", "retain", "hold", "release" with their flags. */
function operationOf(args: Args): Result<JobOperation> {
  switch (args.text('do')) {
    case 'tag': {
      const pairs = (args.text('tags') ?? '').split(',').map((pair) => /^([^=]+)=(.*)$/.exec(pair));
      const tags = pairs.flatMap((pair) => (pair?.[1] === undefined ? [] : [{ key: pair[1], value: pair[2] ?? '' }]));
      return tags.length === pairs.length && tags.length > 0
        ? ok({ kind: 'tag', tags })
        : bad('"--tags" takes key=value, several with commas between.');
    }
    case 'untag':
      return ok({ kind: 'untag' });
    case 'restore':
      return ok({ kind: 'restore', days: args.whole('days') ?? 7, speed: args.text('speed') === 'STANDARD' ? 'STANDARD' : 'BULK' });
    case 'retain': {
      const until = args.text('until') ?? '';
      if (!/^\d{4}-\d\d-\d\d$/.test(until) || Number.isNaN(Date.parse(until))) return bad('"--until" takes a date such as 2027-12-31.');
      const mode = args.text('mode') === 'COMPLIANCE' ? 'COMPLIANCE' : 'GOVERNANCE';
      return ok({ kind: 'retain', mode, until: `${until}T00:00:00.000Z`, bypassGovernance: args.has('bypass-governance') });
    }
    case 'hold':
      return ok({ kind: 'hold', status: 'ON' });
    case 'release':
      return ok({ kind: 'hold', status: 'OFF' });
    default:
      return bad('"--do" takes tag, untag, restore, retain, hold or release.');
  }
}

async function plan(args: Args, { call }: VerbContext): Promise<Result<Output>> {
  const needed = need(args, 'index', 'bucket', 'account', 'role', 'manifests', 'reports', 'output');
  if (!needed.ok) return needed;
  const operation = operationOf(args);
  if (!operation.ok) return operation;
  const manifests = placeOf(args.must('manifests'));
  if (!manifests.ok) return manifests;
  const reports = placeOf(args.must('reports'));
  if (!reports.ok) return reports;
  const file = args.must('output');
  const snapshotId = args.text('snapshot');
  const versions = args.text('versions');
  const name = file.replace(/^.*[\\/]/, '').replace(/\.json$/, '');
  const folder = manifests.value.key === '' || manifests.value.key.endsWith('/') ? manifests.value.key : `${manifests.value.key}/`;
  const made = await call('job.plan', {
    index: args.must('index'),
    ...(snapshotId === undefined ? {} : { snapshotId }),
    bucket: args.must('bucket'),
    account: args.must('account'),
    remote: remoteOf(args),
    ...given('region', args.text('price-region')),
    operation: operation.value,
    selection: {
      prefix: args.text('prefix') ?? '',
      versions: versions === 'noncurrent' || versions === 'all' ? versions : 'current',
      storageClasses: args.text('class')?.split(',') ?? [],
    },
    roleArn: args.must('role'),
    manifestPlace: { bucket: manifests.value.bucket, key: `${folder}${name}.manifest.csv` },
    reportPlace: reports.value,
    scope: args.has('failures-only') ? 'FailedTasksOnly' : 'AllTasks',
    manifestFile: manifestFileOf(file),
  });
  if (!made.ok) return made;
  const written = await writeJsonFile(file, made.value);
  return written.ok ? ok({ json: made.value, words: () => jobPlanWords(made.value, file) }) : written;
}

/** The list lies beside the plan, under the plan's name. */
const manifestFileOf = (planFile: string): string => `${planFile.replace(/\.json$/, '')}.manifest.csv`;

const readJobPlan = (args: Args): Promise<Result<JobPlan>> | Result<JobPlan> => {
  const file = args.words[1];
  return file === undefined
    ? bad('Name the plan of the job, such as job.json.')
    : readSealedFile(file, JobPlanSchema, 'job plan', 'PlanInvalid');
};

async function create(args: Args, { call }: VerbContext): Promise<Result<Output>> {
  const needed = need(args, 'hash');
  if (!needed.ok) return needed;
  const read = await readJobPlan(args);
  if (!read.ok) return read;
  const approvals: Approval[] = [];
  for (const file of args.text('approval')?.split(',') ?? []) {
    const approval = await readSealedFile(file, ApprovalSchema, 'approval', 'ApprovalInvalid');
    if (!approval.ok) return approval;
    approvals.push(approval.value);
  }
  const created = await call('job.create', {
    plan: read.value,
    hash: args.must('hash'),
    manifestFile: manifestFileOf(args.words[1] ?? ''),
    approvals,
    ...given('index', args.text('index')),
    remote: remoteOf(args),
  });
  return created.ok
    ? ok({ json: created.value, words: () => createdWords(read.value, created.value.jobId, args.words[1] ?? '') })
    : created;
}

async function confirm(args: Args, { call }: VerbContext): Promise<Result<Output>> {
  const needed = need(args, 'hash', 'job');
  if (!needed.ok) return needed;
  const read = await readJobPlan(args);
  if (!read.ok) return read;
  const done = await call('job.confirm', {
    plan: read.value,
    hash: args.must('hash'),
    jobId: args.must('job'),
    ...given('confirmation', args.text('confirm')),
    remote: remoteOf(args),
  });
  return done.ok ? ok({ json: done.value, words: () => jobStatusWords(done.value) }) : done;
}

async function about(act: 'status' | 'cancel' | 'report', args: Args, { call }: VerbContext): Promise<Result<Output>> {
  const needed = need(args, 'account', 'job');
  if (!needed.ok) return needed;
  const at = { account: args.must('account'), jobId: args.must('job'), remote: remoteOf(args) };
  if (act === 'report') {
    const report = await call('job.report', at);
    return report.ok
      ? ok({ json: report.value, words: () => jobReportWords(report.value), exit: report.value.failed > 0 ? 3 : undefined })
      : report;
  }
  const status = act === 'cancel' ? await call('job.cancel', { ...at, reason: args.text('reason') ?? '' }) : await call('job.status', at);
  return status.ok ? ok({ json: status.value, words: () => jobStatusWords(status.value) }) : status;
}

async function list(args: Args, { call }: VerbContext): Promise<Result<Output>> {
  const needed = need(args, 'account');
  if (!needed.ok) return needed;
  const jobs = await call('job.list', { account: args.must('account'), remote: remoteOf(args) });
  return jobs.ok ? ok({ json: jobs.value, words: () => jobListWords(jobs.value) }) : jobs;
}

async function unfinished(args: Args, { call }: VerbContext): Promise<Result<Output>> {
  const open = await call('job.unfinished', { remote: remoteOf(args) });
  return open.ok ? ok({ json: open.value, words: () => unfinishedJobsWords(open.value) }) : open;
}

const ACTS = ['plan', 'create', 'confirm', 'status', 'list', 'cancel', 'report', 'unfinished'] as const;

const FLAGS: Flags = {
  index: { type: 'text', value: 'FILE', words: 'plan: the index file.' },
  snapshot: { type: 'text', value: 'ID', words: 'plan: the snapshot; the newest unless named.' },
  bucket: { type: 'text', value: 'BUCKET', words: 'plan: the bucket of the objects.' },
  do: { type: 'text', value: 'WHAT', words: 'plan: tag, untag, restore, retain, hold or release.' },
  prefix: { type: 'text', value: 'PREFIX', words: 'plan: what it is about; the whole bucket unless named.' },
  versions: { type: 'text', value: 'WHICH', words: 'plan: current unless named.', choices: ['current', 'noncurrent', 'all'] },
  class: { type: 'text', value: 'CLASSES', words: 'plan: only these storage classes, with commas between.' },
  tags: { type: 'text', value: 'TAGS', words: 'tag: key=value, with commas between.' },
  days: { type: 'whole', value: 'N', words: 'restore: how long the copies are kept; 7 unless given.' },
  speed: { type: 'text', value: 'SPEED', words: 'restore: BULK unless named.', choices: ['STANDARD', 'BULK'] },
  until: { type: 'text', value: 'DATE', words: 'retain: until 00:00 UTC of this date.' },
  mode: { type: 'text', value: 'MODE', words: 'retain: GOVERNANCE unless named.', choices: ['GOVERNANCE', 'COMPLIANCE'] },
  'bypass-governance': { type: 'switch', words: 'retain: may shorten a governance retention.' },
  role: { type: 'text', value: 'ARN', words: 'plan: the role that S3 takes on for the job ("isotherm rights batch-role").' },
  manifests: { type: 'text', value: 'PLACE', words: 'plan: where the list goes, such as s3://ops/manifests/.' },
  reports: { type: 'text', value: 'PLACE', words: 'plan: where the report goes, such as s3://ops/reports/.' },
  'failures-only': { type: 'switch', words: 'plan: report failed tasks alone.' },
  output: { type: 'text', short: 'o', value: 'FILE', words: 'plan: write the plan to this file, and the list beside it.' },
  hash: { type: 'text', value: 'HASH', words: 'create, confirm: the hash the plan shows.' },
  approval: { type: 'text', value: 'FILE', words: 'create: the approval of a second person; several with commas between.' },
  confirm: { type: 'text', value: 'PHRASE', words: 'confirm: the phrase the plan shows.' },
  job: { type: 'text', value: 'ID', words: 'confirm, status, cancel, report: the job.' },
  account: { type: 'text', value: 'ACCOUNT', words: 'The account of the jobs, 12 digits.' },
  reason: { type: 'text', value: 'TEXT', words: 'cancel: why.' },
  ...REMOTE_FLAGS,
  ...OTHER_PRICE_REGION,
};

const job: Verb = {
  name: 'job',
  summary:
    'S3 Batch Operations over lists from the index: plan, create asleep, confirm, follow, cancel, read the report, take up what was cut off.',
  usage: `${ACTS.join('|')} …`,
  methods: ['job.plan', 'job.create', 'job.confirm', 'job.status', 'job.list', 'job.cancel', 'job.report', 'job.unfinished'],
  positionals: 2,
  flags: FLAGS,
  run: async (args, context) => {
    switch (args.words[0]) {
      case 'plan':
        return plan(args, context);
      case 'create':
        return create(args, context);
      case 'confirm':
        return confirm(args, context);
      case 'list':
        return list(args, context);
      case 'unfinished':
        return unfinished(args, context);
      case 'status':
      case 'cancel':
      case 'report':
        return about(args.words[0], args, context);
      default:
        return bad(`Say what to do: ${ACTS.join(', ')}.`);
    }
  },
};

export const jobVerbs: readonly Verb[] = [job];
