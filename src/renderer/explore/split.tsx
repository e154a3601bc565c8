import { type KeyboardEvent, type PointerEvent, type RefObject, useState } from 'react';

const KEY = 'isotherm.explore.split';
const DEFAULT = 0.56;
const LEAST = 0.2;
const MOST = 0.85;
const STEP = 0.02;

/** The share of the height the upper pane takes, kept between starts. */
export function useSplit(): [number, (share: number) => void] {
  const [share, setShare] = useState(recall);
  const change = (wanted: number): void => {
    const next = clampSplit(wanted);
    setShare(next);
    try {
      localStorage.setItem(KEY, String(next));
    } catch {
      // A browser that keeps nothing still resizes until it closes.
    }
  };
  return [share, change];
}

const clampSplit = (share: number): number => Math.min(MOST, Math.max(LEAST, Math.round(share * 1000) / 1000));

function recall(): number {
  try {
    const kept = Number(localStorage.getItem(KEY) ?? DEFAULT);
    return Number.isFinite(kept) ? clampSplit(kept) : DEFAULT;
  } catch {
    return DEFAULT;
  }
}

/** The border between map and table: dragged, or moved with the arrows, Home and End; a double click puts it back. */
export function Separator({
  share,
  onChange,
  panes,
}: {
  share: number;
  onChange: (share: number) => void;
  panes: RefObject<HTMLElement | null>;
}) {
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    const box = panes.current?.getBoundingClientRect();
    if (box === undefined || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    onChange((event.clientY - box.top) / box.height);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = { ArrowUp: share - STEP, ArrowDown: share + STEP, Home: LEAST, End: MOST }[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    onChange(to);
  };
  const operable = {
    tabIndex: 0,
    onPointerMove,
    onKeyDown,
    onPointerDown: (event: PointerEvent<HTMLElement>) => event.currentTarget.setPointerCapture(event.pointerId),
    onDoubleClick: () => onChange(DEFAULT),
  };
  return (
    <hr
      {...operable}
      className="separator"
      aria-orientation="horizontal"
      aria-label="Height of the map"
      aria-controls="explore-map explore-tree"
      aria-valuemin={LEAST * 100}
      aria-valuemax={MOST * 100}
      aria-valuenow={Math.round(share * 100)}
    />
  );
}
