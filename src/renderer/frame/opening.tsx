import { useEffect, useState } from 'react';
import { Button } from '../components/button.tsx';
import { ErrorNote, ProgressBar, progressWords } from '../components/states.tsx';
import { useOverlays } from '../state/overlays.ts';
import { useSession } from '../state/session.ts';
import { Isotherms } from './mark.tsx';

/** The first screen: what is being opened, how far it is, and how to open something else. */
export function Opening() {
  const status = useSession((state) => state.status);
  const failure = useSession((state) => state.failure);
  const wanted = useSession((state) => state.wanted.index);
  const { start, openSample } = useSession.getState();
  const showOpenDialog = () => useOverlays.getState().show('open');
  const isShown = useDelay(wanted !== undefined && failure === undefined ? 400 : 0);
  if (!isShown) return <section className="opening" aria-busy="true" aria-label="Opening" />;
  return (
    <section className="opening scroll" aria-labelledby="opening-title">
      <div className="opening-inner">
        <Isotherms />
        <h1 id="opening-title">See what a bucket keeps and what that costs.</h1>
        {failure !== undefined ? (
          <ErrorNote
            error={failure}
            title={wanted === undefined ? 'The sample workspace could not be opened.' : `${wanted} could not be opened.`}
            onRetry={() => void start()}
          />
        ) : status === 'ready' ? (
          <p className="t2">This index holds no snapshot yet.</p>
        ) : (
          <Progressing wanted={wanted} />
        )}
        <div className="row">
          <Button kind={failure === undefined ? 'plain' : 'primary'} onClick={showOpenDialog}>
            Open an inventory <kbd className="kbd">Ctrl O</kbd>
          </Button>
          {wanted !== undefined || status === 'ready' ? (
            <Button kind="quiet" onClick={() => void openSample()}>
              Try the sample bucket
            </Button>
          ) : null}
        </div>
        <dl className="facts">
          <dt>Reads</dt>
          <dd>S3 Inventory reports from a folder or a bucket; a live listing</dd>
          <dt>Writes</dt>
          <dd>one index file on this machine; to a bucket only what you review and apply</dd>
          <dt>Needs on S3</dt>
          <dd className="mono">s3:GetObject, s3:ListBucket, s3:GetLifecycleConfiguration</dd>
        </dl>
      </div>
    </section>
  );
}

function Progressing({ wanted }: { wanted: string | undefined }) {
  const progress = useSession((state) => state.opening);
  return (
    <div role="status">
      <p className="t2">
        {wanted === undefined
          ? 'Opening the sample workspace. The first time, a sample inventory of about 200,000 versions is written and scanned like any other.'
          : `Opening ${wanted}.`}
      </p>
      <p className="row opening-progress">
        <ProgressBar progress={progress} />
        <span>{progress === undefined ? 'Starting' : progressWords(progress)}</span>
      </p>
    </div>
  );
}

/** True once so many milliseconds have passed: most workspaces are open before. */
function useDelay(ms: number): boolean {
  const [isOver, setIsOver] = useState(ms === 0);
  useEffect(() => {
    const timer = setTimeout(() => setIsOver(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return isOver || ms === 0;
}
