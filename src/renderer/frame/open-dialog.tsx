import { type FormEvent, useState } from 'react';
import type { AppError } from '../../contract/errors.ts';
import type { ParamsIn } from '../../contract/methods.ts';
import { isTableAddress } from '../../core/sql-rollup/address.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Segmented } from '../components/segmented.tsx';
import { ErrorNote, Waiting } from '../components/states.tsx';
import { useFlash } from '../state/flash.ts';
import { useJobs } from '../state/jobs.ts';
import { useOverlays } from '../state/overlays.ts';
import { NOTHING_WRITTEN, useSession } from '../state/session.ts';
import { ReachCheck } from './connect/reach-check.tsx';
import { RemoteFields, useRemoteForm } from './remote-fields.tsx';

type Kind = 'inventory' | 'listing' | 'index';

const KINDS = [
  { value: 'inventory', label: 'Inventory report' },
  { value: 'listing', label: 'Live listing' },
  { value: 'index', label: 'Existing index' },
] as const;

const HINTS: Record<Kind, string> = {
  inventory:
    'A manifest.json, its folder, a copy of the destination bucket, or s3://bucket/prefix/; for very large buckets a table: athena://workgroup/catalog.database.table or trino://host:port/catalog.schema.table',
  listing: 'Bucket or s3://bucket/prefix; listing asks S3 page by page and costs requests',
  index: 'An index file written by an earlier scan',
};

/** Opens a source: scans it into an index with progress, then shows it. */
export function OpenDialog() {
  const session = useSession();
  const form = useRemoteForm(session.remote);
  const [kind, setKind] = useState<Kind>('inventory');
  const [location, setLocation] = useState('');
  const [index, setIndex] = useState('');
  const [error, setError] = useState<AppError>();
  const [jobId, setJobId] = useState<number>();
  const job = useJobs(({ jobs }) => jobs.find(({ id }) => id === jobId));
  const busy = jobId !== undefined;
  const close = useOverlays((state) => state.close);

  // The estimate is in the refusal; to send the same again is to agree to it.
  const mustAgree = error?.code === 'CostNotConfirmed';

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setError(undefined);
    if (kind === 'index') {
      await session.openIndex(location.trim());
      close();
      return;
    }
    session.rememberRemote(form.remote);
    const params: ParamsIn<'index.scan'> = {
      source: sourceOf(kind, location.trim(), form.remote, mustAgree),
      index: index.trim() || defaultIndexPath(session.info?.dataDir ?? '.', location.trim()),
      ...(form.remote.region === undefined ? {} : { region: form.remote.region }),
    };
    const scanned = session.scan(params);
    setJobId(useJobs.getState().jobs.at(-1)?.id);
    const failure = await scanned;
    setJobId(undefined);
    // With the dialog closed meanwhile, the frame is the place to say it.
    if (useOverlays.getState().shown !== 'open') {
      if (failure !== undefined) useFlash.getState().fail(failure, `${location.trim()} could not be opened.`, NOTHING_WRITTEN);
    } else if (failure === undefined) close();
    else setError(failure);
  };

  return (
    <Dialog title="Open" onClose={close}>
      <form onSubmit={(event) => void submit(event)} className="dialog-form">
        <div className="dialog-body">
          <Segmented label="What to open" options={KINDS} value={kind} onChange={setKind} />
          <label className="field">
            <span>{kind === 'listing' ? 'Bucket' : 'Path or address'}</span>
            <input
              className="input mono"
              value={location}
              onChange={(event) => {
                setLocation(event.target.value);
                setError(undefined);
              }}
              required
              spellCheck={false}
              autoComplete="off"
              placeholder={
                kind === 'listing' ? 's3://bucket/prefix/' : kind === 'index' ? 'bucket.isotherm.db' : '/inventory/ or s3://bucket/prefix/'
              }
            />
            <small>{HINTS[kind]}</small>
          </label>
          {kind === 'index' ? null : (
            <>
              <label className="field">
                <span>Index file</span>
                <input
                  className="input mono"
                  value={index}
                  onChange={(event) => setIndex(event.target.value)}
                  spellCheck={false}
                  autoComplete="off"
                  placeholder={
                    location.trim() === '' ? 'chosen from the source' : defaultIndexPath(session.info?.dataDir ?? '.', location.trim())
                  }
                />
                <small>An index that exists gains a snapshot; nothing in it is lost</small>
              </label>
              <RemoteFields form={form} />
              {bucketOf(kind, location.trim()) === undefined ? null : (
                <ReachCheck bucket={bucketOf(kind, location.trim()) ?? ''} remote={form.remote} />
              )}
            </>
          )}
          {busy ? <Waiting what="Starting" progress={job?.progress} /> : null}
          {error === undefined ? null : <ErrorNote error={error} consequence={NOTHING_WRITTEN} />}
        </div>
        <div className="dialog-foot">
          <span className="grow t3">{busy ? 'Closing this dialog leaves the scan running' : 'Reading only'}</span>
          {busy ? (
            <Button onClick={() => job?.cancel()}>Cancel the scan</Button>
          ) : (
            <Button kind="primary" type="submit" disabled={location.trim() === ''}>
              {kind === 'index' ? 'Open' : mustAgree ? 'Agree and run the query' : 'Scan and open'}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

function sourceOf(
  kind: 'inventory' | 'listing',
  location: string,
  remote: ReturnType<typeof useRemoteForm>['remote'],
  agreed: boolean,
): ParamsIn<'index.scan'>['source'] {
  if (kind === 'inventory' && isTableAddress(location)) {
    return { kind: 'table', address: location, remote, ...(agreed ? { confirm: 'any' } : {}) };
  }
  if (kind === 'inventory') return { kind, location, remote };
  const [, bucket = '', prefix = ''] = /^(?:s3:\/\/)?([^/]*)\/?(.*)$/.exec(location) ?? [];
  return { kind, bucket, remote, ...(prefix === '' ? {} : { prefix }) };
}

/** The bucket that is named, where one is: "s3://bucket/prefix/", or for a listing "bucket" alone. */
function bucketOf(kind: Kind, location: string): string | undefined {
  const [, scheme, bucket = ''] = /^(s3:\/\/)?([^/]*)/.exec(location) ?? [];
  if (kind === 'inventory' && scheme === undefined) return undefined;
  return /^[a-z0-9][a-z0-9._-]{1,254}$/i.test(bucket) ? bucket : undefined;
}

/** A file beside the sample workspace, named after the last part of the source. */
function defaultIndexPath(dataDir: string, location: string): string {
  const separator = dataDir.includes('\\') ? '\\' : '/';
  const last =
    location
      .replace(/[\\/]+(manifest\.json)?$/, '')
      .split(/[\\/]/)
      .at(-1) ?? '';
  const name = last.replace(/[^A-Za-z0-9._-]/g, '-') || 'workspace';
  return `${dataDir}${separator}${name}.isotherm.db`;
}
