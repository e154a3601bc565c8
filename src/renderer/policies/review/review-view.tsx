import { ArrowLeft } from 'lucide-react';
import { useEffect } from 'react';
import { Button } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { EmptyState, ErrorNote, Waiting } from '../../components/states.tsx';
import type { Forecast } from '../../state/forecast.ts';
import { useJobs } from '../../state/jobs.ts';
import { formatRoute } from '../../state/route.ts';
import { useSession } from '../../state/session.ts';
import { ApplyBar } from './apply-bar.tsx';
import { JournalPanel } from './journal-panel.tsx';
import { PlanFigures } from './plan-figures.tsx';
import { ChangesPanel, EffectPanel } from './plan-panels.tsx';
import { TargetPanel } from './target-panel.tsx';
import { useReview } from './use-review.ts';

/** From a policy to a bucket: target, plan, effect, typed confirmation, outcome, journal. */
export function ReviewView({ forecast }: { forecast: Forecast }) {
  const { stage, plan, error, result, taken, take, readJournal, discard } = useReview();
  const job = useJobs(({ jobs }) => jobs.at(-1));
  useEffect(() => void readJournal(), [readJournal]);
  // A plan speaks of one snapshot; with another one open it would mislead.
  const snapshotId = useSession((state) => state.snapshotId);
  const isOutdated = plan !== undefined && stage === 'planned' && plan.inputs.snapshotId !== snapshotId;
  useEffect(() => {
    if (isOutdated) discard();
  }, [isOutdated, discard]);
  return (
    <div className="policies review">
      <div className="policy-head">
        <a className="btn" href={formatRoute({ view: 'policies' })}>
          <ArrowLeft size={14} aria-hidden="true" />
          Policy
        </a>
        <h1>Review &amp; apply</h1>
        <span className="t3">{taken?.name ?? forecast.name}</span>
        {taken === undefined ? null : (
          <Button kind="quiet" onClick={() => take(undefined)}>
            Back to {forecast.name}
          </Button>
        )}
        <span className="grow" />
        {plan === undefined ? null : <PlanFigures plan={plan} />}
      </div>
      <div className="view review-body">
        <div className="view review-side">
          <TargetPanel policy={taken?.policy ?? forecast.policy} />
          <JournalPanel />
        </div>
        {plan !== undefined ? (
          <>
            <ChangesPanel plan={plan} />
            <EffectPanel plan={plan} />
          </>
        ) : (
          <Panel title="What would change" className="review-wait">
            {stage === 'planning' ? (
              <Waiting what="Reading the bucket’s configuration" progress={job?.progress} />
            ) : error !== undefined ? (
              <ErrorNote error={error} title="No plan could be made." consequence="Nothing was written to the bucket." />
            ) : result?.act === 'rollback' ? (
              <EmptyState title={`${result.bucket} holds its earlier configuration again`}>
                <p>It was {result.verified ? 'read back and compared by meaning.' : 'written, but not confirmed by reading it back.'}</p>
                <p>Bytes deleted in between are not restored.</p>
              </EmptyState>
            ) : (
              <EmptyState title="No plan yet">
                <p>
                  Name the bucket. Its lifecycle configuration is then read and compared with the rules of this policy. Making a plan writes
                  nothing.
                </p>
              </EmptyState>
            )}
          </Panel>
        )}
      </div>
      {plan === undefined ? null : <ApplyBar plan={plan} key={plan.hash} />}
    </div>
  );
}
