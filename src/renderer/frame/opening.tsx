import { Button } from '../components/button.tsx';
import { ErrorNote, ProgressBar, progressWords } from '../components/states.tsx';
import { useSession } from '../state/session.ts';
import { Isotherms } from './mark.tsx';

/** The first screen: what is being opened, how far it is, and how to open something else. */
export function Opening() {
  const status = useSession((state) => state.status);
  const failure = useSession((state) => state.failure);
  const progress = useSession((state) => state.opening);
  const start = useSession((state) => state.start);
  const showOpenDialog = useSession((state) => state.showOpenDialog);
  const empty = status === 'ready';
  return (
    <section className="opening scroll" aria-labelledby="opening-title">
      <div className="opening-inner">
        <Isotherms />
        <h1 id="opening-title">See what a bucket keeps and what that costs.</h1>
        {failure !== undefined ? (
          <ErrorNote error={failure} title="The sample workspace could not be opened." onRetry={() => void start()} />
        ) : empty ? (
          <p className="t2">This index holds no snapshot yet.</p>
        ) : (
          <div role="status">
            <p className="t2">
              Opening the sample workspace. The first time, a sample inventory of about 200,000 versions is written and scanned like any
              other.
            </p>
            <p className="row opening-progress">
              <ProgressBar progress={progress} />
              <span>{progress === undefined ? 'Starting' : progressWords(progress)}</span>
            </p>
          </div>
        )}
        <div className="row">
          <Button kind={failure === undefined ? 'plain' : 'primary'} onClick={() => showOpenDialog(true)}>
            Open an inventory <kbd className="kbd">Ctrl O</kbd>
          </Button>
        </div>
        <dl className="facts">
          <dt>Reads</dt>
          <dd>S3 Inventory reports in CSV, from a folder or a bucket; a live listing</dd>
          <dt>Writes</dt>
          <dd>one index file on this machine; to a bucket only what you review and apply</dd>
          <dt>Needs on S3</dt>
          <dd className="mono">s3:GetObject, s3:ListBucket, s3:GetLifecycleConfiguration</dd>
        </dl>
      </div>
    </section>
  );
}
