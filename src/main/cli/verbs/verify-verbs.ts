import { ok } from '../../../contract/result.ts';
import { formatCount } from '../../../core/report/format.ts';
import type { Verb } from '../verb.ts';
import { list, paragraphs, table } from '../words/table.ts';

const verify: Verb = {
  name: 'verify',
  summary: 'Read an index from end to end and say what is not as it was written.',
  usage: '--index FILE',
  methods: ['index.verify'],
  positionals: 0,
  flags: { index: { type: 'text', value: 'FILE', words: 'The index file.', required: true } },
  run: async (args, { call }) => {
    const result = await call('index.verify', { index: args.must('index') });
    if (!result.ok) return result;
    const { isSound, damages, damageCount, snapshots } = result.value;
    return ok({
      json: result.value,
      exit: isSound ? undefined : 3,
      words: () =>
        paragraphs(
          table(
            [
              { title: 'Snapshot', of: (row) => row.snapshotId },
              { title: 'Rows read', align: 'right', of: (row) => formatCount(row.rowsChecked) },
              { title: 'State', of: (row) => (row.isSound ? 'as written' : 'damaged') },
            ],
            snapshots,
          ),
          list(
            'Damage',
            damages.map(({ snapshotId, words }) => (snapshotId === null ? words : `snapshot ${snapshotId}: ${words}`)),
          ),
          damageCount > damages.length ? `${formatCount(damageCount - damages.length)} more.` : '',
          isSound ? 'The index is what was written.' : 'Scan the sources again into a new index.',
        ),
    });
  },
};

export const verifyVerbs: readonly Verb[] = [verify];
