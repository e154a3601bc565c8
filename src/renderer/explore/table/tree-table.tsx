import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { formatCount } from '../../../core/report/format.ts';
import { usePanes } from '../../state/panes.ts';
import { useSettings } from '../../state/settings.ts';
import { nodeId, pathOfId } from '../node-id.ts';
import { useExplore } from '../state.ts';
import { TreeHeader } from './header.tsx';
import { actOn, typeAhead } from './keyboard.ts';
import type { ListingStore, Loaded } from './listings.ts';
import { rowElementId, TreeRow } from './row.tsx';
import { missingPages, type Row, Rows, type TreeModel } from './rows.ts';
import { useReveal } from './use-reveal.ts';

/** A table by element, so that its rows and cells are such; a treegrid by role, so that it takes the focus and keys. */
const TREEGRID = { role: 'treegrid', tabIndex: 0 };

const HEADER_PX = 24;
const ROW_PX = { compact: 24, cosy: 32 } as const;
const TYPING_MS = 700;

/** The directory as a tree of rows. The focus stays on the grid itself, which names its active row, so that no refresh can lose it. */
export function TreeTable({
  prefix,
  label,
  store,
  loaded,
  asOfDay,
  onDrill,
  onUp,
}: {
  prefix: string;
  label: string;
  store: ListingStore;
  loaded: Loaded;
  asOfDay: number;
  onDrill: (prefix: string) => void;
  onUp: () => void;
}) {
  const grid = useRef<HTMLTableElement>(null);
  const selection = useExplore((state) => state.selection);
  const hovered = useExplore((state) => state.hovered);
  const expanded = useExplore((state) => state.expanded);
  const { select, hover, expand, collapse } = useExplore.getState();
  const { toggleDetails } = usePanes.getState();
  const density = useSettings((state) => state.resolvedDensity);
  const rowPx = ROW_PX[density];

  const model = useMemo((): TreeModel => ({ root: prefix, listings: loaded.listings, expanded }), [prefix, loaded, expanded]);
  const rows = useMemo(() => new Rows(model), [model]);
  const selectedAt = useMemo(() => (selection === null ? -1 : rows.indexOf(selection)), [rows, selection]);
  /** The selection last brought into sight. */
  const revealed = useRef<string | null>(null);
  /** A row to go to whose page is not there yet. */
  const [awaited, setAwaited] = useState<number | null>(null);
  const activeAt = awaited ?? selectedAt;

  const virtual = useVirtualizer({
    count: rows.count,
    getScrollElement: () => grid.current,
    estimateSize: () => rowPx,
    overscan: 12,
    scrollMargin: HEADER_PX,
    scrollPaddingStart: HEADER_PX,
    // The active row is always there to be named, wherever the scroll is.
    rangeExtractor: ({ startIndex, endIndex, overscan, count }) => {
      const indexes = new Set<number>(activeAt >= 0 && activeAt < count ? [activeAt] : []);
      for (let i = Math.max(0, startIndex - overscan); i <= Math.min(count - 1, endIndex + overscan); i++) indexes.add(i);
      return [...indexes].sort((a, b) => a - b);
    },
  });
  const shown = virtual.getVirtualItems();

  // Rows ask for their pages once they are on screen.
  useEffect(() => {
    void store.load(prefix, 0);
    for (const { prefix: directory, page } of missingPages(rows, model, shown[0]?.index ?? 0, shown.at(-1)?.index ?? 0)) {
      void store.load(directory, page);
    }
  }, [store, prefix, rows, model, shown]);

  useLayoutEffect(() => {
    if (rowPx > 0) virtual.measure();
  }, [virtual, rowPx]);

  // Another directory begins at its top; the grid and the focus on it stay.
  const listed = useRef(prefix);
  useLayoutEffect(() => {
    if (listed.current === prefix) return;
    listed.current = prefix;
    revealed.current = null;
    setAwaited(null);
    virtual.scrollToOffset(0);
  }, [virtual, prefix]);

  useReveal(store, prefix, selection);
  useEffect(() => {
    if (selection === null || selectedAt < 0 || revealed.current === selection) return;
    revealed.current = selection;
    const range = virtual.range;
    const isInSight = range !== null && selectedAt > range.startIndex && selectedAt < range.endIndex;
    if (!isInSight) virtual.scrollToIndex(selectedAt, { align: 'center' });
  }, [virtual, selection, selectedAt]);

  const goTo = useCallback(
    (to: number): void => {
      const node = rows.at(to)?.node ?? null;
      setAwaited(node === null ? to : null);
      if (node !== null) {
        revealed.current = nodeId(node);
        select(nodeId(node));
      }
      virtual.scrollToIndex(to, { align: 'auto' });
    },
    [rows, virtual, select],
  );
  useEffect(() => {
    if (awaited !== null && (rows.at(awaited)?.node ?? null) !== null) goTo(awaited);
  }, [awaited, rows, goTo]);

  const toggle = useCallback(
    (path: string): void => {
      if (!useExplore.getState().expanded.has(path)) {
        expand([path]);
        return;
      }
      collapse(path);
      const selected = useExplore.getState().selection;
      // What was selected inside is gone from sight; its directory takes its place.
      if (selected !== null && selected !== path && pathOfId(selected).startsWith(path)) select(path);
    },
    [expand, collapse, select],
  );

  const typed = useRef({ text: '', at: 0 });
  const onKeyDown = (event: KeyboardEvent<HTMLTableElement>): void => {
    if (event.target !== event.currentTarget) return;
    if (event.key === ' ') {
      event.preventDefault();
      toggleDetails();
      return;
    }
    const pageRows = Math.max(1, Math.floor(((grid.current?.clientHeight ?? 0) - HEADER_PX) / rowPx) - 1);
    const act = actOn(event, rows, activeAt, expanded, pageRows);
    if (act !== null) {
      event.preventDefault();
      if (act.do === 'move') goTo(act.to);
      else if (act.do === 'up') onUp();
      else if (act.do === 'drill') onDrill(act.path);
      else toggle(act.path);
    } else if (Array.from(event.key).length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      event.stopPropagation();
      const isNew = event.timeStamp - typed.current.at > TYPING_MS;
      typed.current = { text: isNew ? event.key : typed.current.text + event.key, at: event.timeStamp };
      const found = typeAhead(rows, Math.max(0, activeAt), typed.current.text);
      if (found >= 0) goTo(found);
    }
  };

  const under = (event: MouseEvent | PointerEvent): { readonly row: Row | null; readonly isToggle: boolean } => {
    const target = event.target instanceof Element ? event.target : null;
    const index = target?.closest<HTMLElement>('[data-index]')?.dataset.index;
    return { row: index === undefined ? null : rows.at(Number(index)), isToggle: target?.closest('[data-toggle]') != null };
  };
  const onClick = (event: MouseEvent): void => {
    const { row, isToggle } = under(event);
    if (row?.node == null) return;
    if (isToggle) toggle(row.node.path);
    else select(nodeId(row.node));
  };
  const onDoubleClick = (event: MouseEvent): void => {
    const { row, isToggle } = under(event);
    if (row?.node?.type === 'directory' && !isToggle) onDrill(row.node.path);
  };

  return (
    <table
      ref={grid}
      id="explore-tree"
      className="tree scroll"
      {...TREEGRID}
      aria-label={label}
      aria-rowcount={rows.count + 1}
      {...(activeAt >= 0 && activeAt < rows.count ? { 'aria-activedescendant': rowElementId(activeAt) } : {})}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onDoubleClick={onDoubleClick}
      onPointerMove={(event) => {
        const node = under(event).row?.node;
        hover(node == null ? null : nodeId(node));
      }}
      onPointerLeave={() => hover(null)}
    >
      <TreeHeader />
      <tbody className="tree-body" style={{ height: virtual.getTotalSize() }}>
        {shown.map(({ index, start }) => {
          const row = rows.at(index);
          if (row === null) return null;
          const id = row.node === null ? null : nodeId(row.node);
          return (
            <TreeRow
              key={index}
              row={row}
              index={index}
              start={start - HEADER_PX}
              isSelected={index === activeAt}
              isHovered={id !== null && id === hovered}
              isExpanded={row.node !== null && expanded.has(row.node.path)}
              asOfDay={asOfDay}
            />
          );
        })}
      </tbody>
      {rows.leftOut > 0 ? (
        <caption className="tree-note">{formatCount(rows.leftOut)} more rows are not listed; go into a directory to see its own.</caption>
      ) : null}
    </table>
  );
}
