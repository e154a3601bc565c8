import { Pin, PinOff } from 'lucide-react';
import { useState } from 'react';
import type { UnitView } from '../../contract/unit-views.ts';
import { dayOf, formatBytes, formatCount, formatDay, formatMoney } from '../../core/report/format.ts';
import { useSize } from '../charts/use-size.ts';
import { Button } from '../components/button.tsx';
import { ScrollArea } from '../components/scroll-area.tsx';
import { Segmented } from '../components/segmented.tsx';
import { ErrorNote, Waiting } from '../components/states.tsx';
import { visibleKey } from '../explore/key-text.ts';
import { useQuery } from '../state/query.ts';
import { formatRoute } from '../state/route.ts';
import { usePricedAt } from '../state/session.ts';
import { useColors } from '../theme/colors.ts';
import { MetricChart } from './metric-chart.tsx';
import { RunStrip } from './run-strip.tsx';
import { setPinned } from './settings.ts';
import { type Run, useCheckpoints } from './state.ts';
import { cellsOf } from './strip.ts';
import { runName } from './words.ts';

const MOST_STEPS = 1000;
const dateOf = (instant: string): string => formatDay(dayOf(Date.parse(instant)));
type Shown = 'keep' | 'stale' | 'all';

/** All that is known of one run: what it is, its checkpoints from first to last, and for each why it stays. */
export function RunPanel({ run }: { run: Run }) {
  const at = usePricedAt();
  const policy = useCheckpoints((state) => state.tried);
  const { groupId } = run;
  const { data, error, retry } = useQuery(
    'units.list',
    at === null
      ? null
      : {
          ...at,
          groupId,
          kinds: ['checkpoint', 'checkpoint_incomplete'],
          sort: 'path',
          descending: false,
          limit: MOST_STEPS,
          ...(policy === undefined ? {} : { policy }),
        },
  );
  const { folder, name } = runName(run.path);
  return (
    <aside className="details run-panel" aria-label="About the run">
      <ScrollArea label="About the run" className="details-body">
        <header>
          <p className="mono t3 details-key">
            <bdi>{visibleKey(folder)}</bdi>
          </p>
          <h2 title={visibleKey(run.path)}>
            <bdi>{visibleKey(name)}</bdi>
          </h2>
        </header>
        {error === undefined ? null : <ErrorNote error={error} title="This run could not be read." onRetry={retry} />}
        <dl className="kv">
          {data === undefined ? null : <RunFacts units={data.units} />}
          <Fact name="Size">{`${formatBytes(run.all.bytes)}, ${formatBytes(run.all.bytes - run.stale.bytes)} after`}</Fact>
          <Fact name="Cost now">
            {run.all.monthlyNanoUsd === null || run.stale.monthlyNanoUsd === null
              ? 'no price'
              : `${formatMoney(run.all.monthlyNanoUsd)} /mo, ${formatMoney(BigInt(run.all.monthlyNanoUsd) - BigInt(run.stale.monthlyNanoUsd))} after`}
          </Fact>
        </dl>
        <p>
          <a href={formatRoute({ view: 'explore', prefix: run.path })}>Show in Explore</a>
        </p>
        <WholeStrip run={run} units={data?.units} />
        {data === undefined ? (
          error === undefined ? (
            <Waiting what="Reading its steps" />
          ) : null
        ) : (
          <Steps units={data.units} total={data.total} />
        )}
      </ScrollArea>
    </aside>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function RunFacts({ units }: { units: readonly UnitView[] }) {
  const writes = units.flatMap(({ firstWrite, lastWrite }) => [firstWrite, lastWrite]).filter((at) => at !== null);
  const whole = units.filter(({ state }) => state === 'complete').length;
  const rules = [...new Set(units.map(({ ruleId }) => ruleId))];
  const [first, last] = [writes.toSorted()[0], writes.toSorted().at(-1)];
  return (
    <>
      <Fact name="Written">{first === undefined || last === undefined ? 'unknown' : `${dateOf(first)} to ${dateOf(last)}`}</Fact>
      <Fact name="Whole">{`${formatCount(whole)} of ${formatCount(units.length)}`}</Fact>
      <Fact name="Identified by">
        <code>{rules.join(', ')}</code>
      </Fact>
    </>
  );
}

function WholeStrip({ run, units }: { run: Run; units: readonly UnitView[] | undefined }) {
  const colors = useColors();
  const { ref, width } = useSize<HTMLDivElement>();
  const steps = (units ?? []).flatMap(({ step }) => (step === null ? [] : [step]));
  return (
    <div className="whole-strip" ref={ref}>
      {units === undefined ? null : <MetricChart units={units} width={width} />}
      <RunStrip cells={cellsOf(run.strip)} width={width} height={18} colors={colors} />
      <div className="row t3 strip-ends">
        <span>{steps.length === 0 ? '' : `step ${formatCount(Math.min(...steps))}`}</span>
        <span className="grow" />
        <span>{steps.length === 0 ? '' : `step ${formatCount(Math.max(...steps))}`}</span>
      </div>
      <p className="strip-legend t2">
        <span>
          <i className="key-kept" aria-hidden="true" />
          kept, by age
        </span>
        <span>
          <i className="key-stale" aria-hidden="true" />
          would go
        </span>
        <span>
          <i className="key-fact" aria-hidden="true" />
          held by a fact
        </span>
      </p>
    </div>
  );
}

function Steps({ units, total }: { units: readonly UnitView[]; total: number }) {
  const [shown, setShown] = useState<Shown>('keep');
  const kept = units.filter(({ verdict }) => verdict === 'keep');
  const stale = units.filter(({ verdict }) => verdict === 'stale');
  const listed = shown === 'keep' ? kept : shown === 'stale' ? stale : units;
  const metric = units.find(({ metrics }) => metrics.length > 0)?.metrics[0]?.[0];
  return (
    <section aria-label="Steps">
      <div className="row steps-head">
        <Segmented
          label="Which steps"
          options={[
            { value: 'keep', label: `Kept ${formatCount(kept.length)}` },
            { value: 'stale', label: `Would go ${formatCount(stale.length)}` },
            { value: 'all', label: `All ${formatCount(units.length)}` },
          ]}
          value={shown}
          onChange={setShown}
        />
      </div>
      {total > units.length ? (
        <p className="t3">
          The first {formatCount(units.length)} of {formatCount(total)}.
        </p>
      ) : null}
      <table className="steps">
        <thead>
          <tr>
            <th scope="col" className="num">
              Step
            </th>
            {metric === undefined ? null : (
              <th scope="col" className="num">
                {metric}
              </th>
            )}
            <th scope="col">Because</th>
            <th scope="col" className="cell-pin">
              <span className="visually-hidden">Pin</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {listed.map((unit) => (
            <StepRow key={unit.unitId} unit={unit} metric={metric} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function StepRow({ unit, metric }: { unit: UnitView; metric: string | undefined }) {
  const name = unit.step === null ? visibleKey(unit.name) : formatCount(unit.step);
  const value = unit.metrics.find(([own]) => own === metric)?.[1];
  const isPinned = unit.holds.some(({ reason }) => reason === 'pinned');
  const why = unit.holds.map(({ words }) => words).join('; ') || (unit.missing[0] ?? 'nothing holds it');
  const Icon = isPinned ? PinOff : Pin;
  const act = isPinned ? `Unpin step ${name}` : `Pin step ${name}: keep it whatever the policy says`;
  return (
    <tr>
      <td className="num">{name}</td>
      {metric === undefined ? null : <td className="num">{value === undefined ? '–' : value.toPrecision(4)}</td>}
      <td className="t2">
        <span className="step-why" title={why}>
          {why}
        </span>
      </td>
      <td className="cell-pin">
        <Button kind="icon" aria-label={act} title={act} onClick={() => void setPinned(unit.path, !isPinned)}>
          <Icon size={13} strokeWidth={1.5} aria-hidden="true" />
        </Button>
      </td>
    </tr>
  );
}
