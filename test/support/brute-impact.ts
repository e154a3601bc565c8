import type { Act, Impact } from '../../src/contract/impact.ts';
import { DAY_MS } from '../../src/contract/units.ts';
import type { PriceList } from '../../src/core/price/price-book.ts';
import { formatDay } from '../../src/core/report/format.ts';
import {
  earlyFee,
  isMonitored,
  metered,
  missingDays,
  monitoringFee,
  storageFees,
  transitionFee,
} from '../../src/core/simulate/oracle/bill.ts';
import { isAborted, KeyStory, type OracleKey, type OracleUpload, type OracleVersion } from '../../src/core/simulate/oracle/oracle.ts';
import { toNanoUsd } from '../../src/core/simulate/quanta.ts';
import type { Configured } from '../../src/core/simulate/request.ts';

export interface BruteAsked {
  readonly keys: readonly OracleKey[];
  readonly uploads: readonly OracleUpload[];
  readonly current: Configured;
  readonly proposed: Configured;
  readonly asOfDay: number;
  readonly untilDay: number;
  readonly daysUntilDay: number;
  readonly versioning: 'enabled' | 'suspended' | 'unversioned';
  readonly list: PriceList;
  readonly unitOf: (key: string) => number;
}

interface Doing {
  readonly day: number;
  readonly act: Act;
  readonly to: string;
  readonly fees: bigint;
  /** null where a class has no price. */
  readonly saves: bigint | null;
}

interface Line {
  versions: number;
  bytes: number;
  readonly units: Set<number>;
}
const newLine = (): Line => ({ versions: 0, bytes: 0, units: new Set() });

/** The impact of one configuration after another, by looking at every version on every day with the slow engine, whatever it takes. */
export class BruteImpact {
  private readonly asked: BruteAsked;
  readonly changes = new Map<string, Line & { current: number[]; proposed: number[]; readonly keys: Set<string> }>();
  readonly days = new Map<string, Line & { newVersions: number; newBytes: number; fees: bigint; saves: bigint | null }>();
  readonly destroyed = newLine();
  readonly destroyedIfTagged = newLine();

  constructor(asked: BruteAsked) {
    this.asked = asked;
    for (const key of asked.keys) {
      const worlds = (['none', 'all'] as const).map((tags) => ({
        current: this.doings(key, asked.current, tags),
        proposed: this.doings(key, asked.proposed, tags),
      }));
      for (const version of key.versions) {
        const told = worlds.map(({ current, proposed }) => ({
          current: current.get(version) ?? [],
          proposed: proposed.get(version) ?? [],
        }));
        this.add(key.key, version.sizeBytes, asked.unitOf(key.key), told);
      }
    }
    for (const upload of asked.uploads) {
      this.add(upload.key, upload.bytes, -1, [
        { current: this.aborting(upload, asked.current), proposed: this.aborting(upload, asked.proposed) },
      ]);
    }
  }

  private aborting(upload: OracleUpload, { configuration, minimumSize }: Configured): Doing[] {
    const { asOfDay, untilDay, versioning, list } = this.asked;
    const options = { asOfDay, lagDays: 0, versioning, minimumSize, tags: 'none' as const, tiers: 'stay' as const };
    for (let day = asOfDay + 1; day < untilDay; day += 1) {
      if (!isAborted(upload, configuration, day, options)) continue;
      const isStaged = upload.storageClass === 'GLACIER' || upload.storageClass === 'DEEP_ARCHIVE';
      const price = isStaged ? 'STANDARD' : upload.storageClass;
      const saves = monthOf(list, price, price === 'INTELLIGENT_TIERING' ? 'FREQUENT' : '', upload.bytes);
      return [{ day, act: 'abort', to: '', fees: 0n, saves }];
    }
    return [];
  }

  private doings(key: OracleKey, configured: Configured, tags: 'none' | 'all'): Map<OracleVersion, Doing[]> {
    const { asOfDay, untilDay, versioning, list } = this.asked;
    const { configuration, minimumSize } = configured;
    const story = new KeyStory(key, configuration, { asOfDay, lagDays: 0, versioning, minimumSize, tags, tiers: 'stay' });
    const found = new Map<OracleVersion, Doing[]>();
    const entered = new Map<OracleVersion, number>();
    const note = (version: OracleVersion, doing: Doing) => found.set(version, [...(found.get(version) ?? []), doing]);
    for (let day = asOfDay + 1; day < untilDay; day += 1) {
      const before = new Map(story.told.map((told) => [told, { storageClass: told.storageClass, tier: told.accessTier }]));
      for (const deed of story.run(day)) {
        const { version, isMade } = deed.told;
        if (isMade) continue;
        const since = entered.get(version) ?? Math.max(asOfDay, Math.floor(version.lastModifiedMs / DAY_MS));
        const was = before.get(deed.told) as { storageClass: string; tier: string };
        const month = monthOf(list, was.storageClass, was.tier, null, version.sizeBytes);
        const [[, , billed] = ['', '', 0]] = metered(was.storageClass, was.tier, version.sizeBytes);
        const early = earlyFee(list, was.storageClass, '', billed, missingDays(was.storageClass, day - since));
        if (deed.kind === 'transition') {
          const after = monthOf(list, deed.target, '', null, version.sizeBytes);
          note(version, { day, act: 'move', to: deed.target, fees: transitionFee(list, deed.target) + early, saves: less(month, after) });
          entered.set(version, day);
        } else if (version.isMarker) note(version, { day, act: 'removeMarker', to: '', fees: 0n, saves: 0n });
        else if (deed.kind === 'hidden') note(version, { day, act: 'hide', to: '', fees: 0n, saves: 0n });
        else note(version, { day, act: 'remove', to: '', fees: early, saves: month });
      }
    }
    return found;
  }

