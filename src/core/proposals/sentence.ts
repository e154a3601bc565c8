import type { ProposalKind } from '../../contract/proposals.ts';
import { formatBytes, formatCount, formatMoney } from '../report/format.ts';

const NOUNS: Readonly<Record<ProposalKind, readonly [one: string, many: string]>> = {
  checkpoint: ['stale checkpoint', 'stale checkpoints'],
  unfinished: ['unfinished checkpoint', 'unfinished checkpoints'],
  cold: ['dataset version that can become cold', 'dataset versions that can become cold'],
  experiment: ['run that its tracker gave up', 'runs that their tracker gave up'],
  log: ['log unit past its retention', 'log units past their retention'],
  temporary: ['left-over of a program', 'left-overs of programs'],
  noncurrent: ['replaced or deleted version', 'replaced or deleted versions'],
  markers: ['delete marker with nothing behind it', 'delete markers with nothing behind them'],
  uploads: ['upload that was never ended', 'uploads that were never ended'],
  text: ['dataset version with plain text', 'dataset versions with plain text'],
};

/** "3 stale checkpoints" */
export const counted = (kind: ProposalKind, count: number): string => `${formatCount(count)} ${NOUNS[kind][count === 1 ? 0 : 1]}`;

export interface Said {
  readonly kind: ProposalKind;
  readonly count: number;
  readonly bytes: number;
  readonly monthlyNanoUsd: string | null;
  /** What is known of reads; '' where nobody reads such things. */
  readonly use: string;
}

/** "N stale checkpoints, X TiB, $Y a month, nothing in use" */
export function sentenceOf({ kind, count, bytes, monthlyNanoUsd, use }: Said): string {
  const money = monthlyNanoUsd === null ? 'price unknown' : `${formatMoney(monthlyNanoUsd)} a month`;
  const parts = kind === 'markers' ? [counted(kind, count)] : [counted(kind, count), formatBytes(bytes), money];
  return [...parts, ...(use === '' ? [] : [use])].join(', ');
}
