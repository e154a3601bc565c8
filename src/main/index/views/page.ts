/**
 * The places of the `limit` entries from `offset` on, were all sorted by value and then by place.
 * Sorts the numbers alone, which is fast, and then only the places whose value can be on the page.
 */
export function pageOf(values: Float64Array, offset: number, limit: number): Uint32Array {
  const end = Math.min(values.length, offset + limit);
  if (offset >= end) return new Uint32Array(0);
  const sorted = values.slice().sort();
  const least = sorted[offset] as number;
  const most = sorted[end - 1] as number;
  let before = 0;
  const within: number[] = [];
  for (let place = 0; place < values.length; place++) {
    const value = values[place] as number;
    if (value < least) before += 1;
    else if (value <= most) within.push(place);
  }
  within.sort((a, b) => (values[a] as number) - (values[b] as number) || a - b);
  return Uint32Array.from(within.slice(offset - before, end - before));
}
