import { err, ok } from '../../../contract/result.ts';
import { given, REMOTE_FLAGS, remoteOf } from '../flags.ts';
import { usageError } from '../parse.ts';
import { TABLE_FLAGS, tableOf } from '../table-flags.ts';
import type { Verb } from '../verb.ts';

const estimate: Verb = {
  name: 'estimate',
  summary: 'Count the rows of a report in a table of Athena or Trino, and say what rolling it up would cost.',
  usage: '<athena://… or trino://…>',
  // The flag --query-usd of every verb stands for "table.allow"; this verb tells what to allow.
  methods: ['table.estimate', 'table.allow'],
  positionals: 1,
  flags: {
    report: { type: 'text', value: 'NAME', words: 'The report, by its partition "dt" or its timestamp folder; the newest unless named.' },
    ...REMOTE_FLAGS,
    ...TABLE_FLAGS,
  },
  run: async (args, { call }) => {
    const [address] = args.words;
    if (address === undefined) return err(usageError('Name a table: athena://… or trino://….', 'estimate'));
    const result = await call('table.estimate', { table: tableOf(address, args) });
    return result.ok ? ok({ json: result.value, words: () => result.value.words }) : result;
  },
};

const ddl: Verb = {
  name: 'ddl',
  summary: 'Write the statements that make a table over an inventory report. Nothing is run.',
  usage: '<manifest.json> --table NAME [--engine athena|hive|trino]',
  methods: ['table.ddl'],
  positionals: 1,
  flags: {
    table: { type: 'text', value: 'NAME', words: 'Name of the table: table, database.table or catalog.schema.table.', required: true },
    engine: {
      type: 'text',
      value: 'ENGINE',
      words: 'Whose dialect: athena unless named, hive, or trino.',
      choices: ['athena', 'hive', 'trino'],
    },
    files: { type: 'text', value: 's3://…/', words: 'For trino: the folder with the files of this report alone.' },
    ...REMOTE_FLAGS,
  },
  run: async (args, { call, note }) => {
    const [manifest] = args.words;
    if (manifest === undefined) return err(usageError('Name a manifest.json, as a path or s3://.', 'ddl'));
    const engine = (args.text('engine') ?? 'athena') as 'athena' | 'hive' | 'trino';
    const result = await call('table.ddl', {
      manifest,
      engine,
      table: args.must('table'),
      remote: remoteOf(args),
      ...given('files', args.text('files')),
    });
    if (!result.ok) return result;
    for (const warning of result.value.warnings) note(warning);
    return ok({ json: result.value, words: () => result.value.statements.map((statement) => `${statement};`).join('\n\n') });
  },
};

export const tableVerbs: readonly Verb[] = [estimate, ddl];
