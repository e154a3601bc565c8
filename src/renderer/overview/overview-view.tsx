import { HeldBackList } from '../components/held-back.tsx';
import { Panel } from '../components/panel.tsx';
import { ScrollArea } from '../components/scroll-area.tsx';
import { EmptyState, ErrorNote, Waiting } from '../components/states.tsx';
import { useForecast } from '../state/forecast.ts';
import { useQuery } from '../state/query.ts';
import { usePricedAt, useSession, useSnapshot } from '../state/session.ts';
import { AgePanel } from './age-panel.tsx';
import { ClassPanel } from './class-panel.tsx';
import { DarkPanel } from './dark-panel.tsx';
import { GrowthPanel } from './growth-panel.tsx';
import { KpiRow } from './kpi-row.tsx';
import { MovesPanel } from './moves-panel.tsx';
import { WhatPanel } from './what-panel.tsx';

/** What the bucket keeps, how old it is, what it costs, and what the first policy would change. */
export function OverviewView() {
  const at = usePricedAt();
  const snapshot = useSnapshot();
  const summary = useQuery('index.summary', at === null ? null : { ...at, by: 'category' });
  const { data: ages, error: agesError, retry: retryAges } = useQuery('index.ages', at);
  const snapshots = useSession((state) => state.snapshots).filter(({ bucket }) => bucket === snapshot?.bucket);
  const forecast = useForecast();
  if (summary.error !== undefined) {
    return (
      <div className="overview-alone">
        <ErrorNote error={summary.error} title="This snapshot could not be read." onRetry={summary.retry} />
      </div>
    );
  }
  if (snapshot !== undefined && snapshot.rows === 0) {
    return (
      <EmptyState title="This snapshot holds no versions">
        <p>The report was complete and empty. Open another inventory, or choose another snapshot above.</p>
      </EmptyState>
    );
  }
  const warnings = [...new Set([...(snapshot?.warnings ?? []), ...(summary.data?.warnings ?? [])])];
  return (
    <ScrollArea label="Overview" className={summary.stale ? 'overview stale' : 'overview'}>
      <h1 className="visually-hidden">Overview of {snapshot?.bucket}</h1>
      <KpiRow summary={summary.data} ages={ages} forecast={forecast} />
      {warnings.length === 0 ? null : (
        <details className="overview-warnings">
          <summary>{warnings.length === 1 ? '1 remark on these figures' : `${warnings.length} remarks on these figures`}</summary>
          <ul>
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </details>
      )}
      <div className="view overview-middle">
        <AgePanel ages={ages} error={agesError} retry={retryAges} />
        <div className="view overview-column">
          <WhatPanel ages={ages} />
          {snapshots.length > 1 ? <GrowthPanel snapshots={snapshots} /> : <ClassPanel ages={ages} />}
        </div>
        <DarkPanel />
      </div>
      <div className="view overview-bottom">
        <MovesPanel forecast={forecast} />
        <Panel title="Held back" note="could fit a rule, left alone">
          {forecast.compiled === undefined ? (
            forecast.error === undefined ? (
              <Waiting what="Looking for what must stay" />
            ) : null
          ) : (
            <ScrollArea label="Held back" className="fill">
              <HeldBackList heldBack={forecast.compiled.heldBack} />
            </ScrollArea>
          )}
        </Panel>
      </div>
    </ScrollArea>
  );
}
