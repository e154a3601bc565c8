import { Redo2, RotateCcw, Undo2 } from 'lucide-react';
import { formatMoney } from '../../core/report/format.ts';
import { Button } from '../components/button.tsx';
import { Figure, Figures } from '../components/figures.tsx';
import { monthTwelve } from '../state/curve.ts';
import { type Forecast, useTwelve } from '../state/forecast.ts';
import { NOW } from '../state/plan-policy.ts';
import { formatRoute } from '../state/route.ts';
import {
  type Chosen,
  chooseScenario,
  isFirst,
  redo,
  resetScenario,
  SCENARIO_IDS,
  type Scenario,
  undo,
  useDesk,
  useScenarios,
} from '../state/scenarios.ts';

/** Now and three plans side by side, what the chosen one comes to, and the way to the review. */
export function PolicyHead({ forecast }: { forecast: Forecast }) {
  const { chosen, scenarios } = useDesk();
  const canUndo = useScenarios((state) => state.past.length > 0);
  const canRedo = useScenarios((state) => state.future.length > 0);
  const { curve, policy } = forecast;
  const twelve = curve === undefined ? undefined : monthTwelve(curve);
  const saving = twelve === undefined ? 0n : twelve.baselineNanoUsd - twelve.planNanoUsd;
  return (
    <div className="policy-head">
      <fieldset className="scenarios" aria-label="Scenario">
        <ScenarioTab id="now" title="Now" scenario={NOW} />
        {SCENARIO_IDS.map((id) => (
          <ScenarioTab key={id} id={id} title={`Plan ${id}`} scenario={scenarios[id]} />
        ))}
      </fieldset>
      <span className="grow" />
      {curve === undefined || twelve === undefined ? null : (
        <Figures>
          <Figure term="Month 12" value={formatMoney(twelve.planNanoUsd)} />
          <Figure term={saving < 0n ? 'Costs more /mo' : 'Saves /mo'} value={formatMoney(saving < 0n ? -saving : saving)} />
          <Figure term="One-time" value={formatMoney(curve.oneTimeNanoUsd)} title={`fees over ${curve.months.length} months`} />
          <Figure term="Payback" value={curve.payback.value} />
        </Figures>
      )}
      <span className="row policy-acts">
        <Button kind="icon" aria-label="Undo" title="Undo (Ctrl Z)" disabled={!canUndo} onClick={undo}>
          <Undo2 size={16} strokeWidth={1.5} aria-hidden="true" />
        </Button>
        <Button kind="icon" aria-label="Redo" title="Redo (Ctrl Shift Z)" disabled={!canRedo} onClick={redo}>
          <Redo2 size={16} strokeWidth={1.5} aria-hidden="true" />
        </Button>
        {chosen === 'now' ? null : (
          <Button
            kind="icon"
            aria-label={`Put plan ${chosen} back as it came`}
            title={`Put plan ${chosen} back as it came`}
            disabled={isFirst(chosen, scenarios[chosen])}
            onClick={() => resetScenario(chosen)}
          >
            <RotateCcw size={16} strokeWidth={1.5} aria-hidden="true" />
          </Button>
        )}
      </span>
      {chosen === 'now' || (policy?.Rules.length ?? 0) === 0 ? null : (
        <a className="btn primary" href={formatRoute({ view: 'policies', review: true })} title="Ctrl Enter">
          Review
        </a>
      )}
    </div>
  );
}

function ScenarioTab({ id, title, scenario }: { id: Chosen; title: string; scenario: Scenario }) {
  const { chosen } = useDesk();
  const twelve = useTwelve(scenario);
  return (
    <button type="button" aria-pressed={id === chosen} onClick={() => chooseScenario(id)}>
      <span className="strong">{title}</span>
      <small>
        {scenario.name}
        {twelve === undefined ? '' : ` · ${formatMoney(twelve)}`}
      </small>
    </button>
  );
}
