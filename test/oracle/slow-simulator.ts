import type { LifecycleConfiguration, MinimumSize, Rule } from '../../src/contract/lifecycle.ts';
import { DAY_MS } from '../../src/contract/units.ts';
import { NOT_LOCKED } from '../../src/core/cube/cube.ts';
import type { PriceList } from '../../src/core/price/price-book.ts';
import type { TestVersion } from '../support/cube-builder.ts';

/**
 * The slow, obvious simulator: every version by itself, every day by itself, straight from the words of s3-domain 3 and 4.
 * Shares no code with the fast one but the price list, and prices with its own arithmetic in BigInt rationals.
 */
interface SlowMonth {
  readonly month: string;
  readonly storageNanoUsd: bigint;
  readonly transitionNanoUsd: bigint;
  readonly bytesByClass: Record<string, number>;
}
export interface SlowResult {
  readonly months: SlowMonth[];
  readonly expired: number;
  readonly hidden: number;
  readonly moved: Record<string, number>;
}

interface Live {
  readonly version: TestVersion;
  storageClass: string;
  tier: string;
  noncurrent: boolean;
  clockDay: number;
  gone: boolean;
}

const KIB128 = 131072;
const ARCHIVES = ['GLACIER', 'DEEP_ARCHIVE'];
const ORDER = ['STANDARD_IA', 'ONEZONE_IA', 'GLACIER_IR', 'INTELLIGENT_TIERING', 'GLACIER', 'DEEP_ARCHIVE'];

function mayMove(from: string, tier: string, to: string): boolean {
  if (from === to) return false;
  switch (from) {
    case 'STANDARD':
    case 'REDUCED_REDUNDANCY':
      return true;
    case 'STANDARD_IA':
      return to !== 'STANDARD_IA';
    case 'INTELLIGENT_TIERING':
      if (to === 'STANDARD_IA') return false;
      if (tier === 'ARCHIVE_INSTANT_ACCESS') return to !== 'ONEZONE_IA';
      if (tier === 'ARCHIVE') return ARCHIVES.includes(to);
      if (tier === 'DEEP_ARCHIVE') return to === 'DEEP_ARCHIVE';
      return true;
    case 'ONEZONE_IA':
    case 'GLACIER_IR':
      return ARCHIVES.includes(to);
    case 'GLACIER':
      return to === 'DEEP_ARCHIVE';
    default:
      return false;
  }
}

function filterOf(rule: Rule): { prefix: string; greater: number | undefined; less: number | undefined } {
  const filter = rule.Filter ?? {};
  return {
    prefix: filter.And?.Prefix ?? filter.Prefix ?? rule.Prefix ?? '',
    greater: filter.And?.ObjectSizeGreaterThan ?? filter.ObjectSizeGreaterThan,
    less: filter.And?.ObjectSizeLessThan ?? filter.ObjectSizeLessThan,
  };
}

function matches(rule: Rule, version: TestVersion): boolean {
  const { prefix, greater, less } = filterOf(rule);
  if (!Buffer.from(version.key).subarray(0, Buffer.byteLength(prefix)).equals(Buffer.from(prefix))) return false;
  if (greater !== undefined && version.sizeBytes <= greater) return false;
  return less === undefined || version.sizeBytes < less;
}

function sizeAllows(rule: Rule, version: TestVersion, target: string, minimumSize: MinimumSize): boolean {
  const { greater, less } = filterOf(rule);
  if (greater !== undefined || less !== undefined || version.sizeBytes >= KIB128 || minimumSize === null) return true;
  return minimumSize === 'varies_by_storage_class' && ARCHIVES.includes(target);
}

/** Whole days have passed since the clock's midnight, or the date has come. */
const isDue = (day: number, clockDay: number, days: number | undefined, date?: string): boolean =>
  date !== undefined ? day * DAY_MS >= Date.parse(date) : days !== undefined && day >= clockDay + days;

function act(
  live: Live,
  rules: readonly Rule[],
  day: number,
  versioned: boolean,
  minimumSize: MinimumSize,
): { moved?: string; hidden?: true; expired?: true } {
  const { version } = live;
  const mine = rules.filter((rule) => rule.Status === 'Enabled' && matches(rule, version));
  const expires = mine.some((rule) =>
    live.noncurrent
      ? rule.NoncurrentVersionExpiration !== undefined && isDue(day, live.clockDay, rule.NoncurrentVersionExpiration.NoncurrentDays)
      : rule.Expiration !== undefined && isDue(day, live.clockDay, rule.Expiration.Days, rule.Expiration.Date),
  );
  if (expires && (live.noncurrent || !versioned) && (version.lockedUntilDay ?? NOT_LOCKED) <= day) {
    live.gone = true;
    return { expired: true };
  }
  const targets = mine.flatMap((rule) =>
    (live.noncurrent
      ? (rule.NoncurrentVersionTransitions ?? []).filter((step) => isDue(day, live.clockDay, step.NoncurrentDays))
      : (rule.Transitions ?? []).filter((step) => isDue(day, live.clockDay, step.Days, step.Date))
    )
      .map((step) => step.StorageClass)
      .filter((target) => sizeAllows(rule, version, target, minimumSize)),
  );
  const best = targets
    .filter((target) => target === live.storageClass || mayMove(live.storageClass, live.tier, target))
    .sort((a, b) => ORDER.indexOf(b) - ORDER.indexOf(a))[0];
  if (best !== undefined && best !== live.storageClass) {
    live.storageClass = best;
    live.tier = '';
    return { moved: best };
  }
  if (expires && !live.noncurrent && versioned) {
    live.noncurrent = true;
    live.clockDay = day;
    return { hidden: true };
  }
  return {};
}

