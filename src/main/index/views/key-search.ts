import { appError } from '../../../contract/errors.ts';
import type { KeyHit, KeySearch } from '../../../contract/objects.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import { KINDS, VERSION_STATES } from '../../../contract/vocabulary.ts';
import { compileGlob } from '../../../core/classify/glob.ts';
import type { PackedCube } from '../../../core/cube/group.ts';
import { prefixScope } from '../../../core/cube/prefix.ts';
import { subtreeTotals } from '../../../core/cube/totals.ts';
import { compareBytes, decodeUtf8, encodeUtf8 } from '../../../core/cube/utf8.ts';
import { directoryStates, opening } from '../../../core/search/directory-states.ts';
import { NameScan, type OnMatch } from '../../../core/search/name-scan.ts';
import { makeNeedle, type Needle } from '../../../core/search/needle.ts';
import { mayHold } from '../../../core/search/rests.ts';
import type { IndexReader } from '../reader.ts';
import { firstNotBelow } from '../rows.ts';
import type { SegmentPlace } from '../segment-reader.ts';
import type { Segment } from '../segment-rows.ts';

/** An answer is given after about so long, with what there is by then. */
const SLICE_MS = 60;
const ROWS_A_LOOK = 8192;
const MOST_DIRECTORIES = 100;
const NO_DIRECTORY = 0xffffffff;

