import { CircleX } from 'lucide-react';
import type { ReactNode } from 'react';
import type { AppError } from '../../contract/errors.ts';
import type { Progress } from '../../contract/frames.ts';
import { formatBytes, formatCount } from '../../core/report/format.ts';
import { Button } from './button.tsx';
import { CopyButton } from './copy-button.tsx';
import { cssVars } from './css-vars.ts';

/** Nothing to show, and what would change that. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <h3>{title}</h3>
      {children}
    </div>
  );
}

/** A failure where its answer would be: what failed, what that means, the next step, and everything to copy. */
export function ErrorNote({
  error,
  title,
  consequence,
  onRetry,
}: {
  error: AppError;
  title?: string | undefined;
  consequence?: string | undefined;
  onRetry?: () => void;
}) {
  const text = errorText(error);
  return (
    <div className="error-note" role="alert">
      <CircleX className="icon-svg" size={16} aria-hidden="true" />
      <div className="grow">
        <p className="strong">{title ?? error.message}</p>
        {title === undefined ? null : <p>{error.message}</p>}
        {consequence === undefined ? null : <p>{consequence}</p>}
        <p>{error.next}</p>
        <details>
          <summary>Details</summary>
          <pre>{text}</pre>
          <CopyButton text={text} words="Copy details" kind="quiet" />
        </details>
      </div>
      {onRetry === undefined ? null : <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}

/** Every field of a failure, one per line. */
function errorText({ code, message, file, row, field, detail }: AppError): string {
  const lines = [`${code}: ${message}`];
  if (file !== undefined) lines.push(`file: ${file}`);
  if (row !== undefined) lines.push(`row: ${row}`);
  if (field !== undefined) lines.push(`field: ${field}`);
  if (detail !== undefined) lines.push(detail);
  return lines.join('\n');
}

/** Waiting, in words; with the phase and the count as soon as they are known. */
export function Waiting({ what, progress }: { what: string; progress?: Progress | undefined }) {
  return (
    <div className="waiting" role="status">
      <ProgressBar progress={progress} />
      <span>{progress === undefined ? `${what} …` : progressWords(progress)}</span>
    </div>
  );
}

/** A bar where the total is known, a moving one where it is not. */
export function ProgressBar({ progress }: { progress: Progress | undefined }) {
  const total = progress?.total;
  const share = progress === undefined || total === undefined || total === 0 ? undefined : Math.min(progress.done / total, 1);
  return (
    <span className={`progress ${share === undefined ? 'unknown' : ''}`.trim()} style={cssVars({ share: share ?? 1 })} aria-hidden="true">
      <i />
    </span>
  );
}

/** "reading rows, 120,000 of 200,000, 1.20 GiB". */
export function progressWords({ phase, done, total, bytes }: Progress): string {
  const parts = [phase];
  if (done > 0 || total !== undefined)
    parts.push(total === undefined ? formatCount(done) : `${formatCount(done)} of ${formatCount(total)}`);
  if (bytes !== undefined && bytes > 0) parts.push(formatBytes(bytes));
  return parts.join(', ');
}
