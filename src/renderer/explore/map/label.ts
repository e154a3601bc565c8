/** Width of a text in CSS pixels, in the font the caller has set. */
export type Measure = (text: string) => number;

/** Room a tile needs before its name joins its size. */
const NAME_MIN_WIDTH = 92;
const NAME_MIN_HEIGHT = 34;
const BYTES_MIN_HEIGHT = 18;
const INSET = 5;

/** The text shortened with an ellipsis to `width`; empty when not even two characters fit. */
export function fitText(text: string, width: number, measure: Measure): string {
  if (measure(text) <= width) return text;
  const characters = Array.from(text);
  let low = 0;
  let high = characters.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(`${characters.slice(0, middle).join('')}…`) <= width) low = middle;
    else high = middle - 1;
  }
  return low < 2 ? '' : `${characters.slice(0, low).join('')}…`;
}

/** What a closed tile can hold: its size when it fits whole, then its name when the tile is large enough. */
export function tileLabel(
  size: { readonly w: number; readonly h: number },
  bytes: string,
  name: string,
  measure: Measure,
): { readonly bytes: string; readonly name: string } {
  if (size.h < BYTES_MIN_HEIGHT || size.w < 2 * INSET + 18 || measure(bytes) > size.w - 2 * INSET) return { bytes: '', name: '' };
  const holdsName = size.w >= NAME_MIN_WIDTH && size.h >= NAME_MIN_HEIGHT;
  return { bytes, name: holdsName ? fitText(name, size.w - 2 * INSET, measure) : '' };
}

/** What a header strip can hold: the name, and the size where both fit side by side. */
export function headerLabel(
  width: number,
  name: string,
  bytes: string,
  measureName: Measure,
  measureBytes: Measure,
): { readonly name: string; readonly bytes: string; readonly bytesWidth: number } {
  const bytesWidth = measureBytes(bytes);
  const nameWidth = Math.min(measureName(name), 72);
  const both = width >= nameWidth + bytesWidth + 24;
  return {
    name: fitText(name, width - 12 - (both ? bytesWidth + 12 : 0), measureName),
    bytes: both ? bytes : '',
    bytesWidth,
  };
}
