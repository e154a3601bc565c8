import { KINDS, type Kind } from '../../contract/vocabulary.ts';
import { formatBytes, formatCount } from '../report/format.ts';
import type { Group } from '../units/unit-builder.ts';
import { type Draft, idOf, lowest, type ProposalInput } from './draft.ts';

/** Kinds whose replaced versions may go by age: nothing counts on them. What nobody knows is left alone as well. */
const AGEING: ReadonlySet<Kind> = new Set(['dataset', 'checkpoint', 'checkpoint_incomplete', 'experiment', 'log', 'model', 'temporary']);
export const isAgeing = KINDS.map((kind) => AGEING.has(kind));

/** Versions that were replaced or deleted, by first folder; the cells tell what there is of them. */
export function noncurrentDraft({ options }: ProposalInput, path: string): Draft {
  const days = options.noncurrentDays;
  return {
    id: idOf('noncurrent', path),
    kind: 'noncurrent',
    path,
    action: { do: 'expireNoncurrent', days },
    units: [],
    isWhole: false,
    risk: 'low',
    risks: [`what was replaced or deleted could no longer be brought back after ${formatCount(days)} days`],
    confidence: 'high',
    evidence: [`noncurrent for ${formatCount(days)} days or more`],
    protected: [],
  };
}

export const markersDraft = (): Draft => ({
  id: idOf('markers', ''),
  kind: 'markers',
  path: '',
  action: { do: 'removeMarkers' },
  units: [],
  isWhole: true,
  risk: 'low',
  risks: [],
  confidence: 'high',
  evidence: ['nothing lies behind them: they hide nothing, cost next to nothing, and slow listings down'],
  protected: [],
});

/** null where no upload is old enough, or the source cannot tell. */
export function uploadsDraft({ uploads, options, asOfMs }: ProposalInput): Draft | null {
  const days = options.uploadDays;
  if (uploads === null || !uploads.some(({ initiatedMs }) => asOfMs - initiatedMs >= days * 86_400_000)) return null;
  return {
    id: idOf('uploads', ''),
    kind: 'uploads',
    path: '',
    action: { do: 'abortUploads', days },
    units: [],
    isWhole: false,
    risk: 'low',
    risks: [`an upload that takes more than ${formatCount(days)} days would be lost`],
    confidence: 'high',
    evidence: [`begun ${formatCount(days)} days ago or more and not ended`],
    protected: [],
  };
}

/** Worth a person's time from here on. */
const LEAST_TEXT_BYTES = 2 ** 30;

/** Text as it is, dataset by dataset. How much it would shrink nobody measured: only the bytes are told. */
export function textDrafts({ units, groups }: ProposalInput): Draft[] {
  const byGroup = Map.groupBy(
    units.filter(({ kind, textBytes }) => kind === 'dataset' && textBytes > 0),
    ({ group }) => group,
  );
  return [...byGroup].flatMap(([group, own]) => {
    const bytes = own.reduce((sum, { textBytes }) => sum + textBytes, 0);
    if (bytes < LEAST_TEXT_BYTES) return [];
    const { path } = groups[group] as Group;
    return {
      id: idOf('text', path),
      kind: 'text' as const,
      path,
      action: { do: 'rewrite' as const },
      units: own,
      isWhole: true,
      risk: 'medium' as const,
      risks: ['readers have to be changed as well', 'how much it shrinks is not known until some of it is tried'],
      confidence: lowest(own),
      evidence: [`${formatBytes(bytes)} of it are text as it is (CSV, JSON and the like), by the names of its files`],
      protected: [],
    };
  });
}
