import { Check, CircleX } from 'lucide-react';
import { formatCount } from '../../core/report/format.ts';
import { Button } from '../components/button.tsx';
import { ProgressBar, progressWords } from '../components/states.tsx';
import { END_WORDS, type Job, useJobs } from '../state/jobs.ts';
import { useSession, useSnapshot } from '../state/session.ts';

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
          {snapshot === undefined ? '' : ` · ${formatCount(snapshot.rows)} rows`}
        </span>
      )}
      <span className="visually-hidden" role="status" aria-live="polite">
        {announcement}
      </span>
    </footer>
  );
}

function JobLine({ job }: { job: Job }) {
  const running = job.state === 'running' || job.state === 'cancelling';
  return (
    <>
      <span className="strong ellipsis">{job.title}</span>
      {running ? (
        <>
          <ProgressBar progress={job.progress} />
          <span className="nowrap">{job.progress === undefined ? 'starting' : progressWords(job.progress)}</span>
          {job.perSecond === undefined || job.perSecond < 1 ? null : <span className="nowrap">{formatCount(job.perSecond)} /s</span>}
          <Button kind="quiet" onClick={job.cancel} disabled={job.state === 'cancelling'}>
            {job.state === 'cancelling' ? 'Stopping' : 'Cancel'}
          </Button>
        </>
      ) : (
        <span className={`row ${job.state === 'done' ? 'ok' : job.state === 'failed' ? 'bad' : ''}`}>
          {job.state === 'done' ? (
            <Check size={14} aria-hidden="true" />
          ) : job.state === 'failed' ? (
            <CircleX size={14} aria-hidden="true" />
          ) : null}
          {END_WORDS[job.state]}
        </span>
      )}
    </>
  );
}
