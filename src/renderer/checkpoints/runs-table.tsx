import { Pin } from 'lucide-react';
import { useMemo } from 'react';
import { formatBytes, formatCount, formatExactBytes, formatMoney } from '../../core/report/format.ts';
import { Badge } from '../components/badge.tsx';
import { InCellBar } from '../components/bars.tsx';
import { type GridColumn, ListGrid } from '../components/list-grid.tsx';
import { visibleKey } from '../explore/key-text.ts';
import { useColors } from '../theme/colors.ts';
import { RunStrip } from './run-strip.tsx';
import { type Run, type RunSort, sortedRuns, useCheckpoints } from './state.ts';
import { cellsOf } from './strip.ts';
import { FACT_WORDS, runName } from './words.ts';

const STRIP = { width: 156, height: 14 };
type Key = RunSort | 'steps' | 'facts';

/** Every run with its checkpoints as a strip; several can be marked and taken along. */
export function RunsTable({ runs, selection, label }: { runs: readonly Run[]; selection: string | null; label: string }) {
  const sort = useCheckpoints((state) => state.sort);
  const marked = useCheckpoints((state) => state.marked);
  const { sortBy, select, mark } = useCheckpoints.getState();
  const colors = useColors();
  const rows = useMemo(() => sortedRuns(runs, sort), [runs, sort]);
  const columns = useMemo((): readonly GridColumn<Run, Key>[] => {
    const mostBytes = runs.reduce((most, run) => Math.max(most, run.stale.bytes), 0);
    const figure = { isSortable: true, isFigure: true };
    return [
      { key: 'run', label: 'Run', isSortable: true, isFigure: false, cell: (run) => <RunCell path={run.path} /> },
      {
        key: 'steps',
        label: 'Steps, first to last',
        isSortable: false,
        isFigure: false,
        cell: (run) => <RunStrip cells={cellsOf(run.strip)} {...STRIP} colors={colors} />,
      },
      {
        key: 'kept',
        label: 'Kept',
        ...figure,
        cell: (run) => `${formatCount(run.keep)} / ${formatCount(run.all.units)}`,
      },
      {
        key: 'size',
        label: 'Size',
        ...figure,
        cell: (run) => <span title={formatExactBytes(run.all.bytes)}>{formatBytes(run.all.bytes)}</span>,
      },
      {
        key: 'free',
        label: 'Would free',
        isSortable: true,
        isFigure: false,
        cell: (run) => <InCellBar share={mostBytes > 0 ? run.stale.bytes / mostBytes : 0}>{formatBytes(run.stale.bytes)}</InCellBar>,
      },
      {
        key: 'cost',
        label: 'Saves /mo',
        ...figure,
        cell: ({ stale }) => (stale.monthlyNanoUsd === null ? <span className="t3">no price</span> : formatMoney(stale.monthlyNanoUsd)),
      },
      { key: 'facts', label: 'Protected because', isSortable: false, isFigure: false, cell: (run) => <Facts run={run} /> },
    ];
  }, [runs, colors]);
  return (
    <ListGrid
      label={label}
      className="runs"
      rows={rows}
      columns={columns}
      idOf={pathOf}
      nameOf={({ path }) => visibleKey(runName(path).name)}
      sort={sort}
      selection={selection}
      marked={marked}
      onSort={(key) => {
        if (key !== 'steps' && key !== 'facts') sortBy(key);
      }}
      onSelect={select}
      onMark={mark}
    />
  );
}

const pathOf = ({ path }: Run): string => path;

function RunCell({ path }: { path: string }) {
  const { folder, name } = runName(path);
  const parent = folder.split('/').at(-2);
  return (
    <span className="ellipsis run-name" title={visibleKey(path)}>
      {parent === undefined ? null : (
        <span className="t3">
          <bdi>{visibleKey(parent)}</bdi>/
        </span>
      )}
      <bdi>{visibleKey(name)}</bdi>
    </span>
  );
}

function Facts({ run }: { run: Run }) {
  return (
    <span className="run-facts">
      {run.isLastIncomplete ? <Badge tone="warn">last is incomplete</Badge> : null}
      {run.facts.map(([reason, count]) => (
        <Badge
          key={reason}
          title={`${formatCount(count)} ${count === 1 ? 'step' : 'steps'}`}
          {...(reason === 'openRun' ? { tone: 'ok' } : {})}
        >
          {reason === 'pinned' ? <Pin size={10} strokeWidth={2} aria-hidden="true" /> : null}
          {FACT_WORDS[reason] ?? reason}
        </Badge>
      ))}
    </span>
  );
}
