import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { cssVars } from './css-vars.ts';

const PAGE_DAYS = 30;

/** Where days lie on the track, 0..1: early days take more room, as they matter more. */
export const placeOfDays = (days: number, most: number): number => Math.log(1 + days / 10) / Math.log(1 + most / 10);
/** The inverse: whole days, at least one. */
export function daysAtPlace(place: number, most: number): number {
  const days = 10 * (Math.exp(Math.min(1, Math.max(0, place)) * Math.log(1 + most / 10)) - 1);
  return Math.min(most, Math.max(1, Math.round(days)));
}

/** A threshold in days. `onChange` says whether the thumb is still held: what follows a drag may wait for its end. */
export function DaySlider({
  label,
  days,
  most,
  isDisabled = false,
  words,
  onChange,
}: {
  label: string;
  days: number;
  most: number;
  isDisabled?: boolean;
  /** The value in words, for a screen reader. */
  words: string;
  onChange: (days: number, isDragging: boolean) => void;
}) {
  const track = useRef<HTMLDivElement>(null);
  const isHeld = useRef(false);
  const at = (event: PointerEvent): number => {
    const box = track.current?.getBoundingClientRect();
    return box === undefined ? days : daysAtPlace((event.clientX - box.left) / box.width, most);
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
      ArrowRight: days + 1,
      ArrowUp: days + 1,
      ArrowLeft: days - 1,
      ArrowDown: days - 1,
      PageUp: days + PAGE_DAYS,
      PageDown: days - PAGE_DAYS,
      Home: 1,
      End: most,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onChange(Math.min(most, Math.max(1, to)), false);
  };
  return (
    <div
      ref={track}
      className={`day-slider ${isDisabled ? 'off' : ''}`.trim()}
      style={cssVars({ at: placeOfDays(days, most) })}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={onPointerUp}
    >
      <i className="day-track" />
      <i className="day-fill" />
      <span
        className="day-thumb"
        role="slider"
        tabIndex={isDisabled ? -1 : 0}
        aria-label={label}
        aria-valuemin={1}
        aria-valuemax={most}
        aria-valuenow={days}
        aria-valuetext={words}
        aria-disabled={isDisabled}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}
