import { compareBytes } from '../cube/utf8.ts';

/**
 * How far a listing came. Versions of one key follow each other, newest first, so a key alone does not tell:
 * `versionId` is the last one listed ("null" for the null version), or null when every version of the key is behind.
 */
export interface Position {
  readonly key: Uint8Array;
  readonly versionId: string | null;
}

/** Keys that are still to be listed: all after `after`, up to `upTo` with all its versions; null for no end. */
export interface Gap {
  readonly after: Position;
  readonly upTo: Uint8Array | null;
}

/** What one answer covered: every version after `after`, up to `to` where more follows there, else all up to key `upTo`. */
export interface Covered {
  readonly after: Position;
  readonly to: Position | null;
  readonly upTo: Uint8Array | null;
}

export const START: Position = { key: new Uint8Array(0), versionId: null };

export const compareKeys = (a: Uint8Array, b: Uint8Array): number => compareBytes(a, 0, a.length, b, 0, b.length);

interface Chain {
  readonly after: Position;
  /** null for the end of all keys. */
  end: Position | null;
}

const idOf = (position: Position): string => `${position.versionId}\n${position.key.join(' ')}`;

/**
 * What is still to be listed of the keys up to `end` (null: of all) when these stretches are done, in key order; null where
 * they cannot be what one listing covered: two overlap, or one goes on between two versions of a key where none stopped.
 */
export function gapsBetween(done: readonly Covered[], end: Uint8Array | null = null): Gap[] | null {
  const chains = joined(done);
  if (chains.some((chain) => chain.after.versionId !== null)) return null;
  chains.sort((a, b) => compareKeys(a.after.key, b.after.key));
  const gaps: Gap[] = [];
  let reached: Position | null = START;
  for (const chain of chains) {
    if (reached === null) return null;
    const distance = compareKeys(chain.after.key, reached.key);
    if (distance < 0) return null;
    if (distance > 0 || reached.versionId !== null) gaps.push({ after: reached, upTo: chain.after.key });
    reached = chain.end;
  }
  if (reached !== null && !isBehind(reached, end)) gaps.push({ after: reached, upTo: end });
  return gaps;
}

/** The same gaps, cut at keys that are likely to lie between others; keys outside of all gaps cut nothing. */
export function cutGaps(gaps: readonly Gap[], keys: readonly Uint8Array[]): Gap[] {
  const sorted = [...keys].sort(compareKeys);
  return gaps.flatMap((gap) => {
    const pieces: Gap[] = [];
    let { after } = gap;
    for (const key of sorted) {
      const isInside = compareKeys(key, after.key) > 0 && (gap.upTo === null || compareKeys(key, gap.upTo) < 0);
      if (!isInside) continue;
      pieces.push({ after, upTo: key });
      after = { key, versionId: null };
    }
    return [...pieces, { after, upTo: gap.upTo }];
  });
}

function isBehind(position: Position, end: Uint8Array | null): boolean {
  if (end === null) return false;
  const distance = compareKeys(position.key, end);
  return distance > 0 || (distance === 0 && position.versionId === null);
}

/** Stretches that go on exactly where another stopped, as one. */
function joined(done: readonly Covered[]): Chain[] {
  const chains: Chain[] = [];
  const byEnd = new Map<string, Chain>();
  for (const { after, to, upTo } of done) {
    const before = idOf(after);
    let chain = byEnd.get(before);
    if (chain === undefined) {
      chain = { after, end: null };
      chains.push(chain);
    }
    byEnd.delete(before);
    chain.end = to ?? (upTo === null ? null : { key: upTo, versionId: null });
    if (chain.end !== null) byEnd.set(idOf(chain.end), chain);
  }
  return chains;
}
