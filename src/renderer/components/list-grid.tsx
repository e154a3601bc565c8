import { ArrowDown, ArrowUp, Check } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import { useSettings } from '../state/settings.ts';
import { HEADER_PX, ROW_PX, useVirtualRows } from './virtual-rows.ts';

/** A table by element, so that its rows and cells are such; a grid by role, so that it takes the focus and keys. */
const GRID = { role: 'grid', tabIndex: 0, 'aria-multiselectable': true };
const MOST_IN_RANGE = 5000;

export interface GridColumn<T, K extends string> {
  /** Also its class: "cell-" and this. */
  readonly key: K;
  readonly label: string;
  readonly title?: string;
  readonly isSortable: boolean;
  readonly isFigure: boolean;
  cell(row: T): ReactNode;
}

/**
 * A long list in columns: one row is looked at, any number are marked. The focus stays on the grid, which names its active row, so
 * that no refresh can lose it; marks are ids, so that sorting and filtering leave them alone.
 */
export function ListGrid<T, K extends string>({
  label,
  className,
  rows,
  columns,
  idOf,
  nameOf,
  sort,
  selection,
  marked,
  onSort,
  onSelect,
  onMark,
}: {
  label: string;
  className: string;
  rows: readonly T[];
  columns: readonly GridColumn<T, K>[];
  idOf: (row: T) => string;
  nameOf: (row: T) => string;
  sort: { readonly key: K; readonly descending: boolean };
  selection: string | null;
  marked: ReadonlySet<string>;
  onSort: (key: K) => void;
  onSelect: (id: string) => void;
  onMark: (ids: Iterable<string>) => void;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const anchor = useRef<string | null>(null);
  const prefix = useId();
  const rowPx = ROW_PX[useSettings((state) => state.resolvedDensity)];
  const virtual = useVirtualRows(scroller, rows.length, rowPx, HEADER_PX);
  const { top, first, last } = virtual.window;
  const indexOf = (id: string | null): number => (id === null ? -1 : rows.findIndex((row) => idOf(row) === id));
  const activeAt = indexOf(selection);
  const elementId = (at: number): string => `${prefix}-${at}`;

  const revealed = useRef<string | null>(null);
  useEffect(() => {
    if (selection === null || activeAt < 0 || revealed.current === selection) return;
    revealed.current = selection;
    virtual.scrollToRow(activeAt, 'nearest');
  }, [virtual.scrollToRow, selection, activeAt]);

  const toggle = (id: string): void => {
    const next = new Set(marked);
    if (!next.delete(id)) next.add(id);
    anchor.current = id;
    onMark(next);
  };
  const extendTo = (at: number): void => {
    const from = indexOf(anchor.current ?? selection);
    const [low, high] = from < 0 ? [at, at] : [Math.min(from, at), Math.max(from, at)];
    anchor.current ??= selection;
    onMark([...marked, ...rows.slice(low, Math.min(high + 1, low + MOST_IN_RANGE)).map(idOf)]);
  };
  const goTo = (wanted: number, isRange: boolean): void => {
    const at = Math.max(0, Math.min(rows.length - 1, wanted));
    const row = rows[at];
    if (row === undefined) return;
    if (isRange) extendTo(at);
    else anchor.current = null;
    onSelect(idOf(row));
    virtual.scrollToRow(at, 'nearest');
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.altKey) return;
    const isCommand = event.ctrlKey || event.metaKey;
    if (isCommand && event.key.toLowerCase() === 'a') onMark(rows.map(idOf));
    else if (isCommand) return;
    else if (event.key === ' ' && selection !== null) toggle(selection);
    else if (event.key === 'Escape' && marked.size > 0) onMark([]);
    else {
      const page = Math.max(1, Math.floor(virtual.viewPx / rowPx) - 1);
      const to = {
        ArrowDown: activeAt + 1,
        ArrowUp: activeAt - 1,
        PageDown: activeAt + page,
        PageUp: activeAt - page,
        Home: 0,
        End: rows.length - 1,
      }[event.key];
      if (to === undefined) return;
      goTo(to, event.shiftKey);
    }
    event.preventDefault();
  };
  const onClick = (event: MouseEvent): void => {
    const target = event.target instanceof Element ? event.target : null;
    const index = target?.closest<HTMLElement>('[data-index]')?.dataset.index;
    const row = index === undefined ? undefined : rows[Number(index)];
    if (row === undefined) return;
    if (target?.closest('[data-mark]') != null || event.ctrlKey || event.metaKey) toggle(idOf(row));
    else if (event.shiftKey) extendTo(Number(index));
    else goTo(Number(index), false);
  };
  const isActiveShown = activeAt >= first && activeAt < last;
  return (
    <div ref={scroller} className="tree-scroll scroll">
      <div className="tree-space" style={{ height: virtual.heightPx }}>
        <table
          className={`tree ${className}`}
          style={{ height: virtual.viewPx + HEADER_PX }}
          {...GRID}
          aria-label={label}
          aria-rowcount={rows.length + 1}
          {...(isActiveShown ? { 'aria-activedescendant': elementId(activeAt) } : {})}
          onKeyDown={onKeyDown}
          onClick={onClick}
        >
          <thead>
            <tr className="tree-header" aria-rowindex={1}>
              <th scope="col" className="cell-mark">
                <span className="visually-hidden">Marked</span>
              </th>
              {columns.map((column) => (
                <HeaderCell key={column.key} column={column} sort={sort} onSort={onSort} />
              ))}
            </tr>
          </thead>
          <tbody className="tree-body" style={{ transform: `translateY(${first * rowPx - top}px)` }}>
            {rows.slice(first, last).map((row, at) => {
              const id = idOf(row);
              const index = first + at;
              const isMarked = marked.has(id);
              return (
                <tr
                  key={id}
                  id={elementId(index)}
                  data-index={index}
                  aria-rowindex={index + 2}
                  className={`tree-row ${index === activeAt ? 'active' : ''}`}
                  aria-selected={index === activeAt || isMarked}
                >
                  <td className="cell-mark">
                    <span className={`mark-box ${isMarked ? 'on' : ''}`} data-mark title={`Mark ${nameOf(row)} (Space)`}>
                      {isMarked ? <Check size={11} strokeWidth={3} aria-hidden="true" /> : null}
                      <span className="visually-hidden">{isMarked ? 'marked' : ''}</span>
                    </span>
                  </td>
                  {columns.map((column) => (
                    <td key={column.key} className={`cell-${column.key} ${column.isFigure ? 'num' : ''}`}>
                      {column.cell(row)}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function HeaderCell<T, K extends string>({
  column,
  sort,
  onSort,
}: {
  column: GridColumn<T, K>;
  sort: { readonly key: K; readonly descending: boolean };
  onSort: (key: K) => void;
}) {
  const { key, label, title, isFigure, isSortable } = column;
  const isSorted = key === sort.key;
  const order = !isSorted ? 'none' : sort.descending ? 'descending' : 'ascending';
  const Arrow = sort.descending ? ArrowDown : ArrowUp;
  return (
    <th scope="col" className={`cell-${key} ${isFigure ? 'num' : ''}`} title={title} {...(isSortable ? { 'aria-sort': order } : {})}>
      {isSortable ? (
        <button type="button" onClick={() => onSort(key)}>
          {label}
          {isSorted ? <Arrow size={11} strokeWidth={2} aria-hidden="true" /> : null}
        </button>
      ) : (
        label
      )}
    </th>
  );
}
