import './compliance.css';
import { useState } from 'react';
import type { ProofRun } from '../../contract/prove.ts';
import { formatCount } from '../../core/report/format.ts';
import { Button } from '../components/button.tsx';
import { Segmented } from '../components/segmented.tsx';
import { ErrorNote, Waiting } from '../components/states.tsx';
import { useQuery } from '../state/query.ts';
import { chooseScenario, SCENARIO_IDS, useDesk } from '../state/scenarios.ts';
import { CoveragePanel } from './coverage-panel.tsx';
import { EvidencePanel } from './evidence-panel.tsx';
import { factWords } from './fact-words.ts';
import { FactsDialog } from './facts-dialog.tsx';
import { useCompliance, useDuties } from './state.ts';
import { StatementPanel } from './statement-panel.tsx';
import { StatementsPanel } from './statements-panel.tsx';
import { type Subject, useSubject } from './use-subject.ts';
import { VerdictChip } from './verdict.tsx';

/** What a reviewer asks of a configuration: statements decided, retention held against places, and a bundle that proves it. */
export function ComplianceView() {
  const subject = useSubject();
  const { statements } = useDuties();
  const selection = useCompliance((state) => state.selection);
  const { asked, planned } = subject;
  const answer = useQuery('prove.check', asked === null || statements.length === 0 ? null : { ...asked, statements: [...statements] });
  const { data, error, retry } = answer;
  const proofs = statements.length === 0 ? [] : (data?.proofs ?? []);
  const chosen =
    proofs.find(({ statement }) => statement.id === selection) ?? proofs.find(({ verdict }) => verdict !== 'PROVED') ?? proofs[0];
  const failure = planned.error ?? error;
  return (
    <div className="compliance">
      <h1 className="visually-hidden">Compliance</h1>
      <Head run={statements.length === 0 ? undefined : data} subject={subject} />
      <div className="view compliance-body">
        <div className={`view compliance-main ${answer.stale ? 'stale' : ''}`.trim()}>
          {failure !== undefined ? (
            <div className="panel">
              <ErrorNote
                error={failure}
                title="The statements could not be decided."
                onRetry={planned.error === undefined ? retry : planned.retry}
              />
            </div>
          ) : data === undefined && statements.length > 0 ? (
            <div className="panel">
              <Waiting what="Deciding every statement over every version" progress={answer.progress} />
            </div>
          ) : (
            <StatementsPanel proofs={proofs} selection={chosen?.statement.id ?? null} snapshot={data?.snapshot ?? null} />
          )}
          <CoveragePanel subject={subject} />
        </div>
        <div className="view compliance-side">
          <StatementPanel key={chosen?.statement.id ?? ''} proof={chosen} />
          <EvidencePanel subject={subject} />
        </div>
      </div>
    </div>
  );
}

const VERDICTS = ['PROVED', 'COUNTEREXAMPLE', 'INSUFFICIENT'] as const;
const PLANS = [{ value: 'now', label: 'Now' } as const, ...SCENARIO_IDS.map((id) => ({ value: id, label: `Plan ${id}` }))];

/** How many hold, under which rules, and what is taken as known. */
function Head({ run, subject }: { run: ProofRun | undefined; subject: Subject }) {
  const { chosen } = useDesk();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <div className="compliance-head">
      <dl className="verdict-counts">
        {VERDICTS.map((verdict) => (
          <div key={verdict}>
            <dd>{run === undefined ? '–' : formatCount(run.counts[verdict])}</dd>
            <dt>
              <VerdictChip verdict={verdict} />
            </dt>
          </div>
        ))}
      </dl>
      <span className="grow" />
      <Button kind="quiet" title="What is known of the bucket" onClick={() => setIsOpen(true)}>
        {factWords(subject.facts)}
      </Button>
      <Segmented label="Under which rules" options={PLANS} value={chosen} onChange={chooseScenario} />
      {isOpen ? <FactsDialog facts={subject.facts} onClose={() => setIsOpen(false)} /> : null}
    </div>
  );
}
