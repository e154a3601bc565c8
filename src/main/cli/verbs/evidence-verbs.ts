import { readFile } from 'node:fs/promises';
import { appError } from '../../../contract/errors.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import { entriesByDirectory } from '../../../core/evidence/zip.ts';
import { FACE } from '../../evidence/bundle.ts';
import { unreadable, writeTextFile } from '../files.ts';
import { given, REMOTE_FLAGS } from '../flags.ts';
import { usageError } from '../parse.ts';
import { PASSPHRASE, passphraseOf } from '../passphrase.ts';
import { PDF_FLAGS, printPdf } from '../print-pdf.ts';
import { asksStatements, FACT_FLAGS, readSchedules, STATEMENT_FLAGS, statementsOf, subjectOf } from '../prove-subject.ts';
import type { Verb } from '../verb.ts';
import { evidenceBuiltWords, evidenceCheckWords } from '../words/evidence-words.ts';

const evidence: Verb = {
  name: 'evidence',
  summary: 'Write a bundle of proofs that anybody can check again: signed, chained, without the index.',
  usage: '--policy FILE|--bucket BUCKET (--statements FILE | --schedules FILE) [--index FILE] -o bundle.zip',
  methods: ['evidence.build'],
  positionals: 0,
  flags: {
    ...FACT_FLAGS,
    ...STATEMENT_FLAGS,
    schedules: { type: 'text', value: 'FILE', words: 'Retention schedules: what they ask is decided too.' },
    index: { type: 'text', value: 'FILE', words: 'An index: the versions that exist are checked too.' },
    snapshot: { type: 'text', value: 'ID', words: 'The snapshot; the newest unless named.' },
    output: {
      type: 'text',
      short: 'o',
      value: 'FILE',
      words: 'The bundle to write; a file that exists is never replaced.',
      required: true,
    },
    title: { type: 'text', value: 'TEXT', words: 'What it is about, in a few words.' },
    'for-bucket': { type: 'text', value: 'BUCKET', words: 'The bucket it is about, where neither --bucket nor an index tells.' },
    account: { type: 'text', value: 'ID', words: 'The AWS account of the bucket.' },
    reviewers: { type: 'text', value: 'NAMES', words: 'Who looked at it, separated by commas.' },
    at: { type: 'text', value: 'TIME', words: 'The time to write down, such as 2026-11-22T10:00:00.000Z; now unless given.' },
    previous: {
      type: 'text',
      value: 'ROOT|none',
      words: 'The root of the bundle before; the last one made here for the bucket unless given.',
    },
    key: { type: 'text', value: 'ID', words: 'The key of this machine that signs; the only one unless named.' },
    ...PASSPHRASE,
    unsigned: { type: 'switch', words: 'Do not sign.' },
    ...REMOTE_FLAGS,
  },
  run: async (args, context) => {
    const schedules = args.text('schedules');
    const file = schedules === undefined ? ok(undefined) : await readSchedules(schedules);
    if (!file.ok) return file;
    const statements = schedules !== undefined && !asksStatements(args) ? ok([]) : await statementsOf(args, 'evidence');
    if (!statements.ok) return statements;
    const subject = await subjectOf(args, context, 'evidence');
    if (!subject.ok) return subject;
    const passphrase = await passphraseOf(args);
    if (!passphrase.ok) return passphrase;
    const previous = args.text('previous');
    const reviewers = (args.text('reviewers') ?? '').split(',').map((name) => name.trim());
    const built = await context.call('evidence.build', {
      ...subject.value,
      statements: statements.value,
      ...(file.value === undefined ? {} : { schedules: file.value }),
      out: args.must('output'),
      reviewers: reviewers.filter((name) => name !== ''),
      unsigned: args.has('unsigned'),
      ...(previous === undefined ? {} : { previousRoot: previous === 'none' ? null : previous }),
      ...given('bucket', args.text('bucket') ?? args.text('for-bucket')),
      ...given('title', args.text('title')),
      ...given('account', args.text('account')),
      ...given('index', args.text('index')),
      ...given('snapshotId', args.text('snapshot')),
      ...given('asOf', args.text('as-of')),
      ...given('at', args.text('at')),
      ...given('keyId', args.text('key')),
      ...given('passphrase', passphrase.value),
    });
    return built.ok ? ok({ json: built.value, words: () => evidenceBuiltWords(built.value) }) : built;
  },
};

/** Prints the report of a bundle; the PDF is no part of it. */
async function printFace(file: string, chromium: string | undefined, target: string, signal: AbortSignal): Promise<Result<void>> {
  const bytes = await readFile(file).catch((cause: unknown) => String(cause));
  if (typeof bytes === 'string') return err(unreadable('bundle', file, bytes));
  const face = entriesByDirectory(bytes)?.find(({ name }) => name === FACE);
  if (face === undefined) return err(appError('FileUnreadable', 'The bundle holds no report.', { file }));
  const printed = await printPdf(new TextDecoder().decode(face.bytes), chromium, signal);
  return printed.ok ? writeTextFile(target, printed.value) : printed;
}

const verifyEvidence: Verb = {
  name: 'verify-evidence',
  summary: 'Check a bundle of proofs: every byte, the signature, the chain; needs neither index nor network.',
  usage: 'FILE [--signer KEY] [--previous FILE] [--pdf FILE]',
  methods: ['evidence.verify'],
  positionals: 1,
  flags: {
    signer: { type: 'text', value: 'KEY', words: 'The key that must have signed: its id, or the line "isotherm-ed25519 KEY NAME".' },
    previous: { type: 'text', value: 'FILE', words: 'The bundle before, to check the chain.' },
    pdf: {
      type: 'text',
      value: 'FILE',
      words: 'Print the report in it to a PDF with the Chromium of this machine, where the bundle is whole.',
    },
    ...PDF_FLAGS,
  },
  run: async (args, { call, signal, note }) => {
    const [file] = args.words;
    if (file === undefined) return err(usageError('Name the bundle to check, such as evidence.zip.', 'verify-evidence'));
    const checked = await call('evidence.verify', {
      file,
      ...given('signer', args.text('signer')),
      ...given('previous', args.text('previous')),
    });
    if (!checked.ok) return checked;
    const pdf = args.text('pdf');
    if (pdf !== undefined && checked.value.ok) {
      const printed = await printFace(file, args.text('chromium'), pdf, signal);
      if (!printed.ok) return printed;
      note(`Wrote ${pdf}.`);
    }
    return ok({ json: checked.value, words: () => evidenceCheckWords(checked.value), exit: checked.value.ok ? undefined : 3 });
  },
};

export const evidenceVerbs: readonly Verb[] = [evidence, verifyEvidence];
