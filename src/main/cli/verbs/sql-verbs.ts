import { err, ok } from '../../../contract/result.ts';
import { formatCount } from '../../../core/report/format.ts';
import { usageError } from '../parse.ts';
import type { Verb } from '../verb.ts';
import { paragraphs, table } from '../words/table.ts';

const sql: Verb = {
  name: 'sql',
  summary: 'Ask an index in SQL, which only reads: objects, directories, units, and every table of the file.',
  usage: '"SELECT …" --index FILE',
  methods: ['index.sql'],
  positionals: 1,
  flags: {
    index: { type: 'text', value: 'FILE', words: 'The index file.', required: true },
    limit: { type: 'whole', value: 'N', words: 'How many rows at most, to 1,000,000; 1000 unless given.' },
  },
  run: async (args, { call }) => {
    const [statement] = args.words;
    if (statement === undefined) return err(usageError('Give a statement.', 'sql'));
    const limit = args.whole('limit');
    const result = await call('index.sql', { index: args.must('index'), sql: statement, ...(limit === undefined ? {} : { limit }) });
    if (!result.ok) return result;
    const { columns, rows, isCut } = result.value;
    return ok({
      json: result.value,
      words: () =>
        paragraphs(
          table(
            columns.map((title, at) => ({
              title,
              of: (row: (typeof rows)[number]) => String(row[at] ?? ''),
              ...(rows.some((row) => typeof row[at] === 'number') ? { align: 'right' as const } : {}),
            })),
            rows,
          ),
          isCut ? `The first ${formatCount(rows.length)} rows; --limit gives more.` : '',
        ),
    });
  },
};

export const sqlVerbs: readonly Verb[] = [sql];
