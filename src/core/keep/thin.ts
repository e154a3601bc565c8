/** A step that may be kept, and what it takes. `isFixed`: it is kept in any case. */
export interface Candidate {
  readonly place: number;
  readonly bytes: number;
  readonly isFixed: boolean;
}

/**
 * Which candidates to keep so that all kept fit into `budgetBytes` and the widest gap between neighbours is as narrow as it can be;
 * of all ways to that, one with the fewest bytes, and then, while anything fits, the one that halves the widest gap best. Candidates
 * come in the order of their places. Fixed ones are always kept; gaps count from the first candidate to the last. Indexes come back.
 */
export function thin(candidates: readonly Candidate[], budgetBytes: number): number[] {
  const fixed = candidates.reduce((sum, { bytes, isFixed }) => sum + (isFixed ? bytes : 0), 0);
  const kept = new Set(candidates.flatMap(({ isFixed }, at) => (isFixed ? [at] : [])));
  if (candidates.length === 0 || fixed > budgetBytes) return [...kept];
  const gap = narrowestGap(candidates, budgetBytes);
  for (const at of gap === null ? [] : (cheapest(candidates, gap)?.kept ?? [])) kept.add(at);
  fill(candidates, kept, budgetBytes);
  return [...kept].sort((a, b) => a - b);
}

/** The least widest gap that fits, by halving over every gap there can be. */
function narrowestGap(candidates: readonly Candidate[], budgetBytes: number): number | null {
  const places = candidates.map(({ place }) => place);
  const widths = [...new Set(places.flatMap((from, at) => places.slice(at).map((to) => to - from)))].sort((a, b) => a - b);
  const fits = (gap: number): boolean => (cheapest(candidates, gap)?.bytes ?? Number.POSITIVE_INFINITY) <= budgetBytes;
  let [low, high] = [0, widths.length - 1];
  if (!fits(widths[high] as number)) return null;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (fits(widths[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return widths[low] as number;
}

/**
 * The fewest bytes with no gap wider than `gap`, over the whole row; null where even all candidates leave one. One pass: the
 * cheapest way to end in a candidate goes through the cheapest of those within reach before it.
 */
function cheapest(candidates: readonly Candidate[], gap: number): { readonly bytes: number; readonly kept: readonly number[] } | null {
  const first = (candidates[0] as Candidate).place;
  const last = (candidates.at(-1) as Candidate).place;
  const cost: number[] = [];
  const before: number[] = [];
  // Indexes whose cost may still be the least within reach, from the least on.
  let reach: number[] = [];
  let sinceFixed = -1;
  for (const [at, { place, bytes, isFixed }] of candidates.entries()) {
    reach = reach.filter((from) => place - (candidates[from] as Candidate).place <= gap && from >= sinceFixed);
    const from = reach[0];
    const isStart = sinceFixed < 0 && place - first <= gap;
    cost[at] = bytes + (isStart ? 0 : from === undefined ? Number.POSITIVE_INFINITY : (cost[from] as number));
    before[at] = isStart || from === undefined ? -1 : from;
    if (isFixed) sinceFixed = at;
    while (reach.length > 0 && (cost[reach.at(-1) as number] as number) >= (cost[at] as number)) reach.pop();
    reach.push(at);
  }
  let end = -1;
  for (const [at, { place }] of candidates.entries()) {
    if (at < sinceFixed || last - place > gap || cost[at] === Number.POSITIVE_INFINITY) continue;
    if (end < 0 || (cost[at] as number) < (cost[end] as number)) end = at;
  }
  if (end < 0) return null;
  const kept: number[] = [];
  for (let at = end; at >= 0; at = before[at] as number) kept.push(at);
  return { bytes: cost[end] as number, kept };
}

/** Spends what is left of the budget, one candidate at a time, where it makes the widest gap that can still be narrowed narrowest. */
function fill(candidates: readonly Candidate[], kept: Set<number>, budgetBytes: number): void {
  let left = budgetBytes;
  for (const at of kept) left -= (candidates[at] as Candidate).bytes;
  for (;;) {
    let best = -1;
    let bestGap = -1;
    let bestBytes = 0;
    for (const [at, { place, bytes }] of candidates.entries()) {
      if (kept.has(at) || bytes > left) continue;
      let [below, above] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
      for (const other of kept) {
        const distance = place - (candidates[other] as Candidate).place;
        if (distance >= 0) below = Math.min(below, distance);
        else above = Math.min(above, -distance);
      }
      const narrowed = Math.min(below, above);
      if (narrowed > bestGap || (narrowed === bestGap && bytes < bestBytes)) [best, bestGap, bestBytes] = [at, narrowed, bytes];
    }
    if (best < 0) return;
    kept.add(best);
    left -= bestBytes;
  }
}
