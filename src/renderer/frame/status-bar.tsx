import { Check, CircleX, Pause } from 'lucide-react';
import { formatBytes, formatCount, formatDuration } from '../../core/report/format.ts';
import { Button } from '../components/button.tsx';
import { ProgressBar, progressWords } from '../components/states.tsx';
import { END_WORDS, type Job, secondsLeft, useJobs } from '../state/jobs.ts';
import { useSession, useSnapshot } from '../state/session.ts';

/** What runs and how far it is, and which file is open. */
export function StatusBar() {
  const jobs = useJobs((state) => state.jobs);
  const announcement = useJobs((state) => state.announcement);
  const index = useSession((state) => state.index);
  const snapshot = useSnapshot();
  const job = jobs.at(-1);
  return (
    <footer className="foot">
      {job === undefined ? <span>Nothing running</span> : <JobLine job={job} />}
      {jobs.length > 1 ? <span className="t3">and {jobs.length - 1} more</span> : null}
      <span className="grow" />
      {index === undefined ? null : (
        <span className="foot-file ellipsis" title={index}>
          {snapshot?.isSample ? 'sample workspace' : index.split(/[\\/]/).at(-1)}
          {snapshot === undefined ? '' : ` · ${formatCount(snapshot.rows)} rows · ${snapshot.asOf.slice(0, 10)} UTC`}
        </span>
      )}
      <span className="visually-hidden" role="status" aria-live="polite">
        {announcement}
      </span>
    </footer>
  );
}

const ICONS = { done: Check, failed: CircleX, paused: Pause } as const;

function JobLine({ job }: { job: Job }) {
  const isAlive = job.state === 'running' || job.state === 'cancelling' || job.state === 'paused';
  const left = secondsLeft(job);
  const Icon = job.state in ICONS ? ICONS[job.state as keyof typeof ICONS] : undefined;
  return (
    <>
      <span className="strong ellipsis">{job.title}</span>
      {isAlive ? (
        <>
          <ProgressBar progress={job.progress} />
          <span className="ellipsis">{job.progress === undefined ? 'starting' : progressWords(job.progress)}</span>
          {job.state !== 'running' || job.perSecond === undefined || job.perSecond < 1 ? null : (
            <span className="nowrap">{formatCount(job.perSecond)} /s</span>
          )}
          {job.state !== 'running' || job.bytesPerSecond === undefined ? null : (
            <span className="nowrap">{formatBytes(job.bytesPerSecond)} /s</span>
          )}
          {left === undefined ? null : <span className="nowrap">ETA {formatDuration(left)}</span>}
          {job.canPause && job.state !== 'cancelling' ? (
            <Button kind="quiet" onClick={job.state === 'paused' ? job.resume : job.pause}>
              {job.state === 'paused' ? 'Go on' : 'Pause'}
            </Button>
          ) : null}
          <Button kind="quiet" onClick={job.cancel} disabled={job.state === 'cancelling'}>
            {job.state === 'cancelling' ? 'Stopping' : 'Cancel'}
          </Button>
        </>
      ) : null}
      {job.state === 'running' || job.state === 'cancelling' ? null : (
        <span className={`row ${job.state === 'done' ? 'ok' : job.state === 'failed' ? 'bad' : 'warn'}`}>
          {Icon === undefined ? null : <Icon size={14} aria-hidden="true" />}
          {END_WORDS[job.state]}
        </span>
      )}
    </>
  );
}
