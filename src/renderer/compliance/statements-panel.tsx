import { useState } from 'react';
import type { Proof, ProofRun } from '../../contract/prove.ts';
import { formatCount } from '../../core/report/format.ts';
import { Button } from '../components/button.tsx';
import { Panel } from '../components/panel.tsx';
import { ScrollArea } from '../components/scroll-area.tsx';
import { EmptyState } from '../components/states.tsx';
import { selectStatement } from './state.ts';
import { StatementDialog } from './statement-dialog.tsx';
import { VerdictChip } from './verdict.tsx';

/** Every statement with what was found, and what that rests on. */
export function StatementsPanel({
  proofs,
  selection,
  snapshot,
}: {
  proofs: readonly Proof[];
  selection: string | null;
  snapshot: ProofRun['snapshot'];
}) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Panel
      title="Statements"
      bleed
      note={snapshot === null ? undefined : `decided over ${formatCount(snapshot.rows)} versions`}
      action={
        <Button kind="quiet" onClick={() => setIsOpen(true)}>
          New statement
        </Button>
      }
    >
      {proofs.length === 0 ? (
        <EmptyState title="No statement yet">
          <p>Say what must hold, such as “logs are kept 184 days”, and see it proved or broken by a version you can look at.</p>
        </EmptyState>
      ) : (
        <ScrollArea label="Statements" className="fill flush">
          <table className="statements">
            <thead>
              <tr>
                <th scope="col">Id</th>
                <th scope="col">Statement</th>
                <th scope="col">Source</th>
                <th scope="col">Basis</th>
                <th scope="col" className="num">
                  Result
                </th>
              </tr>
            </thead>
            <tbody>
              {proofs.map((proof) => (
                <Row key={proof.statement.id} proof={proof} isSelected={proof.statement.id === selection} />
              ))}
            </tbody>
          </table>
        </ScrollArea>
      )}
      {isOpen ? <StatementDialog onClose={() => setIsOpen(false)} /> : null}
    </Panel>
  );
}

function Row({ proof, isSelected }: { proof: Proof; isSelected: boolean }) {
  const { statement, verdict } = proof;
  const basis = [proof.existing, proof.any].find((part) => part?.verdict === verdict)?.basis ?? '';
  return (
    <tr aria-selected={isSelected} onClick={() => selectStatement(statement.id)}>
      <td className="mono t2">{statement.id}</td>
      <td>
        <button
          type="button"
          className="plain-link row-button ellipsis strong"
          title={proof.words}
          onClick={() => selectStatement(statement.id)}
        >
          <bdi>{statement.title ?? proof.words}</bdi>
        </button>
      </td>
      <td className="t2" title={statement.source}>
        {statement.source ?? 'house rule'}
      </td>
      <td className="t2" title={basis}>
        {basis}
      </td>
      <td className="num">
        <VerdictChip verdict={verdict} />
      </td>
    </tr>
  );
}
