import type { Rule } from '../../contract/lifecycle.ts';
import type { ProposedAction } from '../../contract/proposals.ts';
import { DAY_MS } from '../../contract/units.ts';
import { CellBuilder, makeCube } from '../cube/cell-builder.ts';
import type { Cube } from '../cube/cube.ts';
import type { PackedCube } from '../cube/group.ts';
import { unrefined } from '../cube/refine.ts';
import { PackedTree } from '../cube/tree.ts';
import { encodeUtf8 } from '../cube/utf8.ts';
import { type ExactNanoUsd, roundNanoUsd } from '../price/exact.ts';
import type { PriceList } from '../price/price-book.ts';
import { storageRates } from '../price/storage-charge.ts';
import { type Extent, Volume } from '../price/volume.ts';
import { CubeEngine } from '../simulate/cube/engine.ts';
import type { CubeUpload } from '../simulate/cube/uploads.ts';
import type { Request } from '../simulate/request.ts';
import { simulate, simulatedMonths } from '../simulate/simulate.ts';
import { NO_UNIT } from '../units/unit-table.ts';

/** What something comes to over a year; null where a price is missing. */
export interface Year {
  readonly firstYearNanoUsd: string;
  readonly feesNanoUsd: string;
  readonly paybackDay: string | null;
}

/** List price of a month of some extents, all of them; null where one has none. */
export function monthlyCharge(list: PriceList, extents: Iterable<Extent>): ExactNanoUsd | null {
  const volume = new Volume();
  for (const extent of extents) volume.add(extent);
  const rates = storageRates(list, volume);
  return rates.unpricedKeys.length > 0 ? null : rates.charge(volume);
}

/** What a month costs less once an action has been carried out on some extents. */
export function monthlySaving(list: PriceList, action: ProposedAction, extents: readonly Extent[]): string | null {
  const before = monthlyCharge(list, extents);
  if (before === null) return null;
  if (action.do !== 'move') return String(roundNanoUsd(before));
  const target = action.steps.at(-1)?.storageClass ?? '';
  const after = monthlyCharge(
    list,
    extents.map((extent) => ({ ...extent, storageClass: target, accessTier: '' })),
  );
  if (after === null) return null;
  return String(roundNanoUsd({ num: before.num * after.den - after.num * before.den, den: before.den * after.den }));
}

/** What S3 is told for an action, about everything there is. */
export function ruleParts(action: ProposedAction): Partial<Rule> {
  switch (action.do) {
    case 'expire':
      return {
        Expiration: { Days: action.days },
        ...(action.undoDays === null ? {} : { NoncurrentVersionExpiration: { NoncurrentDays: action.undoDays } }),
      };
    case 'expireNoncurrent':
      return { NoncurrentVersionExpiration: { NoncurrentDays: action.days } };
    case 'move':
      return { Transitions: action.steps.map(({ days, storageClass }) => ({ Days: days, StorageClass: storageClass })) };
    case 'removeMarkers':
      return { Expiration: { ExpiredObjectDeleteMarker: true } };
    case 'abortUploads':
      return { AbortIncompleteMultipartUpload: { DaysAfterInitiation: action.days } };
    case 'rewrite':
      return {};
  }
}

/** Cells of a cube with the action that is for them. */
export interface Lots {
  readonly action: ProposedAction;
  readonly cells: Iterable<number>;
  readonly uploads?: readonly Omit<CubeUpload, 'key'>[];
}

/**
 * The year after the snapshot, by the lifecycle engine: some cells by themselves, in a folder for each action with a rule that carries
 * it out on all of them. null where a price is missing.
 */
export function firstYear(cube: PackedCube, list: PriceList, lots: readonly Lots[]): Year | null {
  const asOfDay = Math.floor(cube.asOfMs / DAY_MS);
  const folders = lots.map((_, at) => `a${at}`);
  const rules = lots.map(({ action }, at): Rule => {
    const ID = `proposal-${at}`;
    return { ID, Status: 'Enabled', Filter: { Prefix: `${folders[at]}/` }, ...ruleParts(action) };
  });
  const request: Request = {
    baseline: { configuration: null, minimumSize: 'all_storage_classes_128K' },
    plan: { configuration: { Rules: rules }, minimumSize: 'all_storage_classes_128K' },
    asOfDay,
    lagDays: 0,
    versioning: cube.allVersions ? 'enabled' : 'unversioned',
    list,
    months: simulatedMonths(asOfDay, 12),
    reported: 12,
    inflowDays: 0,
  };
  const uploads = lots.flatMap(({ uploads: own = [] }, at) => own.map((upload) => ({ ...upload, key: `${folders[at]}/upload` })));
  const sub = subCube(cube, folders, lots);
  const engine = new CubeEngine({ cube: unrefined(sub), readStacks: () => [], uploads, wholeKeys: 'ranked' }, request);
  const simulation = simulate(engine, {
    request,
    readsPpm: 0,
    readsObserved: null,
    excludeUnpriced: false,
    regionAssumed: false,
    versioningAssumed: false,
  });
  if (!simulation.ok) return null;
  const { firstYearNanoUsd, oneTimeNanoUsd, paybackDay } = simulation.value.totals;
  return { firstYearNanoUsd, feesNanoUsd: oneTimeNanoUsd, paybackDay };
}

function subCube(cube: PackedCube, folders: readonly string[], lots: readonly Lots[]): Cube {
  const builder = new CellBuilder();
  for (const [at, { cells }] of lots.entries()) {
    for (const cell of cells) {
      builder.addMany({
        directory: at + 1,
        // What it is called costs nothing: fewer cells.
        kind: 0,
        unit: NO_UNIT,
        classId: cube.classId[cell] as number,
        isSmall: cube.isSmall[cell] as number,
        state: cube.state[cell] as number,
        flags: cube.flags[cell] as number,
        lockedUntilDay: cube.lockedUntilDay[cell] as number,
        writtenDay: cube.writtenDay[cell] as number,
        clockDay: cube.clockDay[cell] as number,
        count: cube.count[cell] as number,
        bytes: cube.bytes[cell] as number,
      });
    }
  }
  const { asOfMs, allVersions, classes } = cube;
  return makeCube({ asOfMs, allVersions, classes }, treeOf(folders), builder.finish());
}

/** A root with some folders in it. */
function treeOf(folders: readonly string[]): PackedTree {
  const count = folders.length + 1;
  const nameStart = new Uint32Array(count + 1);
  for (const [at, name] of folders.entries()) nameStart[at + 2] = (nameStart[at + 1] as number) + name.length;
  return new PackedTree({
    parent: Int32Array.from({ length: count }, (_, at) => (at === 0 ? -1 : 0)),
    depth: Uint16Array.from({ length: count }, (_, at) => (at === 0 ? 0 : 1)),
    subtreeEnd: Uint32Array.from({ length: count }, (_, at) => (at === 0 ? count : at + 1)),
    isUnitRoot: new Uint8Array(count),
    nameBytes: encodeUtf8(folders.join('')),
    nameStart,
  });
}
