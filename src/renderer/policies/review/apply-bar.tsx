import { CircleCheck, Lock } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { Plan } from '../../../contract/plan.ts';
import { isPhrase } from '../../../core/apply/confirmation.ts';
import { formatBytes } from '../../../core/report/format.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNote, Waiting } from '../../components/states.tsx';
import { useJobs } from '../../state/jobs.ts';
import { useReview } from './use-review.ts';

/** The one place that writes: open only after the phrase of the plan, or the bucket's name, was typed. */
export function ApplyBar({ plan }: { plan: Plan }) {
  const { stage, result, error, apply, discard } = useReview();
  const job = useJobs(({ jobs }) => jobs.at(-1));
  const [typed, setTyped] = useState('');
  const [accepted, setAccepted] = useState(plan.needs.length === 0);
  const { bucket } = plan.target;
  const phrase = plan.confirmation ?? bucket;
  const writes = plan.changes.filter(({ change }) => change !== 'kept').length;
  const matches = isPhrase(typed, phrase) && accepted;

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
    if (matches) void apply(typed);
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
            Type <code>{phrase}</code> to allow apply
          </span>
          <span className="t2 apply-words">{consequence(plan)}</span>
        </label>
        {plan.needs.length === 0 ? null : (
          <label className="check" title={plan.needs.map(({ words }) => words).join(' ')}>
            <input type="checkbox" checked={accepted} onChange={(event) => setAccepted(event.target.checked)} />
            {plan.needs.some(({ consent }) => consent === 'otherSnapshot') ? 'Apply without figures of this bucket' : 'Apply all the same'}
          </label>
        )}
        <input
          id="typed-bucket"
          className="input mono typed"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          spellCheck={false}
          autoComplete="off"
          placeholder={plan.confirmation === null ? 'bucket name' : 'the words on the left'}
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
