import { ok } from '../../../contract/result.ts';
import { writeJsonFile } from '../files.ts';
import { given, REMOTE_FLAGS, remoteOf } from '../flags.ts';
import { FACT_FLAGS, STATEMENT_FLAGS, statementsOf, subjectOf } from '../prove-subject.ts';
import type { Verb } from '../verb.ts';
import { bucketStateWords, proofRunWords } from '../words/prove-words.ts';

const prove: Verb = {
  name: 'prove',
  summary: 'Prove statements about what a lifecycle configuration can do, or show what breaks them.',
  usage: '--policy FILE|--bucket BUCKET (--statements FILE | --prefix P --kept|--gone|--locked DAYS|DATE | …) [--index FILE]',
  methods: ['prove.check'],
  positionals: 0,
  flags: {
    ...FACT_FLAGS,
    ...STATEMENT_FLAGS,
    index: { type: 'text', value: 'FILE', words: 'An index: the versions that exist are checked too.' },
    snapshot: { type: 'text', value: 'ID', words: 'The snapshot; the newest unless named.' },
    output: { type: 'text', short: 'o', value: 'FILE', words: 'Write the proofs to this file.' },
    ...REMOTE_FLAGS,
  },
  run: async (args, context) => {
    const statements = await statementsOf(args, 'prove');
    if (!statements.ok) return statements;
    const subject = await subjectOf(args, context, 'prove');
    if (!subject.ok) return subject;
    const result = await context.call('prove.check', {
      ...subject.value,
      statements: statements.value,
      ...given('index', args.text('index')),
      ...given('snapshotId', args.text('snapshot')),
      ...given('asOf', args.text('as-of')),
    });
    if (!result.ok) return result;
    const run = result.value;
    const file = args.text('output');
    if (file !== undefined) {
      const written = await writeJsonFile(file, run);
      if (!written.ok) return written;
      context.note(`Wrote ${file}.`);
    }
    return ok({ json: run, words: () => proofRunWords(run), exit: run.counts.PROVED === run.proofs.length ? undefined : 3 });
  },
};

const facts: Verb = {
  name: 'facts',
  summary: 'Show what a bucket says of itself: rules, versioning, Object Lock, replication.',
  usage: '--bucket BUCKET',
  methods: ['bucket.facts'],
  positionals: 0,
  flags: { bucket: { type: 'text', value: 'BUCKET', words: 'The bucket.', required: true }, ...REMOTE_FLAGS },
  run: async (args, { call }) => {
    const result = await call('bucket.facts', { bucket: args.must('bucket'), remote: remoteOf(args) });
    return result.ok ? ok({ json: result.value, words: () => bucketStateWords(result.value) }) : result;
  },
};

export const proveVerbs: readonly Verb[] = [prove, facts];
