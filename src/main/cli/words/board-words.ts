import { type CheckpointBoard, STRIP_PROTECTED, STRIP_VERDICT } from '../../../contract/board.ts';
import { VERDICTS } from '../../../contract/keep.ts';
import { policyInWords } from '../../../core/keep/policy-words.ts';
import { formatBytes, formatCount, formatMoney } from '../../../core/report/format.ts';
import { pricedAt } from './index-words.ts';
import { facts, paragraphs, table } from './table.ts';

const WIDTH = 48;
const money = (nanoUsd: string | null): string => (nanoUsd === null ? 'no price' : formatMoney(nanoUsd));

/** A sign for each checkpoint by step: "#" kept, "!" held by a fact, "." let go, "?" neither; long runs are shortened to WIDTH signs. */
function stripWords(strip: string): string {
  const cells = [...Buffer.from(strip, 'base64')];
  const signs = cells.map((cell) => {
    const verdict = VERDICTS[cell & STRIP_VERDICT];
    if (verdict === 'keep') return (cell & STRIP_PROTECTED) === 0 ? '#' : '!';
    return verdict === 'stale' ? '.' : '?';
  });
  return signs.length <= WIDTH ? signs.join('') : `…${signs.slice(1 - WIDTH).join('')}`;
}

export function boardWords({ totals, runs, policy, prices }: CheckpointBoard): string {
  const { keep, stale } = totals.byVerdict;
  return paragraphs(
    facts([
      ['Keeps', `${formatCount(keep.units)} of ${formatCount(totals.all.units)} checkpoints`],
      ['Would free', formatBytes(stale.bytes)],
      ['Would save', `${money(stale.monthlyNanoUsd)} a month`],
    ]),
    table(
      [
        { title: 'Run', of: (run) => run.path || '(the whole bucket)' },
        { title: 'Steps', of: (run) => stripWords(run.strip) },
        { title: 'Kept', align: 'right', of: (run) => `${formatCount(run.keep)}/${formatCount(run.all.units)}` },
        { title: 'Bytes', align: 'right', of: (run) => formatBytes(run.all.bytes) },
        { title: 'Would free', align: 'right', of: (run) => formatBytes(run.stale.bytes) },
        { title: 'Per month', align: 'right', of: (run) => money(run.stale.monthlyNanoUsd) },
        { title: 'Held by', of: (run) => run.facts.map(([reason, count]) => `${reason} ${formatCount(count)}`).join(', ') },
      ],
      runs,
    ),
    '# kept   ! held by a fact   . would go   ? neither',
    `Kept: ${policyInWords(policy)}.`,
    pricedAt(prices),
  );
}
