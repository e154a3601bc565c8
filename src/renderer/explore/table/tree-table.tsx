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
import { HEADER_PX, ROW_PX, useVirtualRows } from '../../components/virtual-rows.ts';
import { usePanes } from '../../state/panes.ts';
import { useSettings } from '../../state/settings.ts';
import { nodeId, pathOfId } from '../node-id.ts';
import { useExplore } from '../state.ts';
import { copyRows } from './copy-rows.ts';
import { TreeHeader } from './header.tsx';
import { actOn } from './keyboard.ts';
import type { ListingStore, Loaded } from './listings.ts';
import { rowElementId, TreeRow } from './row.tsx';
import { missingPages, type Row, Rows, type TreeModel } from './rows.ts';
import { useMarks } from './use-marks.ts';
import { useReveal } from './use-reveal.ts';
import { useSteadyRows } from './use-steady-rows.ts';

/** A table by element, so that its rows and cells are such; a treegrid by role, so that it takes the focus and keys. */
const TREEGRID = { role: 'treegrid', tabIndex: 0, 'aria-multiselectable': true };

/** Rows loaded ahead on either side of what is in sight. */
const AHEAD = 60;

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
  const scroller = useRef<HTMLDivElement>(null);
  const selection = useExplore((state) => state.selection);
  const marked = useExplore((state) => state.marked);
  const expanded = useExplore((state) => state.expanded);
  const { select, hover, expand, collapse } = useExplore.getState();
  const rowPx = ROW_PX[useSettings((state) => state.resolvedDensity)];

  const model = useMemo((): TreeModel => ({ root: prefix, listings: loaded.listings, expanded }), [prefix, loaded, expanded]);
  const rows = useMemo(() => new Rows(model), [model]);
  const selectedAt = useMemo(() => (selection === null ? -1 : rows.indexOf(selection)), [rows, selection]);
  const marks = useMarks(rows);
  /** The selection last brought into sight. */
  const revealed = useRef<string | null>(null);
  /** A row to go to whose page is not there yet. */
  const [awaited, setAwaited] = useState<number | null>(null);
  const activeAt = awaited ?? selectedAt;
  const virtual = useVirtualRows(scroller, rows.count, rowPx, HEADER_PX);
  const { first, last } = virtual.window;
  const shown = useSteadyRows(rows, virtual.window, prefix, rowPx);

  useEffect(() => {
    void store.load(prefix, 0);
    store.want([...missingPages(rows, model, first, last), ...missingPages(rows, model, first - AHEAD, last + AHEAD)]);
  }, [store, prefix, rows, model, first, last]);

  // Another directory begins at its top; the grid and the focus on it stay.
  const listed = useRef(prefix);
  useLayoutEffect(() => {
    if (listed.current === prefix) return;
    listed.current = prefix;
    revealed.current = null;
    setAwaited(null);
    virtual.scrollToTop();
  }, [virtual.scrollToTop, prefix]);

  useReveal(store, prefix, selection);
  useEffect(() => {
    if (selection === null || selectedAt < 0 || revealed.current === selection) return;
    revealed.current = selection;
    virtual.scrollToRow(selectedAt, 'center');
  }, [virtual.scrollToRow, selection, selectedAt]);

  const goTo = useCallback(
    (to: number): void => {
      const node = rows.at(to)?.node ?? null;
      setAwaited(node === null ? to : null);
      if (node !== null) {
        revealed.current = nodeId(node);
        select(nodeId(node));
      }
      virtual.scrollToRow(to, 'nearest');
    },
    [rows, virtual.scrollToRow, select],
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

  const onKeyDown = (event: KeyboardEvent<HTMLTableElement>): void => {
    if (event.target !== event.currentTarget) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'c') {
      copyRows(rows, marked.size > 0 ? marked : new Set(selection === null ? [] : [selection]));
      event.preventDefault();
      return;
    }
    if (event.key === ' ') {
      if (event.shiftKey && selection !== null) marks.toggle(selection);
      else usePanes.getState().toggleDetails();
      event.preventDefault();
      return;
    }
    const act = actOn(event, rows, activeAt, expanded, Math.max(1, Math.floor(virtual.viewPx / rowPx) - 1));
    if (act === null) return;
    event.preventDefault();
    if (act.do === 'move') {
      if (event.shiftKey) marks.extendTo(act.to);
      else marks.startAt(rows.at(act.to)?.node == null ? null : nodeId(rows.at(act.to)?.node as never));
      goTo(act.to);
    } else if (act.do === 'up') onUp();
    else if (act.do === 'drill') onDrill(act.path);
    else toggle(act.path);
  };

  const under = (event: MouseEvent | PointerEvent): { readonly row: Row | null; readonly index: number; readonly isToggle: boolean } => {
    const target = event.target instanceof Element ? event.target : null;
    const index = target?.closest<HTMLElement>('[data-index]')?.dataset.index;
    return {
      row: index === undefined ? null : rows.at(Number(index)),
      index: index === undefined ? -1 : Number(index),
      isToggle: target?.closest('[data-toggle]') != null,
    };
  };
  const onClick = (event: MouseEvent): void => {
    const { row, index, isToggle } = under(event);
    if (row?.node == null) return;
    const id = nodeId(row.node);
    if (isToggle) toggle(row.node.path);
    else if (event.shiftKey) marks.extendTo(index);
    else if (event.ctrlKey || event.metaKey) marks.toggle(id);
    else {
      marks.startAt(id);
      select(id);
    }
  };
  const onDoubleClick = (event: MouseEvent): void => {
    const { row, isToggle } = under(event);
    if (row?.node?.type === 'directory' && !isToggle) onDrill(row.node.path);
  };
  const isActiveShown = activeAt >= shown.first && activeAt < shown.first + shown.rows.length;
  return (
    <div ref={scroller} className="tree-scroll scroll" id="explore-tree">
      <div className="tree-space" style={{ height: virtual.heightPx }}>
        <table
          className="tree"
          style={{ height: virtual.viewPx + HEADER_PX }}
          {...TREEGRID}
          aria-label={label}
          aria-rowcount={rows.count + 1}
          {...(isActiveShown ? { 'aria-activedescendant': rowElementId(activeAt) } : {})}
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
          <tbody className="tree-body" style={{ transform: `translateY(${shown.first * rowPx - shown.top}px)` }}>
            {shown.rows.map((row, at) => {
              const index = shown.first + at;
              const id = row.node === null ? null : nodeId(row.node);
              return (
                <TreeRow
                  key={index}
                  row={row}
                  index={index}
                  isSelected={index === activeAt}
                  isMarked={id !== null && marked.has(id)}
                  isExpanded={row.node !== null && expanded.has(row.node.path)}
                  asOfDay={asOfDay}
                />
              );
            })}
          </tbody>
        </table>
      </div>
    </div>
  );
}
