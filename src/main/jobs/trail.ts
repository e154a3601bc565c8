import type { AppError } from '../../contract/errors.ts';
import type { AuditEvent, AuditLine } from '../../contract/journal.ts';
import type { Result } from '../../contract/result.ts';
import { appendEvent } from '../apply/journal.ts';
import { isUnanswered } from '../s3/errors.ts';

/** Whose audit trail, and what time it is. */
export interface Trail {
  readonly dataDir: string;
  readonly now: () => Date;
  readonly by: string;
}

export const JOB_ACTS = ['create', 'confirm', 'cancel'] as const;
export type JobAct = (typeof JOB_ACTS)[number];

const DONE = { create: 'jobCreated', confirm: 'jobConfirmed', cancel: 'jobCancelled' } as const satisfies Record<
  JobAct,
  AuditEvent['event']
>;

/** A request about a job, as the trail keeps it from before it is sent. */
export interface JobRequested {
  readonly act: JobAct;
  readonly bucket: string | null;
  /** The hash of the plan for a creation, else the id of the job. */
  readonly subject: string;
  /** Enough to find the job again: account, region, endpoint; of a creation its list as well. */
  readonly details: Readonly<Record<string, string>>;
}

/**
 * Notes a request before it is sent and what came of it after. Where it may have taken effect all the same it stays open.
 * `jobOf`: the job that a result is about; `isCertain`: that after this failure nothing has happened and nothing will.
 */
export async function traced<T>(
  { dataDir, now, by }: Trail,
  { act, bucket, subject, details }: JobRequested,
  send: () => Promise<Result<T>>,
  jobOf: (value: T) => string,
  isCertain: (error: AppError) => boolean = (error) => !isUnanswered(error),
): Promise<Result<T>> {
  const asked = appendEvent(dataDir, now(), { event: 'jobRequested', by, bucket, subject, details: { act, ...details } });
  if (!asked.ok) return asked;
  const result = await send();
  if (!result.ok && !isCertain(result.error)) return result;
  const request = String(asked.value.sequence);
  const noted = appendEvent(
    dataDir,
    now(),
    result.ok
      ? { event: DONE[act], by, bucket, subject: jobOf(result.value), details: { act, request, ...details } }
      : { event: 'jobRefused', by, bucket, subject, details: { act, request, code: result.error.code, ...details } },
  );
  return noted.ok ? result : noted;
}

/** Requests whose answer was never noted; a later success about the same plan or job closes them. */
export function openRequests(lines: readonly AuditLine[]): AuditEvent[] {
  const open = new Map<number, AuditEvent>();
  for (const line of lines) {
    if (!('event' in line)) continue;
    if (line.event === 'jobRequested') open.set(line.sequence, line);
    open.delete(Number(line.details.request));
    if (!Object.values<string>(DONE).includes(line.event)) continue;
    for (const [sequence, { subject }] of open) if (subject === line.subject || subject === line.details.plan) open.delete(sequence);
  }
  return [...open.values()];
}
