import type { KeySearch } from '../../src/contract/objects.ts';
import { openIndex } from '../../src/main/index/reader.ts';
import { type KeyQuery, searchKeys } from '../../src/main/index/views/key-search.ts';

/** A search of the newest snapshot, stretch by stretch to its end. `now` tells the time the search goes by. */
export async function findKeys(
  path: string,
  query: Partial<KeyQuery> & { readonly text: string },
  now: () => number = () => 0,
): Promise<KeySearch[]> {
  const reader = openIndex(path);
  if (!reader.ok) throw new Error(reader.error.code);
  const snapshot = reader.value.snapshot();
  if (!snapshot.ok) throw new Error(snapshot.error.code);
  const { snapshotId, asOf } = snapshot.value;
  const cube = reader.value.cube(snapshotId);
  if (!cube.ok) throw new Error(cube.error.code);
  const searched = { reader: reader.value, snapshotId, asOf, cube: cube.value };
  const stretches: KeySearch[] = [];
  let after: string | undefined;
  do {
    const whole = { isGlob: false, ignoresCase: false, prefix: '', limit: 1000, ...query, after };
    const found = await searchKeys(searched, whole, { now, signal: new AbortController().signal });
    if (!found.ok) throw new Error(`${found.error.code}: ${found.error.message}`);
    stretches.push(found.value);
    after = found.value.next ?? undefined;
  } while (after !== undefined);
  return stretches;
}
