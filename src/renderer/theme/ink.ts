/** WCAG relative luminance of "#rrggbb", 0..1 (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance). */
export function luminance(hex: string): number {
  const channel = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

/** WCAG contrast ratio of two colours, 1..21. */
export function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Pure black: against white it leaves no fill below 4.58:1. */
export const INK = '#000000';
export const WHITE = '#ffffff';

/** The label colour that reads better on a tile. */
export const inkOn = (tile: string): string => (contrast(tile, INK) >= contrast(tile, WHITE) ? INK : WHITE);
