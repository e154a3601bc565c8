import type { JobListing, JobPlan, JobReport, JobStatus, UnfinishedJob } from '../../../contract/batch-job.ts';
import { operationInWords } from '../../../core/jobs/words.ts';
import { formatBytes, formatCount, formatInstant, formatMoney } from '../../../core/report/format.ts';
import { argument, facts, list, paragraphs, table } from './table.ts';

const money = (nanoUsd: string | null): string => (nanoUsd === null ? 'no price in the list' : formatMoney(nanoUsd));
const count = (value: number | null): string => (value === null ? '' : formatCount(value));
const at = (instant: string | null): string => (instant === null ? '' : formatInstant(instant));

export function jobPlanWords(plan: JobPlan, path: string): string {
  const { manifest, target } = plan;
  return paragraphs(
    facts([
      ['Bucket', target.bucket],
      ['Account', `${target.account}, ${target.region}`],
      ['Would', operationInWords(plan.operation, plan.versions)],
      ['Bytes', formatBytes(plan.bytes)],
      [
        'List',
        `${formatCount(manifest.rows)} lines, ${formatBytes(manifest.sizeBytes)}, to s3://${manifest.place.bucket}/${manifest.place.key}`,
      ],
      ['Report', `s3://${plan.report.place.bucket}/${plan.report.place.key}`],
      ['Buckets of both belong to', `${target.owner}${target.owner === target.account ? '' : ' (named with --owner)'}`],
      ['Role', plan.roleArn],
      ['Costs once', money(plan.totalNanoUsd)],
      ...(plan.monthlyNanoUsd === '0' ? [] : [['Costs a month', money(plan.monthlyNanoUsd)] as const]),
      ['Hash', plan.hash],
      ['Written to', path],
    ]),
    table(
      [
        { title: 'Charge', of: ({ what }) => what },
        { title: 'Amount', align: 'right', of: ({ nanoUsd }) => money(nanoUsd) },
      ],
      plan.cost,
    ),
    list('Needs a second person', plan.approval.reasons),
    list('Warnings', plan.warnings),
    `Create it with: isotherm job create ${argument(path)} --hash ${plan.hash}${plan.approval.required ? ' --approval FILE' : ''}`,
  );
}

export const createdWords = (plan: JobPlan, jobId: string, path: string): string =>
  paragraphs(
    facts([
      ['Job', jobId],
      ['State', 'created; it waits until it is confirmed'],
    ]),
    `Confirm it with: isotherm job confirm ${argument(path)} --hash ${plan.hash} --job ${jobId} --confirm "${plan.confirmation}"`,
    `Cancel it with: isotherm job cancel --job ${jobId} --account ${plan.target.account} --region ${plan.target.region}`,
  );

export const jobStatusWords = (status: JobStatus): string =>
  paragraphs(
    facts([
      ['Job', status.jobId],
      ['State', status.state === 'Suspended' ? 'Suspended: it waits for confirmation' : status.state],
      ['What', status.description],
      ...(status.stateReason === '' ? [] : [['Because', status.stateReason] as const]),
      ['Created', at(status.createdAt)],
      ['Ended', at(status.endedAt)],
      ['Tasks', count(status.total)],
      ['Succeeded', count(status.succeeded)],
      ['Failed', count(status.failed)],
    ]),
    list(
      'Why it failed',
      status.failureReasons.map(({ code, reason }) => `${code}: ${reason}`),
    ),
  );

export const jobListWords = (jobs: readonly JobListing[]): string =>
  jobs.length === 0
    ? 'There are no jobs.'
    : table(
        [
          { title: 'Job', of: (job) => job.jobId },
          { title: 'State', of: (job) => job.state },
          { title: 'Created', of: (job) => at(job.createdAt) },
          { title: 'Tasks', align: 'right', of: (job) => count(job.total) },
          { title: 'Succeeded', align: 'right', of: (job) => count(job.succeeded) },
          { title: 'Failed', align: 'right', of: (job) => count(job.failed) },
          { title: 'What', of: (job) => job.description || job.operation },
        ],
        jobs,
      );

export const unfinishedJobsWords = (open: readonly UnfinishedJob[]): string =>
  open.length === 0
    ? 'Every request about a job was answered; there is nothing to take up.'
    : paragraphs(
        ...open.flatMap((one) => [
          facts([
            ['Request', `${one.act}, sent ${formatInstant(one.at)}`],
            ['Account', `${one.account}, ${one.region}`],
            ['Job', one.jobId ?? ''],
            ['Now', one.words],
          ]),
          list('What you can do', one.next),
        ]),
      );

export const jobReportWords = (report: JobReport): string =>
  paragraphs(
    facts([
      ['Job', report.jobId],
      ['Succeeded', formatCount(report.succeeded)],
      ['Failed', formatCount(report.failed)],
    ]),
    report.byError.length === 0
      ? ''
      : table(
          [
            { title: 'Error', of: ({ code, status }) => `${code} ${status}` },
            { title: 'Tasks', align: 'right', of: ({ tasks }) => formatCount(tasks) },
          ],
          report.byError,
        ),
    list(
      'First failures',
      report.failures.map(
        ({ key, versionId, code, message }) => `${key}${versionId === null ? '' : ` (${versionId})`}: ${code} ${message}`,
      ),
    ),
  );