export interface KeyQuery {
  readonly text: string;
  readonly isGlob: boolean;
  readonly ignoresCase: boolean;
  readonly prefix: string;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** What a query looks for: a needle in every key that fits, and whether a key that holds it does. */
interface Wanted {
  readonly needle: Needle;
  readonly states: Uint16Array;
  /** Directories in which a name fits whatever it holds, or by its beginning alone. */
  readonly opening: Uint32Array;
  readonly fits: ((key: string) => boolean) | null;
  /** What every key that fits begins with. */
  readonly prefix: string;
}

/** Where keys with a prefix lie: some directories whole, and of one those whose names begin so. */
interface Within {
  readonly from: number;
  readonly to: number;
  readonly cut: number;
  readonly beginning: Uint8Array;
}

/** The last query's machine for a cube: stretch after stretch asks for it again. */
const kept = new WeakMap<PackedCube, { readonly key: string; readonly wanted: Wanted }>();

function wantedOf(cube: PackedCube, { text, isGlob, ignoresCase }: KeyQuery): Result<Wanted> {
  const key = JSON.stringify([text, isGlob, ignoresCase]);
  const known = kept.get(cube);
  if (known?.key === key) return ok(known.wanted);
  let literal = text;
  let prefix = '';
  let fits: Wanted['fits'] = null;
  if (isGlob) {
    if (ignoresCase) return err(appError('Usage', 'A pattern tells capitals from small letters.', { field: 'ignoresCase' }));
    const glob = compileGlob(text.includes('/') ? text : `**/${text}`);
    if (!glob.ok) return glob;
    ({ literal, prefix } = glob.value);
    fits = glob.value.matches;
  }
  const needle = makeNeedle(literal, ignoresCase);
  const states = directoryStates(cube.tree.columns, needle);
  const wanted = { needle, states, opening: opening(states, needle), fits, prefix };
  kept.set(cube, { key, wanted });
  return ok(wanted);
}

/** What is searched. */
export interface Searched {
  readonly reader: IndexReader;
  readonly snapshotId: string;
  readonly asOf: string;
  readonly cube: PackedCube;
}

/** One stretch of a search; `now` in ms. Other calls may come in between segments. */
export async function searchKeys(
  { reader, snapshotId, asOf, cube }: Searched,
  query: KeyQuery,
  { now, signal }: { readonly now: () => number; readonly signal: AbortSignal },
): Promise<Result<KeySearch>> {
  const until = now() + SLICE_MS;
  const wanted = wantedOf(cube, query);
  if (!wanted.ok) return wanted;
  const within = withinOf(cube, wanted.value.prefix.startsWith(query.prefix) ? wanted.value.prefix : query.prefix);
  const places = reader.segmentPlaces(snapshotId, {
    from: Math.min(within.cut, within.from),
    to: within.cut === NO_DIRECTORY ? within.to : Math.max(within.to, within.cut + 1),
  });
  if (!places.ok) return places;
  const [firstSegment, firstRow] = (query.after ?? '0.0').split('.').map(Number) as [number, number];
  const found = query.after === undefined && !query.isGlob ? fittingDirectories(cube, wanted.value, within) : [];
  const { versions, bytes } = subtreeTotals(cube);
  const answer: Omit<KeySearch, 'next' | 'rowsSeen'> & { readonly hits: KeyHit[] } = {
    asOf,
    hits: [],
    directories: found.slice(0, MOST_DIRECTORIES).map((directory) => ({
      path: cube.tree.path(directory),
      versions: versions[directory] as number,
      bytes: bytes[directory] as number,
    })),
    directoryCount: found.length,
    rowsTotal: places.value.reduce((sum, place) => sum + place.rows, 0),
  };
  let rowsSeen = 0;
  for (const place of places.value) {
    if (place.number >= firstSegment) {
      const first = place.number === firstSegment ? firstRow : 0;
      const isFull = (): boolean => answer.hits.length >= query.limit;
      const read = reader.reading(() => {
        const segment = place.open();
        if (!mayFit(segment, wanted.value)) return place.rows;
        const { rows, scan, onMatch } = searchSegment(cube, segment, place, wanted.value, within, first, (hit) => {
          answer.hits.push(hit);
          return !isFull();
        });
        // Rows before the first one only bring the machine up to it.
        do scan.read(Math.min(rows, scan.row + ROWS_A_LOOK), onMatch);
        while (scan.row < rows && !isFull() && (scan.row <= first || now() < until));
        return scan.row;
      });
      if (!read.ok) return read;
      if (read.value < place.rows || isFull() || now() >= until) {
        const next = read.value < place.rows ? `${place.number}.${read.value}` : `${place.number + 1}.0`;
        return ok({ ...answer, next: rowsSeen + read.value < answer.rowsTotal ? next : null, rowsSeen: rowsSeen + read.value });
      }
      await new Promise(setImmediate);
      if (signal.aborted) return err(appError('Cancelled', 'The search was given up.'));
    }
    rowsSeen += place.rows;
  }
  return ok({ ...answer, next: null, rowsSeen });
}

/** A scan of one segment that hands on the keys which fit, from a row on. */
function searchSegment(
  cube: PackedCube,
  segment: Segment,
  place: SegmentPlace,
  { needle, states, fits }: Wanted,
  within: Within,
  first: number,
  onHit: (hit: KeyHit) => boolean,
): { readonly rows: number; readonly scan: NameScan; readonly onMatch: OnMatch } {
  const last = { directory: -1, path: '' };
  const onMatch: OnMatch = (row, directory, name, nameLength) => {
    if (row < first || !isWithin(within, directory, name, nameLength) || segment.isSameKey()[row] === 1) return true;
    if (last.directory !== directory) Object.assign(last, { directory, path: cube.tree.path(directory) });
    const key = last.path + decodeUtf8(name, 0, nameLength);
    return fits !== null && !fits(key) ? true : onHit(hitOf(cube, segment, row, key, place.goesOn));
  };
  return {
    rows: segment.facts.rows,
    scan: new NameScan({ ...segment.nameParts(), directories: segment.directories() }, needle, states),
    onMatch,
  };
}

/** Whether any key of a segment can fit; most segments hold nothing of a rare text, and this reads little of them. */
function mayFit(segment: Segment, { needle, opening }: Wanted): boolean {
  const { firstDirectory, lastDirectory } = segment.facts;
  const at = firstNotBelow(opening, firstDirectory);
  if (at < opening.length && (opening[at] as number) <= lastDirectory) return true;
  // A name has no "/".
  if (needle.bytes.includes(0x2f)) return false;
  return mayHold(
    segment.nameRests(),
    () => segment.nameParts().shared,
    needle,
    (rests, bytes) => Buffer.from(rests.buffer, rests.byteOffset, rests.length).includes(Buffer.from(bytes)),
  );
}

/** `goesOn`: how many rows of the last key lie in later segments. */
function hitOf(cube: PackedCube, segment: Segment, row: number, key: string, goesOn: () => number): KeyHit {
  const isSameKey = segment.isSameKey();
  let end = row + 1;
  while (end < isSameKey.length && isSameKey[end] === 1) end += 1;
  const state = VERSION_STATES[segment.state()[row] as number] ?? 'current';
  return {
    key,
    rows: end - row + (end === isSameKey.length ? goesOn() : 0),
    state,
    sizeBytes: segment.sizeBytes()[row] as number,
    lastModified: new Date(segment.lastModifiedMs()[row] as number).toISOString(),
    storageClass: state === 'marker' ? '' : (cube.classes[segment.classId()[row] as number]?.storageClass ?? ''),
    kind: KINDS[segment.kind()[row] as number] ?? 'other',
  };
}

function withinOf(cube: PackedCube, prefix: string): Within {
  const scope = prefixScope(cube.tree, prefix);
  if (scope === null) return { from: 0, to: 0, cut: NO_DIRECTORY, beginning: new Uint8Array(0) };
  const { from, to, cut } = scope;
  // Without directories below, the range is empty wherever it lies.
  const range = to > from ? { from, to } : { from: cut?.directory ?? 0, to: cut?.directory ?? 0 };
  return { ...range, cut: cut?.directory ?? NO_DIRECTORY, beginning: encodeUtf8(cut?.namePrefix ?? '') };
}

function isWithin({ from, to, cut, beginning }: Within, directory: number, name: Uint8Array, nameLength: number): boolean {
  if (directory >= from && directory < to) return true;
  if (directory !== cut || nameLength < beginning.length) return false;
  return compareBytes(name, 0, beginning.length, beginning, 0, beginning.length) === 0;
}

function fittingDirectories({ tree }: PackedCube, { needle, states }: Wanted, { from, to }: Within): number[] {
  const found: number[] = [];
  for (let d = Math.max(1, from); d < to; d++) {
    if (states[d] === needle.end && states[tree.parent[d] as number] !== needle.end) found.push(d);
  }
  return found;
}
