import { FileText, Redo2, RotateCcw, Undo2 } from 'lucide-react';
import { useState } from 'react';
import type { LifecycleConfiguration } from '../../contract/lifecycle.ts';
import { formatMoney } from '../../core/report/format.ts';
import { Button } from '../components/button.tsx';
import { Figure, Figures } from '../components/figures.tsx';
import { useKnownBucket } from '../state/bucket-state.ts';
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
import { usePricedAt, useSnapshot } from '../state/session.ts';
import { saveManagerPage } from './manager-page.ts';

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
      {chosen === 'now' || (policy?.Rules.length ?? 0) === 0 ? null : <OnePage policy={forecast.configuration} />}
      {chosen === 'now' || (policy?.Rules.length ?? 0) === 0 ? null : (
        <a className="btn primary" href={formatRoute({ view: 'policies', review: true })} title="Ctrl Enter">
          Review
        </a>
      )}
    </div>
  );
}

/** What the plan comes to on one page, for somebody who decides. */
function OnePage({ policy }: { policy: LifecycleConfiguration | undefined }) {
  const at = usePricedAt();
  const known = useKnownBucket();
  const bucket = useSnapshot()?.bucket ?? 'bucket';
  const [isBusy, setIsBusy] = useState(false);
  const save = async (): Promise<void> => {
    if (at === null || policy === undefined) return;
    setIsBusy(true);
    await saveManagerPage(at, policy, known, bucket);
    setIsBusy(false);
  };
  return (
    <Button disabled={isBusy || at === null || policy === undefined} title="One page for a manager" onClick={() => void save()}>
      <FileText size={14} strokeWidth={1.5} aria-hidden="true" />
      One page
    </Button>
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
