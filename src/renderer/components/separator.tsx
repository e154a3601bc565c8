import type { KeyboardEvent, PointerEvent, RefObject } from 'react';
import { usePanes } from '../state/panes.ts';

const STEP = 0.02;

export interface PaneLimits {
  readonly initial: number;
  readonly least: number;
  readonly most: number;
}

/** The share of the room the first of two panes takes, kept between starts. */
export function usePaneShare(name: string, { initial, least, most }: PaneLimits): number {
  const share = usePanes((state) => state.shares[name]) ?? initial;
  return Math.min(most, Math.max(least, share));
}

/**
 * The border between two panes: dragged, or moved with the arrows, Home and End; a double click puts it back.
 * `panes` is the element whose height (or width) the share is of. `fromEnd`: the share is of the second pane.
 */
export function Separator({
  name,
  label,
  controls,
  limits,
  panes,
  isVertical = false,
  fromEnd = false,
}: {
  name: string;
  label: string;
  controls: string;
  limits: PaneLimits;
  panes: RefObject<HTMLElement | null>;
  isVertical?: boolean;
  fromEnd?: boolean;
}) {
  const share = usePaneShare(name, limits);
  const { resize } = usePanes.getState();
  const to = (wanted: number): void => resize(name, Math.min(limits.most, Math.max(limits.least, wanted)));
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    const box = panes.current?.getBoundingClientRect();
    if (box === undefined || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const along = isVertical ? (event.clientX - box.left) / box.width : (event.clientY - box.top) / box.height;
    to(fromEnd ? 1 - along : along);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const sign = fromEnd ? -1 : 1;
    const [less, more] = isVertical ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    const wanted =
      event.key === less
        ? share - sign * STEP
        : event.key === more
          ? share + sign * STEP
          : event.key === 'Home'
            ? limits.least
            : event.key === 'End'
              ? limits.most
              : undefined;
    if (wanted === undefined) return;
    event.preventDefault();
    to(wanted);
  };
  const operable = {
    tabIndex: 0,
    onPointerMove,
    onKeyDown,
    onPointerDown: (event: PointerEvent<HTMLElement>) => event.currentTarget.setPointerCapture(event.pointerId),
    onDoubleClick: () => to(limits.initial),
  };
  return (
    <hr
      {...operable}
      className={`separator ${isVertical ? 'upright' : ''}`.trim()}
      aria-orientation={isVertical ? 'vertical' : 'horizontal'}
      aria-label={label}
      aria-controls={controls}
      aria-valuemin={Math.round(limits.least * 100)}
      aria-valuemax={Math.round(limits.most * 100)}
      aria-valuenow={Math.round(share * 100)}
    />
  );
}
