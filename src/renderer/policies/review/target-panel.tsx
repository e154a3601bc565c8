import { type FormEvent, useState } from 'react';
import type { LifecycleConfiguration } from '../../../contract/lifecycle.ts';
import { Button } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { RemoteFields, useRemoteForm } from '../../frame/remote-fields.tsx';
import { usePricedAt, useSession, useSnapshot } from '../../state/session.ts';
import { useReview } from './use-review.ts';

/** Which bucket, and how to reach it. */
export function TargetPanel({ policy }: { policy: LifecycleConfiguration | undefined }) {
  const at = usePricedAt();
  const snapshot = useSnapshot();
  const remembered = useSession((state) => state.remote);
  const rememberRemote = useSession((state) => state.rememberRemote);
  const { stage, plan, error, makePlan } = useReview();
  const form = useRemoteForm(remembered);
  const [bucket, setBucket] = useState(plan?.target.bucket ?? (snapshot?.isSample ? '' : (snapshot?.bucket ?? '')));
  const [convertLegacy, setConvertLegacy] = useState(false);
  const busy = stage === 'planning' || stage === 'applying' || stage === 'rollingBack';
  const other = snapshot !== undefined && bucket.trim() !== '' && bucket.trim() !== snapshot.bucket;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (at === null || policy === undefined) return;
    rememberRemote(form.remote);
    void makePlan(at, bucket.trim(), policy, form.remote, convertLegacy);
  };
  return (
    <Panel title="Target" note="credentials come from the AWS SDK’s default chain">
      <form className="stack" onSubmit={submit}>
        <label className="field">
          <span>Bucket</span>
          <input
            className="input mono"
            value={bucket}
            onChange={(event) => setBucket(event.target.value)}
            required
            spellCheck={false}
            autoComplete="off"
          />
        </label>
        <RemoteFields form={form} />
        {error?.code === 'LegacyRules' ? (
          <label className="check">
            <input type="checkbox" checked={convertLegacy} onChange={(event) => setConvertLegacy(event.target.checked)} />
            Respell the bucket’s legacy rules with the same meaning
          </label>
        ) : null}
        {snapshot?.isSample ? (
          <p className="warn">
            The figures come from sample data ({snapshot.bucket}), not from the bucket named here. What the rules would do there is not
            known.
          </p>
        ) : other ? (
          <p className="warn">The figures come from a snapshot of {snapshot.bucket}, another bucket than the one named here.</p>
        ) : null}
        <div className="row">
          <Button
            kind={plan === undefined ? 'primary' : 'plain'}
            type="submit"
            disabled={busy || policy === undefined || bucket.trim() === ''}
          >
            {stage === 'planning' ? 'Making the plan' : plan === undefined ? 'Make a plan' : 'Make the plan again'}
          </Button>
          <span className="t3">reads only</span>
        </div>
      </form>
    </Panel>
  );
}
