import type { CostedThing, OwnersFile, UnitCost } from '../../contract/owners.ts';
import { ok, type Result } from '../../contract/result.ts';
import { DAY_MS } from '../../contract/units.ts';
import type { Kind } from '../../contract/vocabulary.ts';
import { MARKER, Sums } from '../../core/cube/group.ts';
import { type Owner, ownerOfKey } from '../../core/owners/assign.ts';
import { weekOf } from '../../core/owners/costs.ts';
import type { SnapshotUnits } from '../index/unit-rows.ts';
import { openView, type View } from '../index/views/view.ts';
import type { PricePlaces } from '../prices.ts';

/** Kinds a thing is made of, and whether units are told one by one or by the group they belong to. */
const THINGS: Readonly<Record<UnitCost, { readonly kinds: readonly Kind[]; readonly byGroup: boolean }>> = {
  run: { kinds: ['checkpoint', 'checkpoint_incomplete'], byGroup: true },
  model: { kinds: ['model'], byGroup: false },
  datasetVersion: { kinds: ['dataset', 'dataset_store', 'dataset_live_table'], byGroup: false },
  experiment: { kinds: ['experiment'], byGroup: true },
};

/** What one thing holds, before anybody says whose it is. */
interface Thing {
  readonly path: string;
  readonly sums: Sums;
}

/** Versions by what they are part of: groups of checkpoints and experiments, units of everything else. One pass over the cells. */
function thingsIn(view: View, { units, groups }: SnapshotUnits, per: UnitCost | null): Map<string, Thing> {
  const { cube } = view;
  const things = new Map<string, Thing>();
  const kindOf = (kind: Kind): { readonly byGroup: boolean } | undefined => {
    const wanted = per === null ? Object.values(THINGS) : [THINGS[per]];
    return wanted.find(({ kinds }) => kinds.includes(kind)) ?? (per === null ? { byGroup: false } : undefined);
  };
  const thingOf = units.map((unit) => {
    const how = kindOf(unit.kind);
    if (how === undefined) return null;
    const path = how.byGroup ? (groups[unit.group]?.path ?? unit.path) : unit.path;
    const known = things.get(path) ?? { path, sums: new Sums(cube.classes.length) };
    things.set(path, known);
    return known;
  });
  for (let cell = 0; cell < cube.cellCount; cell += 1) {
    const unit = cube.unit[cell] as number;
    if (unit < 0 || cube.state[cell] === MARKER) continue;
    thingOf[unit]?.sums.add(
      cube.classId[cell] as number,
      cube.isSmall[cell] as number,
      cube.count[cell] as number,
      cube.bytes[cell] as number,
    );
  }
  return things;
}

const WEEK_DAYS = 7;

/** The newest snapshot of the bucket at least a week before another. */
function weekBefore({ reader, snapshotId }: View): string | null {
  const own = reader.snapshot(snapshotId);
  if (!own.ok) return null;
  const limit = Date.parse(own.value.asOf) - WEEK_DAYS * DAY_MS;
  const earlier = reader.snapshots().filter(({ bucket, asOf }) => bucket === own.value.bucket && Date.parse(asOf) <= limit);
  return earlier.sort((a, b) => Date.parse(b.asOf) - Date.parse(a.asOf))[0]?.snapshotId ?? null;
}

export interface ThingQuery {
  readonly index: string;
  readonly snapshotId?: string | undefined;
  readonly region?: string | undefined;
  readonly file: OwnersFile;
  readonly base: Owner;
  readonly per: UnitCost | null;
  readonly limit: number;
}

export interface ThingCostsFound {
  readonly view: View;
  readonly comparedWith: string | null;
  /** Every thing's monthly cost, priced ones only. */
  readonly amounts: readonly bigint[];
  readonly things: readonly CostedThing[];
}

/** What things cost, the dearest first, each beside what it cost a week before where that is known. */
export async function thingCosts(query: ThingQuery, places: PricePlaces): Promise<Result<ThingCostsFound>> {
  const view = await openView(query, places);
  if (!view.ok) return view;
  const { reader, snapshotId, price, cube } = view.value;
  const units = reader.units(snapshotId);
  if (!units.ok) return units;
  const costed = [...thingsIn(view.value, units.value, query.per).values()]
    .filter(({ sums }) => sums.versions > 0)
    .map((thing) => ({ ...thing, monthly: price.chargeOrNull(thing.sums) }));
  costed.sort((a, b) => {
    const [left, right] = [BigInt(a.monthly ?? -1), BigInt(b.monthly ?? -1)];
    return left < right ? 1 : left > right ? -1 : a.path < b.path ? -1 : 1;
  });
  const earlierId = weekBefore(view.value);
  const earlier = earlierId === null ? null : await openView({ ...query, snapshotId: earlierId }, places);
  if (earlier !== null && !earlier.ok) return earlier;
  const before = earlier === null ? null : earlier.value.reader.units(earlier.value.snapshotId);
  if (before !== null && !before.ok) return before;
  const thingsBefore = earlier === null || before === null ? new Map<string, Thing>() : thingsIn(earlier.value, before.value, query.per);
  const week = (own: View, monthly: string | null): string | null =>
    monthly === null ? null : String(weekOf(BigInt(monthly), own.cube.asOfMs));
  return ok({
    view: view.value,
    comparedWith: earlier === null ? null : earlier.value.asOf,
    amounts: costed.flatMap(({ monthly }) => (monthly === null ? [] : [BigInt(monthly)])),
    things: costed.slice(0, query.limit).map(({ path, sums, monthly }) => {
      const old = thingsBefore.get(path);
      return {
        path,
        owner: ownerOfKey(path, query.file, query.base),
        versions: sums.versions,
        bytes: sums.totalBytes,
        monthlyNanoUsd: monthly,
        weekNanoUsd: week({ ...view.value, cube }, monthly),
        weekBeforeNanoUsd: old === undefined || earlier === null ? null : week(earlier.value, earlier.value.price.chargeOrNull(old.sums)),
      };
    }),
  });
}
