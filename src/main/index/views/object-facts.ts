import { appError } from '../../../contract/errors.ts';
import type { ObjectFacts, VersionFacts } from '../../../contract/objects.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import { SMALL_OBJECT_BYTES } from '../../../contract/units.ts';
import { CATEGORY_OF_KIND, KINDS, VERSION_STATES } from '../../../contract/vocabulary.ts';
import { LOCKED_FOR_EVER, NOT_LOCKED } from '../../../core/cube/cube.ts';
import { MARKER, Sums } from '../../../core/cube/group.ts';
import { IS_HELD, IS_LATEST, IS_REPLICATION_BLOCKED } from '../../../core/inventory/row-batch.ts';
import { formatDay } from '../../../core/report/format.ts';
import type { Unit } from '../../../core/units/unit-builder.ts';
import { type IndexRows, rowNamed } from '../rows.ts';
import type { KnownTags } from '../tags.ts';
import type { View } from './view.ts';

interface Asked {
  readonly key: string;
  readonly versionId?: string | undefined;
  readonly offset: number;
  readonly limit: number;
}

/** All that an index holds of one key. KeyNotFound where it has no such key, or no such version of it. */
export function objectFacts(view: View, { key, versionId, offset, limit }: Asked): Result<ObjectFacts> {
  const { reader, snapshotId, cube, asOf, prices } = view;
  const snapshot = reader.snapshot(snapshotId);
  if (!snapshot.ok) return snapshot;
  const slash = key.lastIndexOf('/') + 1;
  const directory = cube.tree.find(key.slice(0, slash));
  const notFound = err(appError('KeyNotFound', 'The snapshot has no such key.', { field: key }));
  if (directory < 0) return notFound;
  const rows = reader.versionsIn(snapshotId, directory);
  if (!rows.ok) return rows;
  const first = rowNamed(rows.value, key.slice(slash));
  if (first < 0) return notFound;
  let end = first + 1;
  while (end < rows.value.rows && rows.value.isSameKey[end] === 1) end += 1;
  const asked: number[] = [];
  for (let row = first; row < end; row++) {
    if (versionId === undefined || (rows.value.versionId(row) ?? 'null') === versionId) asked.push(row);
  }
  if (asked.length === 0) return err(appError('KeyNotFound', 'The key has no such version.', { field: versionId }));
  const units = reader.units(snapshotId);
  if (!units.ok) return units;
  const detailNames = reader.detailNames(snapshotId);
  if (!detailNames.ok) return detailNames;
  const tags = reader.tags(snapshotId);
  if (!tags.ok) return tags;
  const { bucket, fields, rowsAt } = snapshot.value;
  const names = rowsAt === null ? detailNames.value : null;
  return ok({
    key,
    bucket,
    snapshotId,
    asOf,
    prices,
    fields,
    total: asked.length,
    versions: asked.slice(offset, offset + limit).map((row) => ({
      ...versionFacts(view, rows.value, row, units.value.units, names),
      tags: tagsOf(tags.value, key, rows.value, row),
    })),
  });
}

function versionFacts(
  view: View,
  rows: IndexRows,
  row: number,
  units: readonly Unit[],
  detailNames: readonly string[] | null,
): Omit<VersionFacts, 'tags'> {
  const { cube, price, reader, snapshotId } = view;
  const flags = rows.flags[row] as number;
  const isLatest = (flags & IS_LATEST) !== 0;
  const isMarker = rows.state[row] === MARKER;
  const classId = rows.classId[row] as number;
  const sizeBytes = rows.sizeBytes[row] as number;
  const kind = KINDS[rows.kind[row] as number] ?? 'other';
  const unit = units[rows.unit[row] as number];
  const sums = new Sums(cube.classes.length);
  if (!isMarker) sums.add(classId, sizeBytes < SMALL_OBJECT_BYTES ? 1 : 0, 1, sizeBytes);
  const values = rows.details(row);
  return {
    versionId: rows.versionId(row),
    state: VERSION_STATES[rows.state[row] as number] ?? 'current',
    isLatest,
    sizeBytes,
    storageClass: isMarker ? '' : (cube.classes[classId]?.storageClass ?? ''),
    accessTier: isMarker ? '' : (cube.classes[classId]?.accessTier ?? ''),
    lastModified: instant(rows.lastModifiedMs[row] as number),
    noncurrentSince: isLatest ? null : instant(rows.clockMs[row] as number),
    eTag: rows.eTag(row),
    retainUntil: Number.isNaN(rows.retainUntilMs[row]) ? null : instant(rows.retainUntilMs[row] as number),
    lockedUntil: lockWords(rows.lockedUntilDay[row] as number),
    isHeld: (flags & IS_HELD) !== 0,
    isReplicationBlocked: (flags & IS_REPLICATION_BLOCKED) !== 0,
    kind,
    category: CATEGORY_OF_KIND[kind],
    ruleId: reader.ruleId(snapshotId, rows.rule[row] as number),
    unit: unit ? { unitId: unit.unit, kind: unit.kind, path: unit.path } : null,
    monthlyNanoUsd: price.chargeOrNull(sums),
    details: detailNames?.flatMap((name, at): [string, string][] => (values[at] ? [[name, values[at]]] : [])) ?? null,
  };
}

function tagsOf(known: KnownTags | null, key: string, rows: IndexRows, row: number): [string, string][] | null {
  if (rows.state[row] === MARKER) return [];
  return known?.of(key, rows.versionId(row))?.map(([name, value]) => [name, value]) ?? null;
}

const instant = (ms: number): string => new Date(ms).toISOString();

const lockWords = (day: number): VersionFacts['lockedUntil'] =>
  day === NOT_LOCKED ? null : day === LOCKED_FOR_EVER ? 'never' : formatDay(day);