/** What one version is metered as on one day: [price key, bytes] pairs and whether it is monitored. */
function metered(live: Live): { volumes: [string, bigint][]; monitored: boolean } {
  const size = BigInt(live.version.sizeBytes);
  const small = live.version.sizeBytes < KIB128;
  switch (live.storageClass) {
    case 'STANDARD_IA':
    case 'ONEZONE_IA':
    case 'GLACIER_IR':
      return { volumes: [[live.storageClass, small ? BigInt(KIB128) : size]], monitored: false };
    case 'GLACIER':
    case 'DEEP_ARCHIVE':
      return {
        volumes: [
          [live.storageClass, size + 32768n],
          ['STANDARD', 8192n],
        ],
        monitored: false,
      };
    case 'INTELLIGENT_TIERING': {
      const tier = small || live.tier === '' ? 'FREQUENT' : live.tier;
      const archived = tier === 'ARCHIVE' || tier === 'DEEP_ARCHIVE';
      const own: [string, bigint] = [`INTELLIGENT_TIERING ${tier}`, archived ? size + 32768n : size];
      return { volumes: archived ? [own, ['STANDARD', 8192n]] : [own], monitored: !small };
    }
    default:
      return { volumes: [[live.storageClass, size]], monitored: false };
  }
}

const round = (num: bigint, den: bigint): bigint => (num * 2n + den) / (den * 2n);

export function simulateSlowly(
  versions: readonly TestVersion[],
  configuration: LifecycleConfiguration | null,
  options: { asOfMs: number; months: number; versioned: boolean; minimumSize: MinimumSize; list: PriceList },
): SlowResult {
  const { list } = options;
  const all = versions
    .filter(({ state }) => state !== 'marker')
    .map(
      (version): Live => ({
        version,
        storageClass: version.storageClass ?? 'STANDARD',
        tier: version.accessTier ?? '',
        noncurrent: version.state === 'noncurrent',
        clockDay: version.clockDay ?? version.writtenDay + 1,
        gone: false,
      }),
    );
  const result = { months: [] as SlowMonth[], expired: 0, hidden: 0, moved: {} as Record<string, number> };
  let day = Math.floor(options.asOfMs / DAY_MS) + 1;
  while (result.months.length < options.months) {
    const month = new Date(day * DAY_MS).toISOString().slice(0, 7);
    const metersByKey = new Map<string, bigint>();
    let monitoredDays = 0n;
    let feeNumerator = 0n;
    let days = 0n;
    while (new Date(day * DAY_MS).toISOString().slice(0, 7) === month) {
      for (const live of all) {
        if (live.gone) continue;
        if (!live.version.isReplicationBlocked) {
          const done = act(live, configuration?.Rules ?? [], day, options.versioned, options.minimumSize);
          if (done.expired) result.expired += 1;
          if (done.hidden) result.hidden += 1;
          if (done.moved !== undefined) {
            result.moved[done.moved] = (result.moved[done.moved] ?? 0) + 1;
            feeNumerator += list.classes.get(done.moved)!.transitionInNanoUsdPer1000!;
          }
        }
        if (live.gone) continue;
        const { volumes, monitored } = metered(live);
        for (const [key, bytes] of volumes) metersByKey.set(key, (metersByKey.get(key) ?? 0n) + bytes);
        if (monitored) monitoredDays += 1n;
      }
      days += 1n;
      day += 1;
    }
    const [year, number] = month.split('-').map(Number) as [number, number];
    const monthDays = BigInt(new Date(Date.UTC(year, number, 0)).getUTCDate());
    // All amounts over the common denominator GB x monthDays x 1000.
    let numerator = 0n;
    for (const [key, byteDays] of metersByKey) {
      const [storageClass, tier] = key.split(' ') as [string, string | undefined];
      let rest = byteDays;
      let from = 0n;
      let charge = 0n;
      for (const band of list.classes.get(storageClass)!.bandsByTier.get(tier ?? '')!) {
        const room = band.upToBytes === null ? rest : (band.upToBytes - from) * days;
        if (rest <= room) {
          charge += rest * band.nanoUsdPerGbMonth * 1000n;
          rest = 0n;
          break;
        }
        charge += room * band.nanoUsdPerGbMonth * 1000n;
        rest -= room;
        from = band.upToBytes ?? from;
      }
      // Where the list's bands end before the volume does there is no price at all.
      if (rest === 0n) numerator += charge;
    }
    const gb = 1073741824n;
    numerator += monitoredDays * list.classes.get('INTELLIGENT_TIERING')!.monitoringNanoUsdPer1000! * gb;
    const bytesByClass: Record<string, number> = {};
    for (const live of all)
      if (!live.gone) bytesByClass[live.storageClass] = (bytesByClass[live.storageClass] ?? 0) + live.version.sizeBytes;
    result.months.push({
      month,
      storageNanoUsd: round(numerator, gb * monthDays * 1000n),
      transitionNanoUsd: round(feeNumerator, 1000n),
      bytesByClass,
    });
  }
  return result;
}
