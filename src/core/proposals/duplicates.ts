import { KINDS } from '../../contract/vocabulary.ts';
import { isAgeing } from './hygiene.ts';

/** 2^26 places of two bits: 16 MiB, and one content in about 13 at 5 million is looked at again for nothing. */
const PLACES = 2 ** 26;

/**
 * Finds contents that may be there more than once without keeping them all: what one pass saw twice at a place is told from the
 * rest in a second one.
 */
export class SeenTwice {
  private readonly once = new Uint8Array(PLACES / 8);
  private readonly twice = new Uint8Array(PLACES / 8);

  see(eTag: string, sizeBytes: number): void {
    const place = placeOf(eTag, sizeBytes);
    const [at, bit] = [place >>> 3, 1 << (place & 7)];
    if (((this.once[at] as number) & bit) !== 0) this.twice[at] = (this.twice[at] as number) | bit;
    else this.once[at] = (this.once[at] as number) | bit;
  }

  mayBeTwice(eTag: string, sizeBytes: number): boolean {
    const place = placeOf(eTag, sizeBytes);
    return ((this.twice[place >>> 3] as number) & (1 << (place & 7))) !== 0;
  }
}

/** FNV-1a. */
function placeOf(eTag: string, sizeBytes: number): number {
  let hash = 0x811c9dc5 ^ ((sizeBytes % 4_294_967_296) >>> 0);
  for (let at = 0; at < eTag.length; at++) hash = Math.imul(hash ^ eTag.charCodeAt(at), 0x01000193);
  return (hash ^ (hash >>> 15)) & (PLACES - 1);
}

/** One current object whose content may be elsewhere as well. */
export interface Copy {
  readonly key: string;
  /** The unit, or the directory, it is of. */
  readonly path: string;
  /** Index into KINDS. */
  readonly kind: number;
  readonly classId: number;
}

export interface Content {
  readonly eTag: string;
  readonly sizeBytes: number;
  /** In the order of the index. */
  readonly copies: Copy[];
}

/** What is there once more than it has to be: which copies could go, and which stay. */
export interface Redundant {
  readonly content: Content;
  readonly stays: readonly Copy[];
  readonly goes: readonly Copy[];
}

/**
 * Copies of a content in a table, a store, a feature group, or of no known kind are needed where they are. Where there are none,
 * the dearest one stays (`priceOf` by class), the first of equals: what is said to be saved is saved whichever one a person keeps.
 */
export function redundantOf(content: Content, priceOf: (classId: number) => number): Redundant | null {
  if (content.copies.length < 2) return null;
  const needed = content.copies.filter(({ kind }) => isAgeing[kind] !== true);
  const others = content.copies.filter(({ kind }) => isAgeing[kind] === true);
  if (others.length === 0) return null;
  if (needed.length > 0) return { content, stays: needed, goes: others };
  let dearest = others[0] as Copy;
  for (const copy of others) if (priceOf(copy.classId) > priceOf(dearest.classId)) dearest = copy;
  return { content, stays: [dearest], goes: others.filter((copy) => copy !== dearest) };
}

/** Redundant contents that lie in the same places. */
export interface RedundantGroup {
  readonly places: { readonly path: string; readonly kind: (typeof KINDS)[number]; objects: number; stays: boolean }[];
  readonly found: Redundant[];
}

export function groupByPlaces(all: Iterable<Redundant>): RedundantGroup[] {
  const groups = new Map<string, RedundantGroup>();
  for (const redundant of all) {
    const { stays, goes } = redundant;
    const copies = [...stays, ...goes].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
    const id = [...new Set(copies.map(({ path, kind }) => `${kind} ${path}`))].join('\n');
    let group = groups.get(id);
    if (!group) {
      group = { places: [], found: [] };
      groups.set(id, group);
    }
    group.found.push(redundant);
    for (const copy of copies) {
      const kind = KINDS[copy.kind] ?? 'other';
      let place = group.places.find((one) => one.path === copy.path && one.kind === kind);
      if (!place) {
        place = { path: copy.path, kind, objects: 0, stays: false };
        group.places.push(place);
      }
      place.objects += 1;
      if (stays.includes(copy)) place.stays = true;
    }
  }
  return [...groups.values()];
}
