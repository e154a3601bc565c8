import { err, ok, type Result } from '../../../contract/result.ts';
import { writeJsonFile } from '../files.ts';
import { given, REMOTE_FLAGS } from '../flags.ts';
import { usageError } from '../parse.ts';
import { FACT_FLAGS, readSchedules, subjectOf } from '../prove-subject.ts';
import type { Output, Verb, VerbContext } from '../verb.ts';
import { coverageWords, regimesWords } from '../words/retention-words.ts';

async function review(file: string, by: string, { call, note }: VerbContext): Promise<Result<Output>> {
  const schedules = await readSchedules(file);
  if (!schedules.ok) return schedules;
  const reviewed = await call('retention.review', { file: schedules.value, by });
  if (!reviewed.ok) return reviewed;
  const written = await writeJsonFile(file, reviewed.value);
  if (!written.ok) return written;
  note(`Marked ${file} as reviewed by ${by}.`);
  return ok({ json: reviewed.value, words: () => `Reviewed: ${reviewed.value.review?.hash ?? ''}` });
}

const retention: Verb = {
  name: 'retention',
  summary: 'Hold retention schedules against rules and versions: what is kept and gone in time, gaps, conflicts.',
  usage: 'FILE --policy FILE|--bucket BUCKET [--index FILE] | FILE --review NAME | --regimes',
  methods: ['retention.coverage', 'retention.regimes', 'retention.review'],
  positionals: 1,
  flags: {
    regimes: { type: 'switch', words: 'List the duties that ship with Isotherm, to start from.' },
    review: { type: 'text', value: 'NAME', words: 'Mark the file as reviewed by this person; a later change shows.' },
    ...FACT_FLAGS,
    index: { type: 'text', value: 'FILE', words: 'An index: the versions that exist are checked, and gaps found.' },
    snapshot: { type: 'text', value: 'ID', words: 'The snapshot; the newest unless named.' },
    ...REMOTE_FLAGS,
  },
  run: async (args, context) => {
    const [file] = args.words;
    if (args.has('regimes')) {
      const regimes = await context.call('retention.regimes', {});
      return regimes.ok ? ok({ json: regimes.value, words: () => regimesWords(regimes.value) }) : regimes;
    }
    if (file === undefined) return err(usageError('Name the file of retention schedules.', 'retention'));
    const reviewer = args.text('review');
    if (reviewer !== undefined) return review(file, reviewer, context);
    const schedules = await readSchedules(file);
    if (!schedules.ok) return schedules;
    const subject = await subjectOf(args, context, 'retention');
    if (!subject.ok) return subject;
    const result = await context.call('retention.coverage', {
      ...subject.value,
      file: schedules.value,
      ...given('index', args.text('index')),
      ...given('snapshotId', args.text('snapshot')),
      ...given('asOf', args.text('as-of')),
    });
    if (!result.ok) return result;
    const coverage = result.value;
    const holds = coverage.counts.PROVED === coverage.cells.length && coverage.conflicts.length === 0;
    return ok({ json: coverage, words: () => coverageWords(coverage), exit: holds ? undefined : 3 });
  },
};

export const retentionVerbs: readonly Verb[] = [retention];
