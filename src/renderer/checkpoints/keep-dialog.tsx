import { useState } from 'react';
import type { KeepPolicy } from '../../contract/keep.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { keepPolicy } from './settings.ts';
import { useCheckpoints } from './state.ts';

const GIB = 2 ** 30;

/** Every part of a keep policy: tried at once, or kept for the workspace. */
export function KeepDialog({ policy, metrics, onClose }: { policy: KeepPolicy; metrics: readonly string[]; onClose: () => void }) {
  const [draft, setDraft] = useState(policy);
  const set = (part: Partial<KeepPolicy>): void => setDraft((before) => ({ ...before, ...part }));
  const names = [...new Set([...metrics, ...(draft.metric === null ? [] : [draft.metric.name])])];
  return (
    <Dialog
      title="What is kept of every run"
      onClose={onClose}
      foot={
        <>
          <Button
            onClick={() => {
              useCheckpoints.getState().tryPolicy(undefined);
              onClose();
            }}
          >
            Back to the workspace's
          </Button>
          <span className="grow" />
          <Button
            onClick={() => {
              void keepPolicy(draft);
              onClose();
            }}
          >
            Keep for this workspace
          </Button>
          <Button
            kind="primary"
            onClick={() => {
              useCheckpoints.getState().tryPolicy(draft);
              onClose();
            }}
          >
            Try
          </Button>
        </>
      }
    >
      <div className="dialog-body">
        <div className="field-row">
          <Count label="The last complete ones of a run" value={draft.last} onChange={(last) => set({ last })} />
          <Count
            label="One at every so many steps"
            hint="0: none"
            value={draft.everySteps ?? 0}
            onChange={(steps) => set({ everySteps: steps === 0 ? null : steps })}
          />
          <label className="field">
            <span>Metric that says which is best</span>
            <select
              className="input"
              value={draft.metric?.name ?? ''}
              disabled={names.length === 0}
              onChange={({ target }) =>
                set({ metric: target.value === '' ? null : { name: target.value, mode: draft.metric?.mode ?? 'min' } })
              }
            >
              <option value="">{names.length === 0 ? 'none known' : 'none'}</option>
              {names.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
            <small>{names.length === 0 ? 'Metrics come from trainer_state.json, MLflow or Weights & Biases.' : ''}</small>
          </label>
          <label className="field">
            <span>Better is</span>
            <select
              className="input"
              value={draft.metric?.mode ?? 'min'}
              disabled={draft.metric === null}
              onChange={({ target }) =>
                draft.metric !== null && set({ metric: { ...draft.metric, mode: target.value === 'max' ? 'max' : 'min' } })
              }
            >
              <option value="min">less</option>
              <option value="max">more</option>
            </select>
          </label>
          <Count label="The best of a run" value={draft.best} isDisabled={draft.metric === null} onChange={(best) => set({ best })} />
          <Count
            label="The best of a project"
            value={draft.bestOfProject}
            isDisabled={draft.metric === null}
            onChange={(bestOfProject) => set({ bestOfProject })}
          />
          <Count label="Written in so many days" least={1} value={draft.graceDays} onChange={(graceDays) => set({ graceDays })} />
          <Count
            label="Read in so many days"
            hint="0: reads do not count"
            value={draft.readDays}
            onChange={(readDays) => set({ readDays })}
          />
          <Count
            label="More, while all fits into so many GiB"
            hint="0: no more"
            value={Math.round((draft.budgetBytes ?? 0) / GIB)}
            onChange={(gib) => set({ budgetBytes: gib === 0 ? null : gib * GIB })}
          />
          <label className="field">
            <span>Room is</span>
            <select
              className="input"
              value={draft.budgetPer}
              disabled={draft.budgetBytes === null}
              onChange={({ target }) => set({ budgetPer: target.value === 'project' ? 'project' : 'run' })}
            >
              <option value="run">of each run</option>
              <option value="project">of each project</option>
            </select>
          </label>
        </div>
        <label className="check">
          <input type="checkbox" checked={draft.named} onChange={({ target }) => set({ named: target.checked })} />
          What its name calls best, last or final
        </label>
        <p className="t2">
          Whatever this says, what is pinned, locked or referred to stays, and so does the last complete checkpoint of every run. What
          cannot be told to be complete is never let go.
        </p>
      </div>
    </Dialog>
  );
}

function Count({
  label,
  hint,
  value,
  least = 0,
  isDisabled = false,
  onChange,
}: {
  label: string;
  hint?: string;
  value: number;
  least?: number;
  isDisabled?: boolean;
  onChange: (value: number) => void;
}) {
  return (
    <label className="field">
      <span>{label}</span>
      <input
        className="input num"
        type="number"
        inputMode="numeric"
        min={least}
        max={100_000}
        value={value}
        disabled={isDisabled}
        onChange={({ target }) => onChange(Math.min(100_000, Math.max(least, Math.round(Number(target.value) || 0))))}
      />
      {hint === undefined ? null : <small>{hint}</small>}
    </label>
  );
}
