import { Check, Minus, X } from 'lucide-react';
import { useState } from 'react';
import type { Reach } from '../../../contract/connect.ts';
import type { AppError } from '../../../contract/errors.ts';
import type { Remote } from '../../../contract/remote.ts';
import { client } from '../../api/client.ts';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { ErrorNote } from '../../components/states.tsx';
import { useQuery } from '../../state/query.ts';

const WORDS = { granted: 'granted', denied: 'missing', notHere: 'not known to this service' } as const;

/** Which rights there are on a bucket, by its name alone; for those that are missing, the document to hand to an administrator. */
export function ReachCheck({ bucket, remote }: { bucket: string; remote: Remote }) {
  const [reach, setReach] = useState<Reach>();
  const [error, setError] = useState<AppError>();
  const [isBusy, setIsBusy] = useState(false);
  const check = async (): Promise<void> => {
    setIsBusy(true);
    const answer = await client.call('connect.reach', { bucket, remote });
    setIsBusy(false);
    setReach(answer.ok ? answer.value : undefined);
    setError(answer.ok ? undefined : answer.error);
  };
  const missing = reach?.rights.filter(({ state }) => state === 'denied') ?? [];
  return (
    <div className="reach">
      <div className="row">
        <Button disabled={isBusy || bucket === ''} onClick={() => void check()}>
          {isBusy ? 'Asking' : 'Check the rights'}
        </Button>
        <span className="t3">eight small requests that only read; buckets are never listed</span>
      </div>
      {error === undefined ? null : <ErrorNote error={error} title="The bucket could not be asked." />}
      {reach === undefined ? null : (
        <>
          <p role="status">
            <span className="strong">{reach.bucket}</span> in {reach.region}:{' '}
            {missing.length === 0
              ? 'everything that reading takes is granted'
              : `${missing.length} of ${reach.rights.length} rights are missing`}
          </p>
          <ul className="reach-rights">
            {reach.rights.map(({ action, what, state }) => {
              const Icon = state === 'granted' ? Check : state === 'denied' ? X : Minus;
              return (
                <li key={action}>
                  <Icon
                    className={state === 'granted' ? 'ok' : state === 'denied' ? 'bad' : 't3'}
                    size={13}
                    strokeWidth={2}
                    aria-hidden="true"
                  />
                  <span className="visually-hidden">{WORDS[state]}</span>
                  <code>{action}</code>
                  <span className="t2">{what}</span>
                </li>
              );
            })}
          </ul>
          {missing.length === 0 ? null : <RightsDocument bucket={reach.bucket} region={reach.region} />}
        </>
      )}
    </div>
  );
}

function RightsDocument({ bucket, region }: { bucket: string; region: string }) {
  const { data } = useQuery('rights.document', { profile: 'read', bucket, region });
  if (data === undefined) return null;
  const text = JSON.stringify(data.document, null, 2);
  return (
    <details className="rights-document">
      <summary>The IAM policy that grants them, to hand on</summary>
      <pre>{text}</pre>
      <CopyButton text={text} words="Copy the policy" kind="quiet" />
    </details>
  );
}
