import type { RuleChange } from '../../../contract/plan.ts';
import { formatCount } from '../../../core/report/format.ts';

/** The mark of each kind of change in a difference. */
export const SIGNS: Readonly<Record<RuleChange['change'], string>> = { added: '+', changed: '~', removed: '−', kept: '=' };

/** "+3 ~0 −0 =2". */
export function changeCounts(changes: readonly RuleChange[]): string {
  return (['added', 'changed', 'removed', 'kept'] as const)
    .map((change) => `${SIGNS[change]}${formatCount(changes.filter((one) => one.change === change).length)}`)
    .join(' ');
}
