import { SlidersHorizontal } from 'lucide-react';
import { useState } from 'react';
import type { CheckpointBoard } from '../../contract/board.ts';
import type { KeepPolicy } from '../../contract/keep.ts';
import { formatBytes, formatCount, formatMoney, formatShare } from '../../core/report/format.ts';
import { Button } from '../components/button.tsx';
import { evenScale, Slider } from '../components/slider.tsx';
import { KeepDialog } from './keep-dialog.tsx';
import { useCheckpoints } from './state.ts';
import { alsoKept, STEP_STOPS, stopOf } from './words.ts';

const MOST_LAST = 20;
const MOST_BEST = 10;

/** What is kept of every run, as three sliders, and what that comes to. `protectedCount`: checkpoints a fact holds. */
export function KeepHead({ board, protectedCount }: { board: CheckpointBoard; protectedCount: number }) {
  const tried = useCheckpoints((state) => state.tried);
  const { tryPolicy } = useCheckpoints.getState();
  const [isOpen, setIsOpen] = useState(false);
  const policy = tried ?? board.policy;
  const change = (part: Partial<KeepPolicy>): void => tryPolicy({ ...policy, ...part });
  const { all, byVerdict } = board.totals;
  const { keep, stale } = byVerdict;
  const metric = policy.metric?.name;
  return (
    <div className="keep-head">
      <div className="keep-sliders">
        <Keep
          label="Keep the last"
          value={policy.last}
          most={MOST_LAST}
          words={`${formatCount(policy.last)} complete`}
          onChange={(last) => change({ last })}
        />
        <Keep
          label="Keep the best"
          value={metric === undefined ? 0 : policy.best}
          most={MOST_BEST}
          isDisabled={metric === undefined}
          words={metric === undefined ? 'no metric chosen' : `${formatCount(policy.best)} by ${metric}`}
          onChange={(best) => change({ best })}
        />
        <Keep
          label="Keep every"
          value={stopOf(policy.everySteps)}
          most={STEP_STOPS.length - 1}
          words={policy.everySteps === null ? 'none' : `${formatCount(policy.everySteps)} steps`}
          onChange={(stop) => change({ everySteps: STEP_STOPS[stop] || null })}
        />
        <p className="keep-also ellipsis" title={`Also kept: ${alsoKept(policy)}`}>
          Also kept: {alsoKept(policy)}
        </p>
        <Button kind="quiet" onClick={() => setIsOpen(true)}>
          <SlidersHorizontal size={13} strokeWidth={1.5} aria-hidden="true" />
          All settings
        </Button>
      </div>
      <dl className="keep-figures">
        <div>
          <dt>Keeps</dt>
          <dd>
            {formatCount(keep.units)} of {formatCount(all.units)}
          </dd>
          <dd className="keep-note">{formatCount(protectedCount)} by a fact, not a number</dd>
        </div>
        <div>
          <dt>Would free</dt>
          <dd>{formatBytes(stale.bytes)}</dd>
          <dd className="keep-note">{formatShare(all.bytes > 0 ? stale.bytes / all.bytes : 0)} of checkpoint bytes</dd>
        </div>
        <div>
          <dt>Would save</dt>
          <dd>{stale.monthlyNanoUsd === null ? 'no price' : `${formatMoney(stale.monthlyNanoUsd)} /mo`}</dd>
          <dd className="keep-note">
            {all.monthlyNanoUsd === null ? 'a class has no price' : `of ${formatMoney(all.monthlyNanoUsd)} /mo`}
          </dd>
        </div>
      </dl>
      {isOpen ? <KeepDialog policy={policy} metrics={board.metrics} onClose={() => setIsOpen(false)} /> : null}
    </div>
  );
}

function Keep({
  label,
  value,
  most,
  words,
  isDisabled = false,
  onChange,
}: {
  label: string;
  value: number;
  most: number;
  words: string;
  isDisabled?: boolean;
  onChange: (value: number) => void;
}) {
  return (
    <div className="keep-slider">
      <span className="t2">{label}</span>
      <span className={isDisabled ? 't3 keep-value' : 'strong keep-value'}>{words}</span>
      <Slider
        label={label}
        value={Math.min(value, most)}
        least={0}
        most={most}
        page={5}
        scale={evenScale(0, most)}
        isDisabled={isDisabled}
        words={words}
        onChange={onChange}
      />
    </div>
  );
}
