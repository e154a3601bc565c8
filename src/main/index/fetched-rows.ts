import type { DirectoryClassifier } from '../../core/classify/directory-classifier.ts';
import { NOT_LOCKED } from '../../core/cube/cube.ts';
import { lockedUntilDay } from '../../core/cube/lock.ts';
import { compareBytes, encodeUtf8 } from '../../core/cube/utf8.ts';
import { IS_DELETE_MARKER, IS_HELD, IS_LATEST } from '../../core/inventory/row-batch.ts';
import type { UnitPass } from '../../core/units/unit-pass.ts';
import { cellFlags, IS_RETAINED, IS_SAME_KEY, stateOf } from './row-flags.ts';
import type { IndexRows } from './rows.ts';

/** One row as a SQL engine gives it. */
export interface FetchedRow {
  /** Pre-order directory, and the last segment of the key. */
  readonly directory: number;
  readonly name: string;
  readonly versionId: string;
  /** As in a batch, and whether the key has several versions. */
  readonly flags: number;
  readonly sizeBytes: number;
  readonly lastModifiedMs: number;
  readonly classId: number;
  readonly clockMs: number;
  readonly retainUntilMs: number | null;
  readonly eTag: string;
}

/** What rules and units are told with, as the roll-up has left it. */
export interface Judges {
  readonly classifier: DirectoryClassifier;
  readonly units: UnitPass;
  readonly asOfMs: number;
}

export type JudgedKey = Pick<FetchedRow, 'directory' | 'name'>;

/** The units of keys in the order of their directories; NO_UNIT for none. */
export function unitsOfKeys(keys: readonly JudgedKey[], { classifier, units }: Judges): Int32Array {
  return Int32Array.from(keys, ({ directory, name }) => {
    classifier.enter(directory);
    units.enter(directory);
    const bytes = encodeUtf8(name);
    return units.unitOf(classifier.ruleOf(bytes, 0, bytes.length), bytes, 0, bytes.length);
  });
}

/** Puts rows in the order of an index: by directory, then by name (byte order), the latest first, then the newest. */
export function sortFetched(rows: readonly FetchedRow[]): FetchedRow[] {
  const keyed = rows.map((row) => ({ row, name: encodeUtf8(row.name) }));
  keyed.sort(
    (a, b) =>
      a.row.directory - b.row.directory ||
      compareBytes(a.name, 0, a.name.length, b.name, 0, b.name.length) ||
      (b.row.flags & IS_LATEST) - (a.row.flags & IS_LATEST) ||
      b.row.lastModifiedMs - a.row.lastModifiedMs ||
      (a.row.versionId < b.row.versionId ? -1 : 1),
  );
  return keyed.map(({ row }) => row);
}

/** Rows that were fetched from where they lie, sorted, judged as a scan judges them. */
export class FetchedRows implements IndexRows {
  readonly rows: number;
  readonly directory: Uint32Array;
  readonly kind: Uint8Array;
  readonly unit: Int32Array;
  readonly classId: Uint16Array;
  readonly flags: Uint8Array;
  readonly state: Uint8Array;
  readonly cubeFlags: Uint8Array;
  readonly isSameKey: Uint8Array;
  readonly rule: Uint16Array;
  readonly sizeBytes: Float64Array;
  readonly lastModifiedMs: Float64Array;
  readonly clockMs: Float64Array;
  readonly lockedUntilDay: Int32Array;
  readonly retainUntilMs: Float64Array;
  private readonly all: readonly FetchedRow[];

  constructor(sorted: readonly FetchedRow[], { classifier, units, asOfMs }: Judges) {
    const n = sorted.length;
    this.all = sorted;
    this.rows = n;
    this.directory = Uint32Array.from(sorted, ({ directory }) => directory);
    this.kind = new Uint8Array(n);
    this.unit = new Int32Array(n);
    this.rule = new Uint16Array(n);
    this.classId = Uint16Array.from(sorted, ({ classId, flags }) => ((flags & IS_DELETE_MARKER) !== 0 ? 0 : classId));
    this.isSameKey = Uint8Array.from(sorted, ({ directory, name }, i) => {
      const before = sorted[i - 1];
      return before?.directory === directory && before.name === name ? 1 : 0;
    });
    this.flags = Uint8Array.from(
      sorted,
      ({ flags, retainUntilMs }, i) => flags | (this.isSameKey[i] === 1 ? IS_SAME_KEY : 0) | (retainUntilMs === null ? 0 : IS_RETAINED),
    );
    this.state = this.flags.map(stateOf);
    this.cubeFlags = this.flags.map(cellFlags);
    this.sizeBytes = Float64Array.from(sorted, ({ sizeBytes }) => sizeBytes);
    this.lastModifiedMs = Float64Array.from(sorted, ({ lastModifiedMs }) => lastModifiedMs);
    this.clockMs = Float64Array.from(sorted, ({ clockMs }) => clockMs);
    this.retainUntilMs = Float64Array.from(sorted, ({ retainUntilMs }) => retainUntilMs ?? Number.NaN);
    this.lockedUntilDay = Int32Array.from(sorted, ({ flags, retainUntilMs }) =>
      (flags & IS_DELETE_MARKER) !== 0 ? NOT_LOCKED : lockedUntilDay(retainUntilMs ?? Number.NaN, (flags & IS_HELD) !== 0, asOfMs),
    );
    for (const [i, { directory, name }] of sorted.entries()) {
      classifier.enter(directory);
      units.enter(directory);
      const bytes = encodeUtf8(name);
      const rule = classifier.ruleOf(bytes, 0, bytes.length);
      this.rule[i] = rule + 1;
      this.kind[i] = classifier.kindOf(rule);
      this.unit[i] = units.unitOf(rule, bytes, 0, bytes.length);
    }
  }

  name(row: number): string {
    return this.at(row).name;
  }

  versionId(row: number): string | null {
    return this.at(row).versionId || null;
  }

  eTag(row: number): string | null {
    return this.at(row).eTag || null;
  }

  details(): readonly string[] {
    return [];
  }

  private at(row: number): FetchedRow {
    const found = this.all[row];
    if (!found) throw new Error(`there is no row ${row}`);
    return found;
  }
}
