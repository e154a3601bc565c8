import { type Scale, Slider } from './slider.tsx';

const PAGE_DAYS = 30;

/** Early days take more room, as they matter more; whole days, at least one. */
export const dayScale = (most: number): Scale => ({
  placeOf: (days) => Math.log(1 + days / 10) / Math.log(1 + most / 10),
  valueAt: (place) => {
    const days = 10 * (Math.exp(Math.min(1, Math.max(0, place)) * Math.log(1 + most / 10)) - 1);
    return Math.min(most, Math.max(1, Math.round(days)));
  },
});

/** A threshold in days. */
export function DaySlider({
  days,
  most,
  ...rest
}: {
  label: string;
  days: number;
  most: number;
  isDisabled?: boolean;
  /** The value in words, for a screen reader. */
  words: string;
  onChange: (days: number, isDragging: boolean) => void;
}) {
  return <Slider {...rest} value={days} least={1} most={most} page={PAGE_DAYS} scale={dayScale(most)} />;
}
