import { CircleCheck, Lock } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { Plan } from '../../../contract/plan.ts';
import { formatBytes } from '../../../core/report/format.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNote, Waiting } from '../../components/states.tsx';
import { useJobs } from '../../state/jobs.ts';
import { useReview } from './use-review.ts';

/** The one place that writes: open only after the bucket's name was typed exactly. */
export function ApplyBar({ plan }: { plan: Plan }) {
  const { stage, result, error, apply, discard } = useReview();
  const job = useJobs(({ jobs }) => jobs.at(-1));
  const [typed, setTyped] = useState('');
  const { bucket } = plan.target;
  const writes = plan.changes.filter(({ change }) => change !== 'kept').length;
  const matches = typed === bucket;

  if (stage === 'applied' && result !== undefined) {
    return (
      <div className="apply-bar" role="status">
        <CircleCheck className={result.verified ? 'ok' : 'warn'} size={16} aria-hidden="true" />
        <div className="grow">
          <p className="strong">
            {!result.changed
              ? `${bucket} already held this configuration; nothing was written.`
              : result.verified
                ? `Applied and verified: ${bucket} was read back and means the same as the plan.`
                : `Applied to ${bucket}, but reading it back did not confirm it.`}
          </p>
          <p className="t2">
            Journal entry <code>{result.journalId}</code>
            {result.notes.length === 0 ? '' : `. ${result.notes.join(' ')}`}
          </p>
        </div>
        <Button onClick={discard}>Close the plan</Button>
      </div>
    );
  }
  if (stage === 'applying' || stage === 'rollingBack') {
    return (
      <div className="apply-bar">
        <Waiting what={stage === 'applying' ? `Writing to ${bucket} and reading back` : 'Rolling back'} progress={job?.progress} />
      </div>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (matches) void apply();
  };
  return (
    <>
      {error === undefined ? null : (
        <div className="apply-error">
          <ErrorNote error={error} title="The plan was not applied." />
        </div>
      )}
      <form className="apply-bar" onSubmit={submit}>
        <Lock className="t2" size={16} strokeWidth={1.5} aria-hidden="true" />
        <label className="grow" htmlFor="typed-bucket">
          <span className="strong">
            Type <code>{bucket}</code> to allow apply
          </span>
          <span className="t2 apply-words">{consequence(plan)}</span>
        </label>
        <input
          id="typed-bucket"
          className="input mono typed"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          spellCheck={false}
          autoComplete="off"
          placeholder="bucket name"
        />
        <Button kind="danger" type="submit" disabled={!matches}>
          {writes === 0 ? 'Apply, no rule changes' : `Apply ${writes} rule ${writes === 1 ? 'change' : 'changes'}`}
        </Button>
      </form>
    </>
  );
}

/** What applying could take away, from when. */
function consequence({ effect, deletes, inputs }: Plan): string {
  const { expired, firstExpiration } = effect.effects;
  const where = inputs.isSample ? ' in the sample data' : '';
  if (!deletes) return 'Nothing would be deleted.';
  if (expired.versions === 0)
    return `Nothing would be deleted for good within ${effect.months.length} months${where}, but the rules can delete.`;
  return `${formatBytes(expired.bytes)} would be deleted for good${where}${firstExpiration === null ? '' : `, starting ${firstExpiration}`}.`;
}
