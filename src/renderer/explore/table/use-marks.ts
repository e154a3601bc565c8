import { useRef } from 'react';
import { nodeId } from '../node-id.ts';
import { useExplore } from '../state.ts';
import type { Rows } from './rows.ts';

/** Ranges are drawn over loaded rows only; longer ones would mark what nobody has seen. */
const MOST_IN_RANGE = 5000;

/** Marking several rows: one by one, or everything between two. Marks are ids, so sorting keeps them. */
export function useMarks(rows: Rows) {
  /** Where a range begins. */
  const anchor = useRef<string | null>(null);
  const { mark } = useExplore.getState();
  const range = (from: number, to: number): string[] => {
    const ids: string[] = [];
    for (let at = Math.min(from, to); at <= Math.max(from, to) && ids.length < MOST_IN_RANGE; at++) {
      const node = rows.at(at)?.node;
      if (node != null) ids.push(nodeId(node));
    }
    return ids;
  };
  return {
    /** A plain move or click: nothing stays marked. */
    startAt: (id: string | null): void => {
      anchor.current = id;
      if (useExplore.getState().marked.size > 0) mark([]);
    },
    /** Takes one row along or leaves it out. */
    toggle: (id: string): void => {
      const { marked, selection } = useExplore.getState();
      const next = new Set(marked.size === 0 && selection !== null ? [selection] : marked);
      if (!next.delete(id)) next.add(id);
      anchor.current = id;
      mark([...next]);
    },
    /** Everything from the row the range began at to this one. */
    extendTo: (at: number): void => {
      anchor.current ??= useExplore.getState().selection;
      const from = anchor.current === null ? at : rows.indexOf(anchor.current);
      mark(range(from < 0 ? at : from, at));
    },
  };
}
