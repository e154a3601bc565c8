import * as v from 'valibot';
import { COVERS, type ProofFacts, type StatementIn, StatementSchema, VERSIONINGS } from '../../contract/prove.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { type ScheduleFile, ScheduleFileSchema } from '../../contract/retention.ts';
import { fieldPath } from '../../core/wire/field-path.ts';
import { readJsonFile } from './files.ts';
import { remoteOf } from './flags.ts';
import { usageError } from './parse.ts';
import { readPolicyFile } from './policy-file.ts';
import type { Args, Flags, VerbContext } from './verb.ts';

export const FACT_FLAGS: Flags = {
  policy: { type: 'text', value: 'FILE', words: 'The lifecycle configuration to ask about, in any spelling.' },
  bucket: { type: 'text', value: 'BUCKET', words: 'Ask about the configuration this bucket has now, and what it says of itself.' },
  versioning: {
    type: 'text',
    value: 'STATE',
    words: `What is known of the bucket: ${VERSIONINGS.join(', ')}; what is not given is unknown.`,
    choices: VERSIONINGS,
  },
  'object-lock': {
    type: 'text',
    value: 'none|no-default|DAYS',
    words: 'No Object Lock, Object Lock without a default retention, or days of default retention.',
  },
  replication: {
    type: 'text',
    value: 'none|configured',
    words: 'Whether the bucket has replication rules.',
    choices: ['none', 'configured', 'unknown'],
  },
  'as-of': { type: 'text', value: 'DATE', words: 'The day the configuration is put on; that of the snapshot unless given, else today.' },
};

export const STATEMENT_FLAGS: Flags = {
  statements: { type: 'text', value: 'FILE', words: 'Statements to decide, as a JSON list.' },
  prefix: { type: 'text', value: 'PREFIX', words: 'What one statement is about; the whole bucket unless given.' },
  tag: { type: 'text', value: 'KEY=VALUE', words: 'Only versions with this tag.' },
  kept: { type: 'text', value: 'DAYS|DATE', words: 'Nothing there can be removed for good before.' },
  hidden: { type: 'switch', words: 'With --kept: hiding a current version counts as well.' },
  'no-overwrites': { type: 'switch', words: 'With --kept and --within: nobody writes over a key.' },
  gone: { type: 'text', value: 'DAYS|DATE', words: 'Everything there is gone by then, noncurrent versions and delete markers included.' },
  uploads: { type: 'switch', words: 'With --gone and --untouched: incomplete uploads count too.' },
  untouched: { type: 'switch', words: 'No enabled rule acts on anything there.' },
  locked: { type: 'text', value: 'DAYS|DATE', words: 'Every version there is locked at least until then.' },
  within: { type: 'text', value: 'MIN..MAX', words: 'Everything there is removed between so many days after it was written.' },
  covers: { type: 'text', value: 'WHICH', words: `Which versions: ${COVERS.join(', ')}; both unless named.`, choices: COVERS },
};

const limitOf = (text: string): { ageDays: number } | { date: string } => (/^\d+$/.test(text) ? { ageDays: Number(text) } : { date: text });

const KINDS = ['kept', 'gone', 'untouched', 'locked', 'within'] as const;

/** Whether statements are named at all, in a file or by flags. */
export const asksStatements = (args: Args): boolean =>
  args.text('statements') !== undefined || KINDS.some((kind) => args.text(kind) !== undefined || args.has(kind));

export const readSchedules = (file: string): Promise<Result<ScheduleFile>> =>
  readJsonFile(file, ScheduleFileSchema, 'file of retention schedules', 'PolicyInvalid');

