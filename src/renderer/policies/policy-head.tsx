import { formatMoney, formatSaving } from '../../core/report/format.ts';
import { Figure, Figures } from '../components/figures.tsx';
import { type Forecast, HORIZON_MONTHS, usePresetChoice } from '../state/forecast.ts';
import { paybackValue } from '../state/payback.ts';
import { formatRoute } from '../state/route.ts';
import { useSession } from '../state/session.ts';

/** Which preset, what it comes to, and the way to the review. */
export function PolicyHead({ forecast }: { forecast: Forecast }) {
  const presets = useSession(({ info }) => info?.presets) ?? [];
  const { preset, choose } = usePresetChoice();
  const { simulation, recommendation } = forecast;
  const last = simulation?.months.at(-1);
  const count = recommendation?.policy.Rules.length ?? 0;
  return (
    <div className="policy-head">
      <fieldset className="presets" aria-label="Preset">
        {presets.map(({ id, name, words }) => (
          <button key={id} type="button" aria-pressed={id === preset} title={words} onClick={() => choose(id)}>
            <span className="strong">{name}</span>
            <small>{words}</small>
          </button>
        ))}
      </fieldset>
      <span className="grow" />
      {simulation === undefined || last === undefined ? null : (
        <Figures>
          <Figure term={`Month ${simulation.months.length}`} value={formatMoney(last.planNanoUsd)} />
          <Figure term={`In ${HORIZON_MONTHS} months`} value={formatSaving(simulation.totals.savingNanoUsd)} />
          <Figure term="One-time" value={formatMoney(simulation.totals.oneTimeNanoUsd)} />
          <Figure term="Payback" value={paybackValue(simulation.totals)} />
        </Figures>
      )}
      {count === 0 ? null : (
        <a className="btn primary" href={formatRoute({ view: 'policies', review: true })}>
          Review &amp; apply
        </a>
      )}
    </div>
  );
}
