import { formatDay, formatShare } from '../../core/report/format.ts';
import { useQuery } from './query.ts';
import { usePricedAt } from './session.ts';

/** What is known of reads below a prefix: undefined while it is asked, null where no log was ever read. */
export interface Evidence {
  /** Share of the bytes in units whose last access is known. */
  readonly share: number;
  readonly words: string;
  /** The days that logs tell of, as dates. */
  readonly from: string;
  readonly to: string;
}

export function useEvidence(prefix = ''): Evidence | null | undefined {
  const at = usePricedAt();
  const { data, error } = useQuery('access.summary', at === null ? null : { ...at, prefix, limit: 1 });
  // What cannot be told is not known.
  if (error !== undefined) return null;
  if (data === undefined) return undefined;
  const { window, temperatures } = data;
  if (window === null) return null;
  const all = temperatures.reduce((sum, { bytes }) => sum + bytes, 0);
  const unknown = temperatures.find(({ temperature }) => temperature === 'unknown')?.bytes ?? 0;
  const share = all > 0 ? (all - unknown) / all : 0;
  return { share, from: formatDay(window.firstDay), to: formatDay(window.lastDay), words: `known for ${formatShare(share)}` };
}
