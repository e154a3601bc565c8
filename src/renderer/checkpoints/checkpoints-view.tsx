import './checkpoints.css';
import { useMemo, useState } from 'react';
import type { CheckpointBoard } from '../../contract/board.ts';
import { formatBytes, formatCount, formatMoney } from '../../core/report/format.ts';
import { Button } from '../components/button.tsx';
import { EmptyState, ErrorNote, Waiting } from '../components/states.tsx';
import { useLatest } from '../state/latest.ts';
import { usePanes } from '../state/panes.ts';
import { usePricedAt, useSnapshot } from '../state/session.ts';
import { BasketDialog } from './basket-dialog.tsx';
import { KeepHead } from './keep-head.tsx';
import { RunPanel } from './run-panel.tsx';
import { RunsTable } from './runs-table.tsx';
import { type Run, useCheckpoints } from './state.ts';
import { cellsOf } from './strip.ts';

/** Which checkpoints of every run are kept, why, and what the others cost. */
export function CheckpointsView() {
  const at = usePricedAt();
  const bucket = useSnapshot()?.bucket ?? '';
  const tried = useCheckpoints((state) => state.tried);
  const revision = useCheckpoints((state) => state.revision);
  const { data, error, retry } = useLatest(
    'checkpoints.board',
    at === null ? null : { ...at, ...(tried === undefined ? {} : { policy: tried }) },
    revision,
  );
  if (error !== undefined) {
    return (
      <div className="panel">
        <ErrorNote error={error} title="The checkpoints could not be read." onRetry={retry} />
      </div>
    );
  }
  if (data === undefined) {
    return (
      <div className="panel">
        <Waiting what="Looking at every run" />
      </div>
    );
  }
  return (
    <div className="checkpoints">
      <h1 className="visually-hidden">Checkpoints</h1>
      {data.runs.length === 0 ? <NoRuns /> : <Board board={data} bucket={bucket} />}
    </div>
  );
}

function Board({ board, bucket }: { board: CheckpointBoard; bucket: string }) {
  const selection = useCheckpoints((state) => state.selection);
  const isSideShown = usePanes((state) => state.isDetailsShown);
  const protectedCount = useMemo(
    () => board.runs.reduce((sum, { strip }) => sum + cellsOf(strip).filter(({ isProtected }) => isProtected).length, 0),
    [board],
  );
  const run = board.runs.find(({ path }) => path === selection) ?? board.runs[0];
  return (
    <>
      <KeepHead board={board} protectedCount={protectedCount} />
      <div className={`view checkpoints-body ${isSideShown ? 'with-details' : ''}`}>
        <div className="checkpoints-list">
          <RunsTable runs={board.runs} selection={run?.path ?? null} label={`Runs with checkpoints in ${bucket}`} />
          <MarkBar runs={board.runs} />
        </div>
        {isSideShown && run !== undefined ? <RunPanel key={run.path} run={run} /> : null}
      </div>
    </>
  );
}

/** What the marked runs come to together. */
function MarkBar({ runs }: { runs: readonly Run[] }) {
  const marked = useCheckpoints((state) => state.marked);
  const [isOpen, setIsOpen] = useState(false);
  const own = runs.filter(({ path }) => marked.has(path));
  if (own.length === 0) return null;
  const bytes = own.reduce((sum, { stale }) => sum + stale.bytes, 0);
  const units = own.reduce((sum, { stale }) => sum + stale.units, 0);
  const isPriced = own.every(({ stale }) => stale.monthlyNanoUsd !== null);
  const money = own.reduce((sum, { stale }) => sum + BigInt(stale.monthlyNanoUsd ?? '0'), 0n);
  return (
    <section className="mark-bar" aria-label="Marked runs">
      <span className="strong">
        {formatCount(own.length)} {own.length === 1 ? 'run' : 'runs'} marked
      </span>
      <span className="t2">
        {formatCount(units)} checkpoints would go, {formatBytes(bytes)}
        {isPriced ? `, ${formatMoney(money)} /mo` : ''}
      </span>
      <span className="grow" />
      <Button onClick={() => useCheckpoints.getState().mark([])}>Clear</Button>
      <Button kind="primary" disabled={units === 0} onClick={() => setIsOpen(true)}>
        Plan to let them go
      </Button>
      {isOpen ? <BasketDialog runs={own} onClose={() => setIsOpen(false)} /> : null}
    </section>
  );
}

function NoRuns() {
  return (
    <div className="panel">
      <EmptyState title="No checkpoints were found here">
        <p>Isotherm knows those of PyTorch, DCP, DeepSpeed, Megatron, Hugging Face, JAX and others by their files and names.</p>
        <p>
          If yours are named otherwise, say so: <code>isotherm classify --set</code> names a kind for a pattern of keys.
        </p>
      </EmptyState>
    </div>
  );
}
