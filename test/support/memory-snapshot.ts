import { DAY_MS } from '../../src/contract/units.ts';
import { KINDS, type Kind, VERSION_STATES } from '../../src/contract/vocabulary.ts';
import { CellBuilder, makeCube } from '../../src/core/cube/cell-builder.ts';
import { type BilledClass, type Cube, MULTI, REPLICATION_BLOCKED, SUPERSEDED } from '../../src/core/cube/cube.ts';
import type { RowScan } from '../../src/core/cube/refine.ts';
import type { DirectoryRange, RowBlock } from '../../src/core/cube/row-block.ts';
import { stacksOf } from '../../src/core/cube/stacks.ts';
import { PackedTree } from '../../src/core/cube/tree.ts';
import { TreeBuilder } from '../../src/core/cube/tree-builder.ts';
import type { OracleKey, OracleVersion } from '../../src/core/simulate/oracle/oracle.ts';
import { NO_UNIT } from '../../src/core/units/unit-table.ts';

/** Keys in memory as the index would hold them: a cube, and rows to scan. Kinds are by key. */
export interface MemorySnapshot {
  readonly keys: readonly OracleKey[];
  readonly cube: Cube;
  readonly scan: RowScan;
  readonly readStacks: (ranges: readonly DirectoryRange[]) => RowBlock[];
}

interface Row {
  readonly key: string;
  readonly name: string;
  readonly directory: number;
  readonly isFirst: boolean;
  readonly isMulti: boolean;
  readonly version: OracleVersion;
}

const nameOf = (key: string): string => key.slice(key.lastIndexOf('/') + 1);

export function memorySnapshot(keys: readonly OracleKey[], asOfMs: number, kindOf: (key: string) => Kind = () => 'other'): MemorySnapshot {
  const encoder = new TextEncoder();
  const builder = new TreeBuilder();
  const found = keys.map(({ key }) => {
    const bytes = encoder.encode(key);
    return builder.directoryOf(bytes, 0, bytes.length);
  });
  const { columns, rank } = builder.build();
  const tree = new PackedTree(columns);
  const rows: Row[] = keys.flatMap(({ key, versions }, at) =>
    versions.map((version, index) => ({
      key,
      name: nameOf(key),
      directory: rank[found[at]!]!,
      isFirst: index === 0,
      isMulti: versions.length > 1,
      version,
    })),
  );
  const sorted = rows
    .map((row, at) => ({ row, at }))
    .sort((a, b) => a.row.directory - b.row.directory || a.at - b.at)
    .map(({ row }) => row);
  const classes: BilledClass[] = [];
  const classOf = ({ storageClass, accessTier }: OracleVersion): number => {
    const at = classes.findIndex((other) => other.storageClass === storageClass && other.accessTier === accessTier);
    return at >= 0 ? at : classes.push({ storageClass, accessTier }) - 1;
  };
  const stateOf = ({ isMarker, isLatest }: OracleVersion): number =>
    VERSION_STATES.indexOf(isMarker ? 'marker' : isLatest ? 'current' : 'noncurrent');
  const flagsOf = ({ version, isMulti }: Row): number =>
    (version.isReplicationBlocked ? REPLICATION_BLOCKED : 0) |
    (isMulti ? MULTI : 0) |
    (version.isMarker && !version.isLatest ? SUPERSEDED : 0);
  const block = (part: readonly Row[]): RowBlock => ({
    rows: part.length,
    directory: Uint32Array.from(part, ({ directory }) => directory),
    kind: Uint8Array.from(part, ({ key }) => KINDS.indexOf(kindOf(key))),
    unit: new Int32Array(part.length).fill(NO_UNIT),
    classId: Uint16Array.from(part, ({ version }) => classOf(version)),
    state: Uint8Array.from(part, ({ version }) => stateOf(version)),
    cubeFlags: Uint8Array.from(part, flagsOf),
    lockedUntilDay: Int32Array.from(part, ({ version }) => version.lockedUntilDay),
    sizeBytes: Float64Array.from(part, ({ version }) => version.sizeBytes),
    lastModifiedMs: Float64Array.from(part, ({ version }) => version.lastModifiedMs),
    clockMs: Float64Array.from(part, ({ version }) => version.noncurrentSinceMs ?? version.lastModifiedMs),
    isSameKey: Uint8Array.from(part, ({ isFirst }) => (isFirst ? 0 : 1)),
    name: (row) => part[row]!.name,
    versionId: (row) => part[row]!.version.versionId,
    tags: (row) => part[row]!.version.tags?.map(({ Key, Value }) => [Key, Value] as const) ?? null,
  });
  const cells = new CellBuilder();
  const all = block(sorted);
  for (let row = 0; row < all.rows; row += 1) {
    cells.add({
      directory: all.directory[row]!,
      kind: all.kind[row]!,
      unit: all.unit[row]!,
      classId: all.classId[row]!,
      state: all.state[row]!,
      flags: all.cubeFlags[row]!,
      lockedUntilDay: all.lockedUntilDay[row]!,
      sizeBytes: all.sizeBytes[row]!,
      lastModifiedMs: all.lastModifiedMs[row]!,
      clockMs: all.clockMs[row]!,
    });
  }
  const cube = makeCube({ asOfMs, allVersions: true, classes }, tree, cells.finish());
  const scan: RowScan = ({ from, to }, onBlock) => onBlock(block(sorted.filter(({ directory }) => directory >= from && directory < to)));
  return {
    keys,
    cube,
    scan,
    readStacks: (ranges) => {
      const blocks: RowBlock[] = [];
      for (const range of ranges) scan(range, (part) => blocks.push(stacksOf(part)));
      return blocks;
    },
  };
}

const dayMs = (date: string): number => Date.parse(`${date}T00:00:00.000Z`);
export const dayOf = (date: string): number => dayMs(date) / DAY_MS;
