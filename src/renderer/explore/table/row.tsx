import { ChevronRight } from 'lucide-react';
import { memo } from 'react';
import type { Node } from '../../../contract/index-views.ts';
import { STORAGE_CLASSES } from '../../../contract/vocabulary.ts';
import { formatAge, formatBytes, formatCount, formatDay, formatExactBytes, formatShare } from '../../../core/report/format.ts';
import { ClassBadge } from '../../components/badge.tsx';
import { InCellBar, MixBar } from '../../components/bars.tsx';
import { cssVars } from '../../components/css-vars.ts';
import { classToken } from '../../theme/colors.ts';
import { rowName, visibleKey } from '../key-text.ts';
import { moneyText } from '../money-text.ts';
import { nodeId } from '../node-id.ts';
import { useExplore } from '../state.ts';
import type { Row } from './rows.ts';

export const rowElementId = (index: number): string => `explore-row-${index}`;

type Props = {
  row: Row;
  index: number;
  isSelected: boolean;
  isMarked: boolean;
  isExpanded: boolean;
  asOfDay: number;
};

/** One row of the tree. A row whose page is still loading keeps its place as an empty one. */
export const TreeRow = memo(function TreeRow({ row, index, isSelected, isMarked, isExpanded, asOfDay }: Props) {
  const { node, level } = row;
  const isHovered = useExplore((state) => node !== null && state.hovered === nodeId(node));
  const place = {
    id: rowElementId(index),
    'data-index': index,
    'aria-rowindex': index + 2,
    'aria-level': level,
    'aria-posinset': row.position + 1,
    'aria-setsize': row.siblings,
    style: cssVars({ level: level - 1 }),
  } as const;
  if (node === null) {
    return (
      <tr {...place} className="tree-row loading" aria-busy="true">
        <td className="cell-name">
          <span className="visually-hidden">loading</span>
          <i className="skeleton" />
        </td>
      </tr>
    );
  }
  const opens = node.type === 'directory' && node.childCount > 0;
  return (
    <tr
      {...place}
      className={`tree-row ${isHovered ? 'hovered' : ''} ${isSelected ? 'active' : ''}`}
      aria-selected={isSelected || isMarked}
      {...(opens ? { 'aria-expanded': isExpanded } : {})}
    >
      <td className="cell-name" title={visibleKey(node.path)}>
        <Expander isShown={opens} isOpen={isExpanded} />
        <bdi className={level === 1 && node.type === 'directory' ? 'ellipsis strong' : 'ellipsis'}>{rowName(node)}</bdi>
        <State node={node} />
      </td>
      <Figures node={node} parentBytes={row.parentBytes} asOfDay={asOfDay} />
    </tr>
  );
});

/** For the pointer only: Left and Right do the same from the keyboard. The table watches for clicks on it. */
function Expander({ isShown, isOpen }: { isShown: boolean; isOpen: boolean }) {
  return (
    <span className={`expander ${isOpen ? 'open' : ''}`} aria-hidden="true" {...(isShown ? { 'data-toggle': true } : {})}>
      {isShown ? <ChevronRight size={12} strokeWidth={2} /> : null}
    </span>
  );
}

function State({ node }: { node: Node }) {
  if (node.version === undefined || (node.version.isLatest && !node.version.isDeleteMarker)) return null;
  return <span className="row-state">{node.version.isDeleteMarker ? 'delete marker' : 'noncurrent'}</span>;
}

function Figures({ node, parentBytes, asOfDay }: { node: Node; parentBytes: number; asOfDay: number }) {
  const share = parentBytes > 0 ? node.bytes / parentBytes : 0;
  const newest = node.newestWriteDay;
  return (
    <>
      <td className="cell-share">
        <InCellBar share={share}>{formatShare(share)}</InCellBar>
      </td>
      <td className="cell-size num strong" title={formatExactBytes(node.bytes)}>
        {formatBytes(node.bytes)}
      </td>
      <td className="cell-versions num">{formatCount(node.versions)}</td>
      <td className="cell-written num" title={newest === null ? undefined : formatDay(newest)}>
        {newest === null ? <span className="t3">unknown</span> : formatAge(asOfDay - newest)}
      </td>
      <td className="cell-mix">
        <ClassMix node={node} />
      </td>
      <td className="cell-cost num">
        <span className={node.monthlyNanoUsd === null ? 't3' : ''}>{moneyText(node)}</span>
      </td>
      <td className="cell-dark num t2">{node.bytes === 0 ? '–' : formatShare(node.noncurrentBytes / node.bytes)}</td>
    </>
  );
}

function ClassMix({ node }: { node: Node }) {
  const parts = hotToCold(node.bytesByClass);
  const [only, ...others] = parts;
  if (only === undefined) return null;
  if (others.length === 0) return <ClassBadge storageClass={only[0]} />;
  const words = parts.map(([name, bytes]) => `${name} ${formatShare(node.bytes > 0 ? bytes / node.bytes : 0)}`).join(', ');
  return (
    <span className="mix-cell" title={words}>
      <MixBar parts={parts.map(([key, value]) => ({ key, value, token: classToken(key) }))} />
      <span className="visually-hidden">{words}</span>
    </span>
  );
}

const RANKS = new Map<string, number>(STORAGE_CLASSES.map(({ name }, rank) => [name, rank]));

/** One order for every row, so that mixes can be compared down the column; classes nobody knows come last. */
function hotToCold(split: Node['bytesByClass']): Node['bytesByClass'] {
  const rank = (name: string): number => RANKS.get(name) ?? RANKS.size;
  return split.filter(([, bytes]) => bytes > 0 || split.length === 1).sort(([a], [b]) => rank(a) - rank(b));
}