/** The one statement that flags spell out. */
function statementOf(args: Args, verb: string): Result<StatementIn[]> {
  const kinds = KINDS.filter((kind) => args.text(kind) !== undefined || args.has(kind));
  const [kind, second] = kinds;
  if (kind === undefined)
    return err(usageError('Name what to decide: --statements FILE, --kept, --gone, --untouched, --locked or --within.', verb));
  if (second !== undefined) return err(usageError(`Either --${kind} or --${second}; several statements go into a file.`, verb));
  const tag = args.text('tag');
  const [, key, value] = tag === undefined ? [] : (/^([^=]*)=(.*)$/s.exec(tag) ?? []);
  if (tag !== undefined && key === undefined) return err(usageError('"--tag" takes KEY=VALUE.', verb));
  const scope = { prefix: args.text('prefix') ?? '', ...(key === undefined ? {} : { tags: [{ Key: key, Value: value ?? '' }] }) };
  const covers = (args.text('covers') ?? 'both') as (typeof COVERS)[number];
  const common = { id: kind, scope, covers };
  const overwrites = args.has('no-overwrites') ? ('none' as const) : ('possible' as const);
  const made = (): unknown => {
    switch (kind) {
      case 'kept':
        return { ...common, kind, until: limitOf(args.must('kept')), overwrites, counts: args.has('hidden') ? 'hidden' : 'removed' };
      case 'gone':
        return { ...common, kind, by: limitOf(args.must('gone')), uploads: args.has('uploads') };
      case 'untouched':
        return { ...common, kind, uploads: args.has('uploads') };
      case 'locked':
        return { ...common, kind, until: limitOf(args.must('locked')) };
      default: {
        const [, minDays, maxDays] = /^(\d+)\.\.(\d+)$/.exec(args.must('within')) ?? [];
        return { ...common, kind: 'within', minDays: Number(minDays), maxDays: Number(maxDays), overwrites };
      }
    }
  };
  const parsed = v.safeParse(StatementSchema, made());
  if (parsed.success) return ok([parsed.output]);
  return err(usageError(`"--${kind}" does not say when: ${parsed.issues[0].message}.`, verb, fieldPath(parsed.issues[0])));
}

const ListSchema = v.union([v.array(StatementSchema), v.strictObject({ statements: v.array(StatementSchema) })]);

export async function statementsOf(args: Args, verb: string): Promise<Result<StatementIn[]>> {
  const file = args.text('statements');
  if (file === undefined) return statementOf(args, verb);
  const read = await readJsonFile(file, ListSchema, 'list of statements', 'Usage');
  if (!read.ok) return read;
  return ok(Array.isArray(read.value) ? read.value : read.value.statements);
}

type Facts = Partial<ProofFacts>;

/** What the person says of the bucket; it goes before what the bucket says of itself. */
function saidFacts(args: Args, verb: string): Result<Facts> {
  const lock = args.text('object-lock');
  const versioning = args.text('versioning') as ProofFacts['versioning'] | undefined;
  const replication = args.text('replication') as ProofFacts['replication'] | undefined;
  if (lock !== undefined && !/^(none|no-default|unknown|\d+)$/.test(lock))
    return err(usageError('"--object-lock" takes none, no-default or days.', verb));
  const objectLock: ProofFacts['objectLock'] | undefined =
    lock === undefined
      ? undefined
      : lock === 'none' || lock === 'unknown'
        ? lock
        : { defaultRetentionDays: lock === 'no-default' ? null : Number(lock) };
  return ok({
    ...(versioning === undefined ? {} : { versioning }),
    ...(replication === undefined ? {} : { replication }),
    ...(objectLock === undefined ? {} : { objectLock }),
  });
}

/** The configuration and the facts a verb is about: from a file, or from the bucket itself. */
export async function subjectOf(args: Args, { call, note }: VerbContext, verb: string) {
  const [file, bucket] = [args.text('policy'), args.text('bucket')];
  const said = saidFacts(args, verb);
  if (!said.ok) return said;
  if ((file === undefined) === (bucket === undefined)) return err(usageError('Name either --policy FILE or --bucket BUCKET.', verb));
  if (file !== undefined) {
    const policy = await readPolicyFile(file);
    if (!policy.ok) return policy;
    const { configuration, minimumSize } = policy.value;
    return ok({ configuration, facts: { ...(minimumSize === null ? {} : { minimumSize }), ...said.value } as Facts });
  }
  const state = await call('bucket.facts', { bucket: bucket ?? '', remote: remoteOf(args) });
  if (!state.ok) return state;
  for (const what of state.value.unknown) note(`The bucket does not tell its ${what}.`);
  return ok({ configuration: state.value.configuration, facts: { ...state.value.facts, ...said.value } as Facts });
}
