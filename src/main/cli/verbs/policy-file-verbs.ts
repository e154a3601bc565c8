import { POLICY_FORMATS } from '../../../contract/policy-formats.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import { failedCheck } from '../../../core/policy/validate/issue.ts';
import { writeTextFile } from '../files.ts';
import { given, PRICE_REGION } from '../flags.ts';
import { usageError } from '../parse.ts';
import { readPolicyFile, readPolicyFileText } from '../policy-file.ts';
import type { Args, Flags, Output, Verb } from '../verb.ts';
import { checkWords, comparisonWords } from '../words/policy-file-words.ts';

const RESOURCE: Flags = {
  resource: {
    type: 'text',
    value: 'NAME',
    words: 'Which resource of a Terraform file or CloudFormation template; needed where it holds several.',
  },
};

/** The one file a verb names, or a usage failure. */
function fileOf(args: Args, verb: string): Result<string> {
  const [file] = args.words;
  return file === undefined ? err(usageError('Name the file with the lifecycle configuration.', verb)) : ok(file);
}

const validate: Verb = {
  name: 'validate',
  summary: 'Say what S3 would refuse in a lifecycle configuration, and what its owner may regret.',
  usage: 'FILE [--index FILE] [--current FILE]',
  methods: ['policy.check'],
  positionals: 1,
  flags: {
    ...RESOURCE,
    index: { type: 'text', value: 'FILE', words: 'An index of the bucket: tells which rules would touch live tables.' },
    snapshot: { type: 'text', value: 'ID', words: 'The snapshot; the newest unless named.' },
    current: { type: 'text', value: 'FILE', words: 'The configuration the bucket has now: tells whether a setting would flip.' },
    ...PRICE_REGION,
  },
  run: async (args, { call }) => {
    const file = fileOf(args, 'validate');
    if (!file.ok) return file;
    const text = await readPolicyFileText(file.value);
    const bad = (error: Parameters<typeof failedCheck>[0]): Result<Output> => {
      const check = failedCheck(error);
      return ok({ json: check, words: () => checkWords(check), exit: 3 });
    };
    if (!text.ok) return bad(text.error);
    const currentFile = args.text('current');
    const current = currentFile === undefined ? undefined : await readPolicyFile(currentFile, args.text('resource'));
    if (current && !current.ok) return current;
    const result = await call('policy.check', {
      text: text.value,
      ...given('resource', args.text('resource')),
      ...given('region', args.text('region')),
      ...given('index', args.text('index')),
      ...given('snapshotId', args.text('snapshot')),
      ...(current === undefined ? {} : { current: current.value }),
    });
    if (!result.ok) return result;
    const check = result.value;
    return ok({ json: check, words: () => checkWords(check), exit: check.ok ? undefined : 3 });
  },
};

const convert: Verb = {
  name: 'convert',
  summary: 'Write a lifecycle configuration in another spelling, with the same meaning.',
  usage: `FILE --to ${POLICY_FORMATS.join('|')} [-o FILE]`,
  methods: ['policy.convert'],
  positionals: 1,
  flags: {
    to: { type: 'text', value: 'FORMAT', words: `One of ${POLICY_FORMATS.join(', ')}.`, required: true, choices: POLICY_FORMATS },
    output: { type: 'text', short: 'o', value: 'FILE', words: 'Write to this file instead of standard output.' },
    ...RESOURCE,
    name: { type: 'text', value: 'NAME', words: 'Name of the resource to write.' },
    bucket: { type: 'text', value: 'BUCKET', words: 'The bucket to write it for.' },
  },
  run: async (args, { call, note }) => {
    const file = fileOf(args, 'convert');
    if (!file.ok) return file;
    const text = await readPolicyFileText(file.value);
    if (!text.ok) return text;
    const result = await call('policy.convert', {
      text: text.value,
      to: args.must('to') as (typeof POLICY_FORMATS)[number],
      ...given('resource', args.text('resource')),
      ...given('name', args.text('name')),
      ...given('bucket', args.text('bucket')),
    });
    if (!result.ok) return result.error.file === undefined ? err({ ...result.error, file: file.value }) : result;
    const converted = result.value;
    for (const line of converted.notes) note(line);
    const output = args.text('output');
    if (output === undefined) return ok({ json: converted, words: () => converted.text.trimEnd() });
    const written = await writeTextFile(output, converted.text);
    if (!written.ok) return written;
    return ok({ json: { ...converted, file: output }, words: () => `Wrote ${output}.` });
  },
};

const compare: Verb = {
  name: 'compare',
  summary: 'Say in words what one lifecycle configuration does otherwise than another, whatever their spelling.',
  usage: 'BEFORE AFTER',
  methods: ['policy.compare'],
  positionals: 2,
  flags: { ...RESOURCE },
  run: async (args, { call }) => {
    const [first, second] = args.words;
    if (first === undefined || second === undefined) return err(usageError('Name two files with lifecycle configurations.', 'compare'));
    const before = await readPolicyFile(first, args.text('resource'));
    if (!before.ok) return before;
    const after = await readPolicyFile(second, args.text('resource'));
    if (!after.ok) return after;
    const result = await call('policy.compare', { before: before.value, after: after.value });
    return result.ok ? ok({ json: result.value, words: () => comparisonWords(result.value) }) : result;
  },
};

export const policyFileVerbs: readonly Verb[] = [validate, convert, compare];
