import { type FormEvent, useState } from 'react';
import type { AppError } from '../../contract/errors.ts';
import { type ProofFacts, VERSIONINGS } from '../../contract/prove.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { ErrorNote } from '../components/states.tsx';
import { RemoteFields, useRemoteForm } from '../frame/remote-fields.tsx';
import { askBucket, sayFacts, useKnownBucket } from '../state/bucket-state.ts';
import { useSession, useSnapshot } from '../state/session.ts';

const LOCKS = ['unknown', 'none', 'lock'] as const;

/** What proofs may rest on: asked of the bucket, or said by a person. What is unknown proves nothing. */
export function FactsDialog({ facts, onClose }: { facts: ProofFacts; onClose: () => void }) {
  const snapshot = useSnapshot();
  const known = useKnownBucket();
  const session = useSession();
  const form = useRemoteForm(session.remote);
  const [error, setError] = useState<AppError>();
  const [isAsking, setIsAsking] = useState(false);
  const lock = typeof facts.objectLock === 'string' ? facts.objectLock : 'lock';
  const defaultDays = typeof facts.objectLock === 'string' ? null : facts.objectLock.defaultRetentionDays;
  const ask = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (snapshot === undefined) return;
    setIsAsking(true);
    session.rememberRemote(form.remote);
    setError(await askBucket(snapshot.bucket, form.remote));
    setIsAsking(false);
  };
  return (
    <Dialog title="What is known of the bucket" onClose={onClose}>
      <form className="dialog-form" onSubmit={(event) => void ask(event)}>
        <div className="dialog-body">
          <div className="field-row">
            <label className="field">
              <span>Versioning</span>
              <select
                className="input"
                value={facts.versioning}
                onChange={(event) => sayFacts({ ...facts, versioning: event.target.value as ProofFacts['versioning'] })}
              >
                {VERSIONINGS.map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
            </label>
            <label className="field">
              <span>Replication</span>
              <select
                className="input"
                value={facts.replication}
                onChange={(event) => sayFacts({ ...facts, replication: event.target.value as ProofFacts['replication'] })}
              >
                {['unknown', 'none', 'configured'].map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
            </label>
          </div>
          <div className="field-row">
            <label className="field">
              <span>Object Lock</span>
              <select
                className="input"
                value={lock}
                onChange={(event) => {
                  const value = event.target.value as (typeof LOCKS)[number];
                  sayFacts({ ...facts, objectLock: value === 'lock' ? { defaultRetentionDays: null } : value });
                }}
              >
                <option value="unknown">unknown</option>
                <option value="none">none</option>
                <option value="lock">on</option>
              </select>
            </label>
            {lock === 'lock' ? (
              <label className="field">
                <span>Default retention, days</span>
                <input
                  className="input"
                  inputMode="numeric"
                  value={defaultDays ?? ''}
                  placeholder="none"
                  onChange={(event) => {
                    const digits = event.target.value.replace(/\D/g, '').slice(0, 5);
                    const days = digits === '' ? null : Math.min(36_500, Number(digits));
                    sayFacts({ ...facts, objectLock: { defaultRetentionDays: days } });
                  }}
                />
              </label>
            ) : null}
          </div>
          {snapshot?.isSample ? (
            <p className="t3">The sample bucket is taken as versioned, without Object Lock, not replicated, until you say otherwise.</p>
          ) : (
            <>
              <p className="t2">
                Or ask <bdi className="strong">{snapshot?.bucket}</bdi> itself: its rules, versioning, Object Lock and replication. Reads
                only.
              </p>
              <RemoteFields form={form} />
              {known.unknown.length === 0 ? null : <p className="warn">Could not be asked: {known.unknown.join('; ')}</p>}
              {error === undefined ? null : <ErrorNote error={error} title="The bucket could not be asked." />}
            </>
          )}
        </div>
        <div className="dialog-foot">
          <span className="grow t3">
            {known.askedAt === null ? 'What is unknown proves nothing' : `The bucket was asked on ${known.askedAt.slice(0, 10)}`}
          </span>
          {snapshot?.isSample ? null : (
            <Button type="submit" disabled={isAsking}>
              {isAsking ? 'Asking' : 'Ask the bucket'}
            </Button>
          )}
          <Button kind="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
