import type { Plan } from '../../../contract/plan.ts';
import { formatBytes, formatMoney, formatSaving } from '../../../core/report/format.ts';
import { Figure, Figures } from '../../components/figures.tsx';
import { changeCounts } from './signs.ts';

export function PlanFigures({ plan }: { plan: Plan }) {
  const { effects, totals } = plan.effect;
  const moved = effects.transitions.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <>
      <Figures>
        <Figure term="Rules" value={changeCounts(plan.changes)} title="added, changed, removed, kept" />
        <Figure term="Would be deleted" value={formatBytes(effects.expired.bytes)} />
        <Figure term="Would move" value={formatBytes(moved)} />
        <Figure term={`${plan.effect.months.length} months`} value={formatSaving(totals.savingNanoUsd)} />
        <Figure term="One-time" value={formatMoney(totals.oneTimeNanoUsd)} />
      </Figures>
      <div className="plan-hash">
        <span className="t3 xs">plan hash</span>
        <code title={plan.hash}>
          {plan.hash.slice(0, 8)}…{plan.hash.slice(-4)}
        </code>
      </div>
    </>
  );
}
