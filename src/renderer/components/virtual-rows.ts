import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';

/** Browsers clamp an element's height (Chromium near 33 million px); longer lists are scrolled in larger steps than they move. */
const MOST_PX = 8_000_000;

/** Heights of rows (styles/rows.css). */
export const HEADER_PX = 24;
export const ROW_PX = { compact: 24, cosy: 32 } as const;

/** Where a list of rows of one height stands, in the list's own pixels. */
export interface Window {
  /** How far the list is moved up: row i lies at i * rowPx - top. */
  readonly top: number;
  readonly first: number;
  /** One past the last row that is in sight, in part or whole. */
  readonly last: number;
}

/** The part of a list in sight of `viewPx` when it is moved up by `top`. */
export function windowAt(top: number, viewPx: number, rowPx: number, count: number): Window {
  const most = Math.max(0, count * rowPx - viewPx);
  const at = Math.min(Math.max(0, top), most);
  return { top: at, first: Math.max(0, Math.floor(at / rowPx)), last: Math.min(count, Math.ceil((at + viewPx) / rowPx)) };
}

/** How a long list is mapped onto a scroll bar: its height there, and how many list pixels one scroll pixel is. */
export function scaleOf(count: number, rowPx: number, viewPx: number): { readonly heightPx: number; readonly perPx: number } {
  const whole = count * rowPx;
  if (whole <= MOST_PX || viewPx <= 0) return { heightPx: whole, perPx: 1 };
  return { heightPx: MOST_PX, perPx: (whole - viewPx) / (MOST_PX - viewPx) };
}

/**
 * Rows of one height in a scrolled element, any number of them. The rows lie in a part that sticks to the top of the element and
 * move only when they are drawn anew: what scrolls by itself could show nothing before the script had its turn.
 * `scroller` scrolls, and holds an element `heightPx` high with the sticking part in it.
 */
export function useVirtualRows(scroller: RefObject<HTMLElement | null>, count: number, rowPx: number, headerPx: number) {
  const [view, setView] = useState({ viewPx: 0, top: 0 });
  const { viewPx } = view;
  const { heightPx, perPx } = scaleOf(count, rowPx, viewPx);
  const latest = useRef({ count, rowPx, perPx, viewPx, top: view.top });
  latest.current = { count, rowPx, perPx, viewPx, top: view.top };
  /** Where the scroll bar was put last: a scroll event elsewhere is the person's. */
  const expected = useRef(0);

  const moveTo = useCallback(
    (wanted: number, by: 'bar' | 'wheel' | 'script'): void => {
      const element = scroller.current;
      const now = latest.current;
      if (element === null) return;
      const top = Math.min(Math.max(0, wanted), Math.max(0, now.count * now.rowPx - now.viewPx));
      latest.current = { ...now, top };
      if (by !== 'bar') {
        expected.current = Math.round(top / now.perPx);
        element.scrollTop = expected.current;
      }
      const draw = (): void => setView((before) => (before.top === top ? before : { ...before, top }));
      // Drawn before the next frame is: what is in sight and where the bar stands belong together.
      if (by === 'script') draw();
      else flushSync(draw);
    },
    [scroller],
  );

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = (): void => {
      const px = Math.max(0, element.clientHeight - headerPx);
      setView((before) => (before.viewPx === px ? before : { ...before, viewPx: px }));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    const onScroll = (): void => {
      if (Math.abs(element.scrollTop - expected.current) < 1) return;
      expected.current = element.scrollTop;
      moveTo(element.scrollTop * latest.current.perPx, 'bar');
    };
    const onWheel = (event: WheelEvent): void => {
      // A list that fits the bar scrolls by itself.
      if (latest.current.perPx === 1 || event.ctrlKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
      event.preventDefault();
      const unit =
        event.deltaMode === WheelEvent.DOM_DELTA_LINE
          ? latest.current.rowPx
          : event.deltaMode === WheelEvent.DOM_DELTA_PAGE
            ? latest.current.viewPx
            : 1;
      moveTo(latest.current.top + event.deltaY * unit, 'wheel');
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', onScroll);
      element.removeEventListener('wheel', onWheel);
    };
  }, [scroller, headerPx, moveTo]);

  // Fewer or lower rows may leave the list moved too far.
  useEffect(() => {
    const { top, viewPx: px } = latest.current;
    const most = Math.max(0, count * rowPx - px);
    if (top > most) moveTo(most, 'script');
  }, [count, rowPx, moveTo]);

  const scrollToRow = useCallback(
    (row: number, align: 'nearest' | 'center'): void => {
      const { rowPx: px, viewPx: room, top } = latest.current;
      const [from, to] = [row * px, (row + 1) * px];
      if (align === 'center') {
        if (from < top || to > top + room) moveTo(from - (room - px) / 2, 'script');
      } else if (from < top) moveTo(from, 'script');
      else if (to > top + room) moveTo(to - room, 'script');
    },
    [moveTo],
  );

  return {
    window: windowAt(view.top, viewPx, rowPx, count),
    heightPx: heightPx + headerPx,
    viewPx,
    scrollToRow,
    scrollToTop: useCallback(() => moveTo(0, 'script'), [moveTo]),
  };
}
