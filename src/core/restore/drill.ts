import type { RestoreDrill, RestoreWay } from '../../contract/restore.ts';
import { BILLING_GB_BYTES } from '../../contract/units.ts';
import { VERSION_STATES } from '../../contract/vocabulary.ts';
import type { Cube } from '../cube/cube.ts';
import { prefixScope } from '../cube/prefix.ts';
import { add, type ExactNanoUsd, roundNanoUsd, ZERO } from '../price/exact.ts';
import { archiveOf, isOffered, type OperationPrices, type RestoreSpeed } from '../price/operation-prices.ts';
import type { PriceList } from '../price/price-book.ts';

const GB = BigInt(BILLING_GB_BYTES);
/** A month of restored copies counts as 30 days (s3-domain 3.4). */
const MONTH_DAYS = 30n;
/** Restore requests of one account and second (s3-domain 3.4). */
const REQUESTS_PER_SECOND = 1_000;
const MOST_UNITS = 100;
const MARKER = VERSION_STATES.indexOf('marker');

/** Hours S3 states for each archive and speed (s3-domain 3.4). */
const HOURS: Readonly<Record<string, Partial<Record<RestoreSpeed, readonly [number, number]>>>> = {
  GLACIER: { EXPEDITED: [1 / 60, 5 / 60], STANDARD: [3, 5], BULK: [5, 12] },
  DEEP_ARCHIVE: { STANDARD: [0, 12], BULK: [0, 48] },
  'INTELLIGENT_TIERING/ARCHIVE': { EXPEDITED: [1 / 60, 5 / 60], STANDARD: [3, 5], BULK: [5, 12] },
  'INTELLIGENT_TIERING/DEEP_ARCHIVE': { STANDARD: [0, 12], BULK: [0, 48] },
};

interface Extent {
  readonly storageClass: string;
  readonly accessTier: string;
  versions: number;
  bytes: number;
}

/** Extents by class and tier. */
class Extents {
  private readonly byClass = new Map<string, Extent>();

  add(storageClass: string, accessTier: string, versions: number, bytes: number): void {
    const key = `${storageClass}/${accessTier}`;
    const known = this.byClass.get(key);
    if (known === undefined) this.byClass.set(key, { storageClass, accessTier, versions, bytes });
    else {
      known.versions += versions;
      known.bytes += bytes;
    }
  }

  all(): Extent[] {
    return [...this.byClass.values()].sort((a, b) => b.bytes - a.bytes || (a.storageClass < b.storageClass ? -1 : 1));
  }
}

export interface DrillInput {
  readonly cube: Cube;
  readonly prefix: string;
  /** Cells of the directory in which the prefix cuts a name, where it does: those whose names begin with it. */
  readonly isCovered: (cell: number) => boolean;
  readonly unitOf: (unit: number) => { readonly path: string; readonly kind: string } | undefined;
  readonly days: number;
  readonly operations: OperationPrices;
  readonly list: PriceList;
  readonly assumedRegion: boolean;
}

/** Sums with charges that may have no price. */
class Bill {
  retrieval: ExactNanoUsd | null = ZERO;
  request: ExactNanoUsd | null = ZERO;
  copy: ExactNanoUsd | null = ZERO;
  hoursFrom = 0;
  hoursTo = 0;
  requests = 0;
  readonly unpriced = new Set<string>();

  charge(part: 'retrieval' | 'request' | 'copy', price: bigint | null, amount: bigint, den: bigint, what: string): void {
    if (amount === 0n) return;
    if (price === null) {
      this[part] = null;
      this.unpriced.add(what);
      return;
    }
    const sum = this[part];
    this[part] = sum === null ? null : add(sum, { num: price * amount, den });
  }

  way(speed: RestoreWay['speed']): RestoreWay {
    const { retrieval, request, copy } = this;
    const shown = (sum: ExactNanoUsd | null): string | null => (sum === null ? null : roundNanoUsd(sum).toString());
    const total = retrieval === null || request === null || copy === null ? null : add(add(retrieval, request), copy);
    return {
      speed,
      hoursFrom: this.hoursFrom,
      hoursTo: this.hoursTo,
      requestHours: this.requests / REQUESTS_PER_SECOND / 3600,
      retrievalNanoUsd: shown(retrieval),
      requestNanoUsd: shown(request),
      copyNanoUsd: shown(copy),
      totalNanoUsd: shown(total),
      unpriced: [...this.unpriced].sort(),
    };
  }
}