  private add(key: string, bytes: number, unit: number, worlds: readonly { current: Doing[]; proposed: Doing[] }[]): void {
    const changes = new Set<string>();
    const days = new Set<string>();
    let lost = false;
    for (const [at, { current, proposed }] of worlds.entries()) {
      const ifTagged = at > 0;
      for (const doing of proposed) {
        const same = `${doing.day} ${doing.act} ${doing.to}`;
        if (days.has(same)) continue;
        days.add(same);
        if (doing.day >= this.asked.daysUntilDay) continue;
        const known = `${formatDay(doing.day)} ${doing.act} ${doing.to} ${ifTagged}`;
        const line = this.days.get(known) ?? { ...newLine(), newVersions: 0, newBytes: 0, fees: 0n, saves: 0n as bigint | null };
        this.days.set(known, line);
        count(line, bytes, unit);
        const isOld = current.some((other) => other.day === doing.day && other.act === doing.act && other.to === doing.to);
        line.newVersions += isOld ? 0 : 1;
        line.newBytes += isOld ? 0 : bytes;
        line.fees += doing.fees;
        line.saves = line.saves === null || doing.saves === null ? null : line.saves + doing.saves;
      }
      const acts = [...new Set([...current, ...proposed].map(({ act, to }) => `${act} ${to}`))];
      for (const act of acts) {
        const dayIn = (list: Doing[]) => list.find((one) => `${one.act} ${one.to}` === act)?.day ?? Number.POSITIVE_INFINITY;
        const was = dayIn(current);
        const is = dayIn(proposed);
        if (was === is) continue;
        const change = is < was ? (was === Infinity ? 'newly' : 'earlier') : is === Infinity ? 'noLonger' : 'later';
        if (changes.has(`${act} ${change}`)) continue;
        changes.add(`${act} ${change}`);
        const known = `${act} ${change} ${ifTagged}`;
        const line = this.changes.get(known) ?? { ...newLine(), current: [], proposed: [], keys: new Set() };
        this.changes.set(known, line);
        count(line, bytes, unit);
        line.keys.add(key);
        if (was !== Infinity) line.current.push(was);
        if (is !== Infinity) line.proposed.push(is);
        if (is < was && (act === 'remove ' || act === 'hide ') && !lost) {
          lost = true;
          count(ifTagged ? this.destroyedIfTagged : this.destroyed, bytes, unit);
        }
      }
    }
  }

  /** In the words of the contract, witnesses left out. */
  told(): Pick<Impact, 'destroyed'> & { changes: Record<string, unknown>; days: Record<string, unknown> } {
    const dates = (days: number[]) =>
      days.length === 0 ? null : { first: formatDay(Math.min(...days)), last: formatDay(Math.max(...days)) };
    const { destroyed, destroyedIfTagged: tagged } = this;
    return {
      destroyed: {
        versions: destroyed.versions + tagged.versions,
        bytes: destroyed.bytes + tagged.bytes,
        units: new Set([...destroyed.units, ...tagged.units]).size,
        ifTagged: { versions: tagged.versions, bytes: tagged.bytes },
      },
      changes: Object.fromEntries(
        [...this.changes].map(([key, { versions, bytes, units, current, proposed, keys }]) => [
          key,
          {
            versions,
            bytes,
            units: units.size,
            currentDates: dates(current),
            proposedDates: dates(proposed),
            witnesses: Math.min(5, keys.size),
          },
        ]),
      ),
      days: Object.fromEntries(
        [...this.days].map(([key, { versions, bytes, units, newVersions, newBytes, fees, saves }]) => [
          key,
          {
            versions,
            bytes,
            units: units.size,
            newVersions,
            newBytes,
            feesNanoUsd: toNanoUsd(fees),
            monthlySavingNanoUsd: saves === null ? null : toNanoUsd(saves),
          },
        ]),
      ),
    };
  }
}

function count(line: Line, bytes: number, unit: number): void {
  line.versions += 1;
  line.bytes += bytes;
  if (unit >= 0) line.units.add(unit);
}

const less = (a: bigint | null, b: bigint | null): bigint | null => (a === null || b === null ? null : a - b);

const THIRTY_DAYS = { name: '', fromDay: 0, toDay: 1, days: 1, monthDays: 1 };

/** Storage and monitoring of a whole month; `rawBytes` where they are billed as they are. */
function monthOf(list: PriceList, storageClass: string, tier: string, rawBytes: number | null, sizeBytes = 0): bigint | null {
  const parts = rawBytes === null ? metered(storageClass, tier, sizeBytes) : [[storageClass, tier, rawBytes] as const];
  if (parts.some(([held, heldTier]) => (list.classes.get(held)?.bandsByTier.get(heldTier) ?? []).length === 0)) return null;
  const stored = parts.map(([held, heldTier, bytes]) => storageFees(list, held, heldTier, [bytes], THIRTY_DAYS, undefined)[0] ?? 0n);
  const watched = rawBytes === null && isMonitored(storageClass, sizeBytes) ? monitoringFee(list, 1, THIRTY_DAYS) : 0n;
  return stored.reduce((sum, fee) => sum + fee, watched);
}
