import { useMemo } from 'react';
import { AGE_BINS, type Category, STORAGE_CLASSES } from '../../contract/vocabulary.ts';
import { useSettings } from '../state/settings.ts';

/** Badges that have a colour token of their own; every other class is drawn in the neutral one. */
const TINTED = new Set(['S', 'INT', 'IA', '1Z', 'GIR', 'GFR', 'GDA']);
const BADGES = new Map<string, string>(STORAGE_CLASSES.map(({ name, badge }) => [name, badge]));

/** The letter badge of a storage class; an unknown class is shown by its own name. */
export const classBadge = (storageClass: string): string => BADGES.get(storageClass) ?? storageClass;

/** Custom property holding the colour of a storage class. */
export function classToken(storageClass: string): string {
  const badge = BADGES.get(storageClass);
  return badge !== undefined && TINTED.has(badge) ? `--class-${badge}` : '--class-other';
}

/** Custom property holding the temperature of an age bin, hot to cold, in the order of AGE_BINS. */
export const ageToken = (bin: number): string => `--h${Math.min(Math.max(bin, 0), AGE_BINS.length - 1)}`;

/** Custom property holding the colour of a category. */
export const categoryToken = (category: Category): string => `--cat-${category}`;

/** "#fff" -> "#ffffff": a built style sheet spells colours as short as it can. */
const longHex = (color: string): string =>
  /^#[0-9a-f]{3}$/i.test(color) ? `#${[...color.slice(1)].map((digit) => digit + digit).join('')}` : color;

/** Reads one colour token as "#rrggbb", for drawing on a canvas. */
export type ReadColor = (token: string) => string;

/** A reader of the tokens as they are now; a new one whenever the theme changes, so effects that draw can depend on it. */
export function useColors(): ReadColor {
  const theme = useSettings((state) => state.resolvedTheme);
  return useMemo(() => {
    const seen = new Map<string, string>();
    const style = getComputedStyle(document.documentElement);
    return (token) => {
      const key = `${theme} ${token}`;
      const known = seen.get(key);
      if (known !== undefined) return known;
      const value = longHex(style.getPropertyValue(token).trim());
      seen.set(key, value);
      return value;
    };
  }, [theme]);
}
