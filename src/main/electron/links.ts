import { LINK_SCHEME } from '../../contract/desktop.ts';

const MOST_CHARACTERS = 4096;

/**
 * "isotherm://explore?prefix=runs/" -> "#explore?prefix=runs/": a place to look at, never an act. Undefined for any
 * other address. The window passes over what it does not know.
 */
export function placeOfLink(link: string): string | undefined {
  const start = `${LINK_SCHEME}://`;
  if (!link.toLowerCase().startsWith(start) || link.length > MOST_CHARACTERS) return undefined;
  // Some systems write "isotherm://explore/?…" for "isotherm://explore?…".
  const place = link.slice(start.length).replace(/^([a-z]+)\/(\?|$)/i, '$1$2');
  return /^[a-z]+(\?[^#]*)?$/i.test(place) ? `#${place}` : undefined;
}

/** The first link among the words a second start was given. */
export const linkAmong = (words: readonly string[]): string | undefined => words.map(placeOfLink).find((place) => place !== undefined);
