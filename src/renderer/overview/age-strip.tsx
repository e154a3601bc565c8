import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { AGE_CUTS } from '../../contract/ages.ts';
import { useSize } from '../charts/use-size.ts';
import { ageToken } from '../theme/colors.ts';
import { LAST_CUT, rangeWords, useBrush } from './brush.ts';

const HEIGHT = 56;
const CUTS = LAST_CUT + 1;

/**
 * The ages in fine steps, and a brush over them: drag across the strip, or a handle of it. By keyboard a handle moves with the
 * arrows, by a bin with Page Up and Down, and Escape takes the choice back.
 */
export function AgeStrip({ bytes, inset }: { bytes: readonly number[]; inset: number }) {
  const { ref, width } = useSize<HTMLDivElement>();
  const range = useBrush((state) => state.range);
  const { select } = useBrush.getState();
  const drag = useRef<{ fixed: number } | null>(null);
  const most = Math.max(1, ...bytes);
  const step = Math.max(0, width - inset) / CUTS;
  const from = range?.from ?? 0;
  const to = range?.to ?? LAST_CUT;

  const cutAt = (event: PointerEvent<HTMLElement>): number => {
    const box = ref.current?.getBoundingClientRect();
    const x = event.clientX - (box?.left ?? 0) - inset;
    return Math.max(0, Math.min(LAST_CUT, Math.floor(x / Math.max(step, 0.1))));
  };
  const span = (a: number, b: number) => select({ from: Math.min(a, b), to: Math.max(a, b) });
  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    if (event.button !== 0) return;
    const handle = (event.target as Element).closest<HTMLElement>('[data-handle]')?.dataset.handle;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { fixed: handle === 'from' ? to : handle === 'to' ? from : cutAt(event) };
    if (handle === undefined) span(drag.current.fixed, drag.current.fixed);
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    if (drag.current !== null) span(drag.current.fixed, cutAt(event));
  };
  const onKeyDown = (event: KeyboardEvent, handle: 'from' | 'to'): void => {
    const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -6, PageUp: 6, Home: -CUTS, End: CUTS }[event.key];
    if (event.key === 'Escape' && range !== null) select(null);
    else if (steps === undefined) return;
    else if (handle === 'from') select({ from: Math.max(0, Math.min(to, from + steps)), to });
    else select({ from, to: Math.min(LAST_CUT, Math.max(from, to + steps)) });
    event.preventDefault();
    event.stopPropagation();
  };
  const words = (cut: number, end: 'fromDays' | 'toDays'): string => {
    const days = AGE_CUTS[cut]?.[end];
    return days === null || days === undefined ? 'any age' : `${days} days`;
  };
  return (
    <div
      ref={ref}
      className="age-strip"
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        drag.current = null;
      }}
      title={range === null ? 'Drag to look at some ages only' : rangeWords(range)}
    >
      {width === 0 ? null : (
        <svg width={width} height={HEIGHT} aria-hidden="true">
          {range === null ? null : (
            <rect className="brush-span" x={inset + from * step} y={0.5} width={(to - from + 1) * step} height={HEIGHT - 1} />
          )}
          {bytes.map((held, cut) => {
            const tall = held === 0 ? 0 : Math.max(1, (held / most) * (HEIGHT - 8));
            return (
              <rect
                key={AGE_CUTS[cut]?.fromDays}
                x={inset + cut * step + 0.5}
                y={HEIGHT - 2 - tall}
                width={Math.max(1, step - 1)}
                height={tall}
                fill={`var(${ageToken(AGE_CUTS[cut]?.bin ?? 0)})`}
                opacity={range === null || (cut >= from && cut <= to) ? 1 : 0.25}
              />
            );
          })}
          <line className="brush-base" x1={inset} x2={width} y1={HEIGHT - 1.5} y2={HEIGHT - 1.5} />
        </svg>
      )}
      {(['from', 'to'] as const).map((handle) => (
        <span
          key={handle}
          data-handle={handle}
          className="brush-handle"
          role="slider"
          tabIndex={0}
          aria-label={handle === 'from' ? 'Youngest age looked at' : 'Oldest age looked at'}
          aria-valuemin={0}
          aria-valuemax={LAST_CUT}
          aria-valuenow={handle === 'from' ? from : to}
          aria-valuetext={handle === 'from' ? words(from, 'fromDays') : words(to, 'toDays')}
          style={{ left: inset + (handle === 'from' ? from : to + 1) * step }}
          onKeyDown={(event) => onKeyDown(event, handle)}
        />
      ))}
    </div>
  );
}
