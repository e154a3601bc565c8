import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { cssVars } from './css-vars.ts';

/** Where values lie on a track, 0..1, and the value at a place: each undoes the other. */
export interface Scale {
  placeOf(value: number): number;
  valueAt(place: number): number;
}

/** Values as far apart as they are. */
export const evenScale = (least: number, most: number): Scale => ({
  placeOf: (value) => (most > least ? (value - least) / (most - least) : 0),
  valueAt: (place) => Math.round(least + Math.min(1, Math.max(0, place)) * (most - least)),
});

/** A whole number to be dragged. `onChange` says whether the thumb is still held: what follows a drag may wait for its end. */
export function Slider({
  label,
  value,
  least,
  most,
  page,
  scale,
  isDisabled = false,
  words,
  onChange,
}: {
  label: string;
  value: number;
  least: number;
  most: number;
  /** How far Page Up and Page Down go. */
  page: number;
  scale: Scale;
  isDisabled?: boolean;
  /** The value in words, for a screen reader. */
  words: string;
  onChange: (value: number, isDragging: boolean) => void;
}) {
  const track = useRef<HTMLDivElement>(null);
  const isHeld = useRef(false);
  const at = (event: PointerEvent): number => {
    const box = track.current?.getBoundingClientRect();
    return box === undefined ? value : Math.min(most, Math.max(least, scale.valueAt((event.clientX - box.left) / box.width)));
  };
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    if (isDisabled || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    event.currentTarget.querySelector<HTMLElement>('[role="slider"]')?.focus();
    isHeld.current = true;
    onChange(at(event), true);
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (isHeld.current) onChange(at(event), true);
  };
  const onPointerUp = (event: PointerEvent): void => {
    if (!isHeld.current) return;
    isHeld.current = false;
    onChange(at(event), false);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isDisabled || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = {
      ArrowRight: value + 1,
      ArrowUp: value + 1,
      ArrowLeft: value - 1,
      ArrowDown: value - 1,
      PageUp: value + page,
      PageDown: value - page,
      Home: least,
      End: most,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onChange(Math.min(most, Math.max(least, to)), false);
  };
  return (
    <div
      ref={track}
      className={`slider ${isDisabled ? 'off' : ''}`.trim()}
      style={cssVars({ at: scale.placeOf(value) })}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={onPointerUp}
    >
      <i className="slider-track" />
      <i className="slider-fill" />
      <span
        className="slider-thumb"
        role="slider"
        tabIndex={isDisabled ? -1 : 0}
        aria-label={label}
        aria-valuemin={least}
        aria-valuemax={most}
        aria-valuenow={value}
        aria-valuetext={words}
        aria-disabled={isDisabled}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}
