import { DAY_MS, SMALL_OBJECT_BYTES } from '../../src/contract/units.ts';
import { KINDS, type Kind, VERSION_STATES, type VersionState } from '../../src/contract/vocabulary.ts';
import { type BilledClass, type Cube, MULTI, NOT_LOCKED, REPLICATION_BLOCKED, SUPERSEDED } from '../../src/core/cube/cube.ts';
import type { NamePrefix, RefinedCube } from '../../src/core/cube/refine.ts';
import { PackedTree } from '../../src/core/cube/tree.ts';
import { TreeBuilder } from '../../src/core/cube/tree-builder.ts';

/** One version as a test describes it. */
export interface TestVersion {
  readonly key: string;
  readonly sizeBytes: number;
  readonly storageClass?: string;
  readonly accessTier?: string;
  readonly kind?: Kind;
  readonly unit?: number;
  readonly state?: VersionState;
  /** UTC day of the write. */
  readonly writtenDay: number;
  /** The first midnight from the clock's instant on: the one after the day of the write unless given. */
  readonly clockDay?: number;
  /** As in `Cube`; not locked unless given. */
  readonly lockedUntilDay?: number;
  /** A delete marker that is not the latest. */
  readonly isSuperseded?: boolean;
  readonly isReplicationBlocked?: boolean;
}

export interface TestCubeOptions {
  readonly asOfMs: number;
  readonly allVersions?: boolean;
  /** Paths ending in "/". */
  readonly unitRoots?: readonly string[];
  /** Name prefixes to split cells by. */
  readonly namePrefixes?: readonly { readonly path: string; readonly namePrefix: string }[];
}

export const dayNumber = (date: string): number => Date.parse(`${date}T00:00:00.000Z`) / DAY_MS;

const nameOf = (key: string): string => key.slice(key.lastIndexOf('/') + 1);

/** A cube of a handful of versions, grouped as the index groups them. Versions given the same key are versions of one key. */
export function buildRefinedCube(versions: readonly TestVersion[], options: TestCubeOptions): Pick<RefinedCube, 'cube' | 'matches'> {
  const encoder = new TextEncoder();
  const builder = new TreeBuilder();
  const directories = versions.map(({ key }) => {
    const bytes = encoder.encode(key);
    return builder.directoryOf(bytes, 0, bytes.length);
  });
  for (const path of options.unitRoots ?? []) {
    const bytes = encoder.encode(path);
    builder.markUnitRoot(builder.directoryOf(bytes, 0, bytes.length));
  }
  const { columns, rank } = builder.build();
  const tree = new PackedTree(columns);
  const namePrefixes: NamePrefix[] = (options.namePrefixes ?? [])
    .map(({ path, namePrefix }) => ({ directory: tree.find(path), namePrefix }))
    .filter(({ directory }) => directory >= 0);
  const classes: BilledClass[] = [];
  const classOf = (storageClass: string, accessTier: string): number => {
    const at = classes.findIndex((other) => other.storageClass === storageClass && other.accessTier === accessTier);
    return at >= 0 ? at : classes.push({ storageClass, accessTier }) - 1;
  };
  type Cell = { fields: number[]; matches: boolean[]; count: number; bytes: number };
  const cells = new Map<string, Cell>();
  const ofKey = new Map<string, number>();
  for (const { key } of versions) ofKey.set(key, (ofKey.get(key) ?? 0) + 1);
  for (const [index, version] of versions.entries()) {
    const directory = rank[directories[index]!]!;
    const flags =
      (version.isReplicationBlocked ? REPLICATION_BLOCKED : 0) |
      (ofKey.get(version.key) === 1 ? 0 : MULTI) |
      (version.isSuperseded ? SUPERSEDED : 0);
    const fields = [
      directory,
      KINDS.indexOf(version.kind ?? 'other'),
      classOf(version.storageClass ?? 'STANDARD', version.accessTier ?? ''),
      version.sizeBytes < SMALL_OBJECT_BYTES ? 1 : 0,
      VERSION_STATES.indexOf(version.state ?? 'current'),
      flags,
      version.lockedUntilDay ?? NOT_LOCKED,
      version.writtenDay,
      version.clockDay ?? version.writtenDay + 1,
      version.unit ?? -1,
    ];
    const matches = namePrefixes.map((prefix) => prefix.directory === directory && nameOf(version.key).startsWith(prefix.namePrefix));
    const key = `${fields}|${matches}`;
    const cell = cells.get(key) ?? { fields, matches, count: 0, bytes: 0 };
    cell.count += 1;
    cell.bytes += version.sizeBytes;
    cells.set(key, cell);
  }
  const list = [...cells.values()].sort((a, b) => a.fields[0]! - b.fields[0]!);
  const column = (at: number): number[] => list.map(({ fields }) => fields[at]!);
  const cellStart = new Uint32Array(tree.count + 1);
  for (const { fields } of list) cellStart[fields[0]! + 1]! += 1;
  for (let directory = 0; directory < tree.count; directory += 1) cellStart[directory + 1]! += cellStart[directory]!;
  const cube: Cube = {
    asOfMs: options.asOfMs,
    allVersions: options.allVersions ?? true,
    tree,
    classes,
    cellCount: list.length,
    directory: Uint32Array.from(column(0)),
    cellStart,
    kind: Uint8Array.from(column(1)),
    unit: Int32Array.from(column(9)),
    classId: Uint16Array.from(column(2)),
    isSmall: Uint8Array.from(column(3)),
    state: Uint8Array.from(column(4)),
    flags: Uint8Array.from(column(5)),
    lockedUntilDay: Int32Array.from(column(6)),
    writtenDay: Int32Array.from(column(7)),
    clockDay: Int32Array.from(column(8)),
    count: Float64Array.from(list.map(({ count }) => count)),
    bytes: Float64Array.from(list.map(({ bytes }) => bytes)),
  };
  return {
    cube,
    matches: namePrefixes.map((_prefix, at) => Uint8Array.from(list.map(({ matches }) => (matches[at] ? 1 : 0)))),
  };
}

export const buildCube = (versions: readonly TestVersion[], options: TestCubeOptions): Cube => buildRefinedCube(versions, options).cube;
