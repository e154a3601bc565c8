import type { Snapshot } from '../../../contract/index-views.ts';
import { KINDS } from '../../../contract/vocabulary.ts';
import { MULTI } from '../../../core/cube/cube.ts';
import { MARKER, type PackedCube } from '../../../core/cube/group.ts';
import { compareBytes } from '../../../core/cube/utf8.ts';
import { IS_LATEST } from '../../../core/inventory/row-batch.ts';
import type { SegmentPlace } from '../segment-reader.ts';
import type { Segment } from '../segment-rows.ts';
import { CubeRecount } from './recount.ts';

export interface Numbers {
  readonly cube: PackedCube;
  readonly rules: number;
  readonly units: number;
}

/** Reads every row of a snapshot in order; how many there were. `tell` may throw to end it, as `look` may, between segments. */
export function checkRows(
  snapshot: Snapshot,
  places: readonly SegmentPlace[],
  numbers: Numbers,
  tell: (words: string) => void,
  look: (rows: number) => void,
): number {
  const walk = new RowWalk(numbers, tell);
  for (const place of places) {
    look(walk.rows);
    walk.read(place.number, place.open());
  }
  walk.finish();
  const { rows, versions, markers, bytes } = walk;
  const said: readonly (readonly [string, number, number])[] = [
    ['rows', rows, snapshot.rows],
    ['versions', versions, snapshot.versions],
    ['delete markers', markers, snapshot.deleteMarkers],
    ['bytes', bytes, snapshot.bytes],
  ];
  for (const [what, found, written] of said) if (found !== written) tell(`Its rows have ${found} ${what}, its record says ${written}.`);
  return rows;
}

class RowWalk {
  rows = 0;
  versions = 0;
  markers = 0;
  bytes = 0;
  private readonly numbers: Numbers;
  private readonly tell: (words: string) => void;
  private readonly recount: CubeRecount;
  private directory = -1;
  private name: Uint8Array = new Uint8Array(0);
  private lastModifiedMs = 0;
  private flags = 0;
  private isMulti = false;
  private ofKey = 0;

  constructor(numbers: Numbers, tell: (words: string) => void) {
    this.numbers = numbers;
    this.tell = tell;
    this.recount = new CubeRecount(numbers.cube, tell);
  }

  read(number: number, segment: Segment): void {
    const tell = (words: string): void => this.tell(`Segment ${number}: ${words}`);
    const wrong = shapeOf(segment, this.numbers);
    if (wrong !== null) {
      tell(wrong);
      return;
    }
    if (this.rows > 0 && segment.facts.beforeMs !== this.lastModifiedMs) tell('it does not know when the row before it was written.');
    const { rows } = segment.facts;
    const { bytes: names, start } = segment.names();
    const [directory, state, flags] = [segment.directory(), segment.state(), segment.flags()];
    const [isSameKey, cubeFlags] = [segment.isSameKey(), segment.cubeFlags()];
    const [sizeBytes, lastModifiedMs] = [segment.sizeBytes(), segment.lastModifiedMs()];
    this.recount.begin(segment);
    for (let row = 0; row < rows; row++) {
      const [from, to] = [start[row] as number, start[row + 1] as number];
      const order =
        directory[row] === this.directory
          ? compareBytes(this.name, 0, this.name.length, names, from, to)
          : this.directory - (directory[row] as number);
      if (order > 0) {
        tell(`row ${row} is out of order.`);
        return;
      }
      const isSame = order === 0;
      if (isSame !== (isSameKey[row] === 1)) {
        tell(`row ${row} is not of the key it says.`);
        return;
      }
      const own = flags[row] as number;
      if (isSame) {
        const isAfter =
          (own & IS_LATEST) < (this.flags & IS_LATEST) ||
          ((own & IS_LATEST) === (this.flags & IS_LATEST) && (lastModifiedMs[row] as number) <= this.lastModifiedMs);
        if (!isAfter) {
          tell(`row ${row} is a newer version than the one before it.`);
          return;
        }
        this.ofKey += 1;
      } else {
        this.endKey(tell);
        this.name = names.subarray(from, to);
        this.directory = directory[row] as number;
      }
      this.isMulti = ((cubeFlags[row] as number) & MULTI) !== 0;
      this.flags = own;
      this.lastModifiedMs = lastModifiedMs[row] as number;
      this.rows += 1;
      if (state[row] === MARKER) this.markers += 1;
      else {
        this.versions += 1;
        this.bytes += sizeBytes[row] as number;
      }
      this.recount.add(row);
    }
  }

  finish(): void {
    this.endKey(this.tell);
    this.recount.finish();
  }

  private endKey(tell: (words: string) => void): void {
    if (this.ofKey > 0 && this.isMulti !== this.ofKey > 1) tell(`a key of ${this.ofKey} rows says otherwise.`);
    this.ofKey = 1;
  }
}

/** What is wrong with how a segment's columns fit each other and what their numbers stand for; null where nothing is. */
function shapeOf(segment: Segment, { cube, rules, units }: Numbers): string | null {
  const { rows, firstDirectory, lastDirectory } = segment.facts;
  const { number, start } = segment.directories();
  const last = number.length - 1;
  const ascends = (values: Uint32Array): boolean => values.every((value, i) => i === 0 || value > (values[i - 1] as number));
  if (!ascends(number) || !ascends(start) || start[0] !== 0 || start[last + 1] !== rows) return 'its directories are out of order.';
  if (number[0] !== firstDirectory || number[last] !== lastDirectory || lastDirectory >= cube.tree.count)
    return 'its directories are others.';
  const { length, rests } = segment.nameParts();
  if (length.reduce((sum, one) => sum + one, 0) !== rests.length) return 'its names are longer or shorter than they say.';
  if (segment.versionIds().start[rows] !== segment.versionIds().bytes.length) return 'its version ids are longer or shorter than they say.';
  const { code, bytes, texts } = segment.eTags();
  const spelled = code.reduce((sum, one) => sum + (one === 2 ? 1 : 0), 0);
  const packed = code.reduce((sum, one) => sum + (one === 0 || one > 2 ? 1 : 0), 0);
  if (packed * 16 !== bytes.length || spelled !== texts.length) return 'its ETags are more or fewer than they say.';
  const { id, values } = segment.details();
  if (!id.every((one) => one < values.length || values.length === 0)) return 'its details are not there.';
  segment.retainUntilMs();
  const state = segment.state();
  if (!segment.classId().every((one, row) => state[row] === MARKER || one < cube.classes.length)) return 'a storage class is not known.';
  if (!segment.kind().every((one) => one < KINDS.length)) return 'a kind is not known.';
  if (!segment.rule().every((one) => one <= rules)) return 'a rule is not known.';
  if (!segment.unit().every((one) => one < units)) return 'a unit is not known.';
  return null;
}
