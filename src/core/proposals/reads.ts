import { formatCount } from '../report/format.ts';
import type { ProposalInput } from './draft.ts';

/** What the logs can say of the last so many days before a snapshot. */
export interface ReadsKnown {
  /** Every one of these days has a log: what was not seen was not read. */
  readonly isKnown: boolean;
  readonly words: string;
}

export function readsKnown({ days, asOfMs }: Pick<ProposalInput, 'days' | 'asOfMs'>, lastDays: number): ReadsKnown {
  const today = Math.floor(asOfMs / 86_400_000);
  const seen = days.within(today - lastDays, today - 1);
  if (seen >= lastDays) return { isKnown: true, words: `every one of the last ${formatCount(lastDays)} days has an access log` };
  if (seen === 0) return { isKnown: false, words: 'reads are unknown: no access logs' };
  return { isKnown: false, words: `reads are known for ${formatCount(seen)} of the last ${formatCount(lastDays)} days` };
}
