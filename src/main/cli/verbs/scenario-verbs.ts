import * as v from 'valibot';
import { appError } from '../../../contract/errors.ts';
import { err, ok } from '../../../contract/result.ts';
import { type Compiled, IntentSchema } from '../../../contract/scenario.ts';
import { formatBytes, formatCount } from '../../../core/report/format.ts';
import { readJsonFile, writeJsonFile } from '../files.ts';
import { INDEX_FLAGS, indexOf } from '../flags.ts';
import type { Verb } from '../verb.ts';
import { list, paragraphs, table } from '../words/table.ts';

const compile: Verb = {
  name: 'compile',
  summary: 'Turn what is wanted of a bucket into the lifecycle rules it takes, and say what is held back.',
  usage: '--index FILE --intents FILE [-o FILE]',
  methods: ['scenario.compile'],
  positionals: 0,
  flags: {
    ...INDEX_FLAGS,
    intents: {
      type: 'text',
      value: 'FILE',
      words: 'The intents: a JSON list of {id, target, act, days, storageClass?, prefix?}.',
      required: true,
    },
    name: { type: 'text', value: 'NAME', words: 'Part of the rules’ IDs; "scenario" unless given.' },
    output: { type: 'text', value: 'FILE', words: 'Where to write the policy.', short: 'o' },
  },
  run: async (args, { call }) => {
    const file = args.must('intents');
    const intents = await readJsonFile(file, v.array(IntentSchema), 'list of intents', 'Usage');
    if (!intents.ok) return intents;
    const name = args.text('name') ?? 'scenario';
    if (!/^[a-z0-9-]{1,40}$/.test(name)) return err(appError('Usage', '"--name" takes small letters, digits and "-", at most 40.'));
    const result = await call('scenario.compile', { ...indexOf(args), name, intents: intents.value });
    if (!result.ok) return result;
    const out = args.text('output');
    if (out !== undefined) {
      const written = await writeJsonFile(out, result.value.policy);
      if (!written.ok) return written;
    }
    return ok({ json: result.value, words: () => compiledWords(result.value) });
  },
};

function compiledWords({ rules, heldBack, warnings }: Compiled): string {
  return paragraphs(
    table(
      [
        { title: 'Prefix', of: (rule) => rule.prefix || '(whole bucket)' },
        { title: 'Versions', align: 'right', of: (rule) => formatCount(rule.versions) },
        { title: 'Bytes', align: 'right', of: (rule) => formatBytes(rule.bytes) },
        { title: 'What it would do', of: (rule) => rule.words },
      ],
      rules,
    ),
    list(
      'Held back:',
      heldBack.map(({ prefix, bytes, reason }) => `${prefix || '(whole bucket)'}: ${formatBytes(bytes)}; ${reason}`),
    ),
    list('Remarks:', warnings),
  );
}

export const scenarioVerbs: readonly Verb[] = [compile];