/** Adds what reading an extent costs. What a speed is not offered for takes the next slower one. */
function bill(to: Bill, extent: Extent, speed: RestoreSpeed, { operations, list, days }: DrillInput): void {
  const { storageClass, accessTier } = extent;
  const versions = BigInt(extent.versions);
  const bytes = BigInt(extent.bytes);
  const archive = archiveOf(storageClass, accessTier);
  to.charge('request', operations.getPerThousand(storageClass), versions, 1000n, `${storageClass}: GET requests`);
  if (archive === null) {
    to.charge('retrieval', operations.retrievalPerGb(storageClass), bytes, GB, `${storageClass}: retrieval`);
    return;
  }
  const taken = isOffered(archive, speed) ? speed : 'STANDARD';
  const price = operations.restore(archive, taken);
  to.charge('retrieval', price?.perGb ?? null, bytes, GB, `${archive}: restore ${taken}`);
  to.charge('request', price?.perThousand ?? null, versions, 1000n, `${archive}: restore requests ${taken}`);
  // Back in a tier that is read at once, an Intelligent-Tiering version is no copy: it moves there and is billed there.
  if (!archive.includes('/')) {
    const standard = list.classes.get('STANDARD')?.bandsByTier.get('')?.[0]?.nanoUsdPerGbMonth ?? null;
    to.charge('copy', standard, bytes * BigInt(days), GB * MONTH_DAYS, 'STANDARD: storage');
  }
  const [from, until] = HOURS[archive]?.[taken] ?? [0, 0];
  to.hoursFrom = to.requests === 0 ? from : Math.min(to.hoursFrom, from);
  to.hoursTo = Math.max(to.hoursTo, until);
  to.requests += extent.versions;
}

function waysOf(extents: readonly Extent[], input: DrillInput): RestoreWay[] {
  const archives = extents.map(({ storageClass, accessTier }) => archiveOf(storageClass, accessTier)).filter((name) => name !== null);
  const speeds = (['EXPEDITED', 'STANDARD', 'BULK'] as const).filter((speed) => archives.some((archive) => isOffered(archive, speed)));
  const oneWay = (speed: RestoreSpeed, name: RestoreWay['speed']): RestoreWay => {
    const total = new Bill();
    for (const extent of extents) bill(total, extent, speed, input);
    return total.way(name);
  };
  return speeds.length === 0 ? [oneWay('STANDARD', 'direct')] : speeds.map((speed) => oneWay(speed, speed));
}

/** What reading everything under a prefix back costs and takes, by speed: no request is sent to find out. */
export function restoreDrill(input: DrillInput): RestoreDrill {
  const { cube, prefix, days, operations } = input;
  const whole = new Extents();
  const byUnit = new Map<number, Extents>();
  for (const cell of cellsUnder(input)) {
    if (cube.state[cell] === MARKER) continue;
    const { storageClass, accessTier } = cube.classes[cube.classId[cell]!]!;
    const tier = storageClass === 'INTELLIGENT_TIERING' && cube.isSmall[cell] === 1 ? '' : accessTier;
    whole.add(storageClass, tier, cube.count[cell]!, cube.bytes[cell]!);
    const unit = cube.unit[cell]!;
    if (unit < 0) continue;
    const own = byUnit.get(unit) ?? new Extents();
    byUnit.set(unit, own);
    own.add(storageClass, tier, cube.count[cell]!, cube.bytes[cell]!);
  }
  const extents = whole.all();
  const sum = (list: readonly Extent[]) => ({
    versions: list.reduce((total, { versions }) => total + versions, 0),
    bytes: list.reduce((total, { bytes }) => total + bytes, 0),
  });
  const isArchived = ({ storageClass, accessTier }: Extent): boolean => archiveOf(storageClass, accessTier) !== null;
  const units = [...byUnit]
    .map(([unit, own]) => ({ unit, own: own.all(), archived: sum(own.all().filter(isArchived)) }))
    .filter(({ archived }) => archived.versions > 0)
    .sort((a, b) => b.archived.bytes - a.archived.bytes || a.unit - b.unit)
    .slice(0, MOST_UNITS);
  return {
    prefix,
    asOf: new Date(cube.asOfMs).toISOString(),
    prices: { region: operations.region, asOf: operations.asOf, assumed: input.assumedRegion },
    days,
    ...sum(extents),
    classes: extents.map((extent) => ({ ...extent, isArchived: isArchived(extent), ways: waysOf([extent], input) })),
    ways: waysOf(extents, input),
    units: units.map(({ unit, own, archived }) => ({
      path: input.unitOf(unit)?.path ?? '',
      kind: input.unitOf(unit)?.kind ?? '',
      ...sum(own),
      archived,
      ways: waysOf(own, input),
    })),
    assumptions: [
      `Every version is read once, and restored copies are kept for ${days} ${days === 1 ? 'day' : 'days'}.`,
      'Reading from another region or from the internet costs transfer on top; it is not in these figures.',
      'Hours are those S3 states. Expedited restores of more than 250 MB take longer, and without provisioned capacity they may be refused.',
      ...(extents.some(({ storageClass, accessTier }) => storageClass === 'INTELLIGENT_TIERING' && accessTier === '')
        ? ['Where the report does not tell the access tier of Intelligent-Tiering, it counts as readable at once.']
        : []),
    ],
  };
}

function* cellsUnder({ cube, prefix, isCovered }: DrillInput): Iterable<number> {
  const scope = prefixScope(cube.tree, prefix);
  if (scope === null) return;
  for (let cell = cube.cellStart[scope.from]!; cell < cube.cellStart[scope.to]!; cell += 1) yield cell;
  const { cut } = scope;
  if (cut === null) return;
  for (let cell = cube.cellStart[cut.directory]!; cell < cube.cellStart[cut.directory + 1]!; cell += 1) if (isCovered(cell)) yield cell;
}
