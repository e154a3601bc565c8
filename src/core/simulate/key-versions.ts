import { DAY_MS, SMALL_OBJECT_BYTES } from '../../contract/units.ts';
import { VERSION_STATES } from '../../contract/vocabulary.ts';
import { type BilledClass, NOT_LOCKED, REPLICATION_BLOCKED, SUPERSEDED } from '../cube/cube.ts';
import type { RowBlock } from '../cube/row-block.ts';
import { tagGroupOf, tagVerdict } from '../cube/tag-groups.ts';
import type { RunOptions } from './options.ts';
import type { Configured } from './request.ts';
import { type ActiveRule, activeRules, matchesSize } from './rules.ts';
import type { KeyVersion } from './timeline/key.ts';
import { type Program, programOf } from './timeline/program.ts';

export type { Configured };

const MARKER = VERSION_STATES.indexOf('marker');
const CURRENT = VERSION_STATES.indexOf('current');

/** A row as lifecycle tells it. */
export function keyVersionOf(
  block: RowBlock,
  row: number,
  classes: readonly BilledClass[],
  options: RunOptions,
  programOfRow: (sizeBytes: number, isSmall: boolean) => Program,
): KeyVersion {
  const isMarker = block.state[row] === MARKER;
  const sizeBytes = block.sizeBytes[row]!;
  const isSmall = sizeBytes < SMALL_OBJECT_BYTES;
  const writtenDay = Math.floor(block.lastModifiedMs[row]! / DAY_MS);
  const { storageClass, accessTier } = classes[block.classId[row]!]!;
  return {
    isMarker,
    isCurrent: block.state[row] === CURRENT || (isMarker && (block.cubeFlags[row]! & SUPERSEDED) === 0),
    isNull: options.versioning === 'suspended' && block.versionId(row) === null,
    storageClass,
    accessTier,
    isSmall,
    clockDay: Math.ceil(block.clockMs[row]! / DAY_MS),
    lockedUntilDay: isMarker ? NOT_LOCKED : block.lockedUntilDay[row]!,
    isReplicationBlocked: (block.cubeFlags[row]! & REPLICATION_BLOCKED) !== 0,
    enteredDay: writtenDay >= options.asOfDay ? writtenDay : null,
    program: programOfRow(sizeBytes, isSmall),
  };
}

export interface KeyRows {
  readonly key: string;
  readonly block: RowBlock;
  /** Rows [from, to), newest first. */
  readonly from: number;
  readonly to: number;
  readonly classes: readonly BilledClass[];
  readonly configured: Configured;
  readonly options: RunOptions;
}

/** The versions of one key with what a configuration has in store for each, ready for `tellKey`. */
export function keyVersions({ key, block, from, to, classes, configured, options }: KeyRows): {
  readonly versions: readonly KeyVersion[];
  readonly forMarkers: Program;
  /** The rules whose filters match each version. */
  readonly matched: readonly (readonly ActiveRule[])[];
} {
  const reached = activeRules(configured.configuration).filter(({ scope }) => key.startsWith(scope.prefix));
  const matching = (row: number): ActiveRule[] => {
    const tags = block.tags?.(row) ?? null;
    return reached.filter(
      ({ scope }) =>
        matchesSize(scope, block.sizeBytes[row]!) &&
        (scope.tags.length === 0 || (tagVerdict(tagGroupOf([scope.tags], tags), 0) ?? options.tags === 'all')),
    );
  };
  const own: RunOptions = { ...options, minimumSize: configured.minimumSize };
  const versions: KeyVersion[] = [];
  const matched: ActiveRule[][] = [];
  for (let row = from; row < to; row += 1) {
    versions.push(keyVersionOf(block, row, classes, own, (_, isSmall) => programOf(matching(row), reached, isSmall, own)));
    matched.push(matching(row));
  }
  return { versions, forMarkers: programOf([], reached, true, own), matched };
}
