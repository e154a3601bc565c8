import type { LifecycleConfiguration } from '../../../contract/lifecycle.ts';
import { DAY_MS } from '../../../contract/units.ts';
import type { PriceList } from '../../price/price-book.ts';
import type { AlreadyStored } from '../../price/storage-charge.ts';
import type { Month } from '../calendar.ts';
import type { RunOptions } from '../options.ts';
import { type Block, newTally, type Side, type State, type Tally } from '../side.ts';
import { earlyFee, isMonitored, metered, missingDays, monitoringFee, readFee, storageFees, transitionFee } from './bill.ts';
import { type Deed, isAborted, KeyStory, type OracleKey, type OracleUpload, type OracleVersion, type Told } from './oracle.ts';

export interface OracleRun {
  readonly configuration: LifecycleConfiguration | null;
  readonly options: RunOptions;
  /** The first so many months are reported; all are simulated. */
  readonly months: readonly Month[];
  readonly reported: number;
  readonly list: PriceList;
  readonly already?: AlreadyStored | undefined;
}

/** Runs keys one after the other over every day, and keeps the books. */
export class OracleBooks {
  private readonly run: OracleRun;
  private readonly fromDay: number;
  private readonly days: number;
  private readonly reportedDays: number;
  /** Bytes by price and day; a price is a class and a tier. */
  private readonly stored = new Map<string, Float64Array>();
  private readonly held = new Map<string, Float64Array>();
  private readonly monitored: Float64Array;
  private readonly transitions: bigint[];
  private readonly early: bigint[];
  private readonly earlyAtBest: bigint[];
  private readonly expired = newTally();
  private readonly everExpired = newTally();
  private readonly hidden = newTally();
  private readonly moved = new Map<string, Tally>();
  private readonly uploadsAborted = newTally();
  private markersMade = 0;
  private markersRemoved = 0;
  private firstExpirationDay: number | null = null;
  private firstTransitionDay: number | null = null;
  private readonly blocked: Record<Block, Tally> = { smallObject: newTally(), objectLock: newTally(), replication: newTally() };
  private readonly byClass = new Map<string, { current: Tally; noncurrent: Tally }>();
  private deleteMarkers = 0;

  constructor(run: OracleRun) {
    this.run = run;
    this.fromDay = run.options.asOfDay;
    this.days = (run.months.at(-1)?.toDay ?? this.fromDay) - this.fromDay;
    this.reportedDays = (run.months[run.reported - 1]?.toDay ?? this.fromDay) - this.fromDay;
    this.monitored = new Float64Array(this.days);
    this.transitions = new Array<bigint>(this.days).fill(0n);
    this.early = new Array<bigint>(this.days).fill(0n);
    this.earlyAtBest = new Array<bigint>(this.days).fill(0n);
  }

  /** One key from the as-of day to the end of the horizon, the as-of day itself without a run. Versions left out are in no book. */
  add(key: OracleKey, isLeftOut: (version: OracleVersion) => boolean): void {
    const story = new KeyStory(key, this.run.configuration, this.run.options);
    for (const told of story.told) if (!told.version.isMarker && isLeftOut(told.version)) this.leftOut.add(told);
    for (let day = this.fromDay; day < this.fromDay + this.days; day += 1) {
      if (day > this.fromDay) for (const deed of story.run(day)) this.book(story, deed, day);
      if (day === this.fromDay + this.reportedDays - 1) for (const told of story.told) this.noteKept(told);
      for (const told of story.alive) this.store(story, told, day);
    }
    for (const told of story.alive) this.noteState(told);
    this.meters.clear();
  }

  addUpload(upload: OracleUpload): void {
    // Parts of what will be archived wait at STANDARD's price (s3-domain 3.3).
    const isStaged = upload.storageClass === 'GLACIER' || upload.storageClass === 'DEEP_ARCHIVE';
    const price = isStaged ? 'STANDARD' : upload.storageClass;
    const tier = price === 'INTELLIGENT_TIERING' ? 'FREQUENT' : '';
    for (let day = this.fromDay; day < this.fromDay + this.days; day += 1) {
      if (day > this.fromDay && isAborted(upload, this.run.configuration, day, this.run.options)) {
        if (day < this.fromDay + this.reportedDays) count(this.uploadsAborted, upload.bytes);
        return;
      }
      const row = rowOf(this.stored, `${price} ${tier}`, this.days);
      const at = day - this.fromDay;
      if (day >= Math.floor(upload.initiatedMs / DAY_MS)) row[at] = (row[at] ?? 0) + upload.bytes;
    }
  }

  private readonly leftOut = new Set<Told>();

  private book(story: KeyStory, deed: Deed, day: number): void {
    const { told } = deed;
    const { sizeBytes, isMarker } = told.version;
    const isReported = day < this.fromDay + this.reportedDays;
    const at = day - this.fromDay;
    const isReplaced = deed.kind === 'removed' && told.isCurrent && this.run.options.versioning === 'suspended';
    const makesMarker = deed.kind === 'hidden' || isReplaced;
    if (this.leftOut.has(told)) {
      // The delete marker it leaves is left out with it.
      const made = makesMarker ? story.told.find(({ isMade }) => isMade) : undefined;
      if (made !== undefined) this.leftOut.add(made);
      return;
    }
    if (isReported && makesMarker) this.markersMade += 1;
    if (deed.kind === 'transition') {
      this.leave(told, deed.from, deed.fromTier, day);
      this.transitions[at] = (this.transitions[at] ?? 0n) + transitionFee(this.run.list, deed.target);
      this.lastEntry.set(told, day);
      if (!isReported) return;
      const moved = this.moved.get(deed.target) ?? newTally();
      this.moved.set(deed.target, moved);
      count(moved, sizeBytes);
      this.firstTransitionDay = Math.min(this.firstTransitionDay ?? day, day);
      return;
    }
    if (deed.kind === 'removed' && !isMarker) {
      this.leave(told, told.storageClass, told.accessTier, day);
      count(this.everExpired, sizeBytes);
      if (isReported) count(this.expired, sizeBytes);
    }
    if (!isReported) return;
    if (deed.kind === 'hidden') count(this.hidden, sizeBytes);
    if (isMarker) this.markersRemoved += 1;
    else this.firstExpirationDay = Math.min(this.firstExpirationDay ?? day, day);
  }

  /** The day a version last entered its class by transition. */
  private readonly lastEntry = new Map<Told, number>();

  private leave(told: Told, storageClass: string, tier: string, day: number): void {
    const writtenDay = Math.floor(told.version.lastModifiedMs / DAY_MS);
    const moved = this.lastEntry.get(told);
    const [[, , billed] = ['', '', 0]] = metered(storageClass, tier, told.version.sizeBytes);
    const fee = (enteredDay: number): bigint =>
      earlyFee(this.run.list, storageClass, '', billed, missingDays(storageClass, day - enteredDay));
    const at = day - this.fromDay;
    this.early[at] = (this.early[at] ?? 0n) + fee(moved ?? Math.max(this.fromDay, writtenDay));
    this.earlyAtBest[at] = (this.earlyAtBest[at] ?? 0n) + fee(moved ?? writtenDay);
  }

  /** Where a version's bytes are counted while it stays in its class and tier. */
  private readonly meters = new Map<Told, Meter>();

  private meterOf(told: Told, tier: string): Meter {
    const known = this.meters.get(told);
    if (known !== undefined && known.storageClass === told.storageClass && known.tier === tier) return known;
    const { sizeBytes } = told.version;
    const meter: Meter = {
      storageClass: told.storageClass,
      tier,
      billed: metered(told.storageClass, tier, sizeBytes).map(([storageClass, inTier, bytes]) => ({
        row: rowOf(this.stored, `${storageClass} ${inTier}`, this.days),
        bytes,
      })),
      held: rowOf(this.held, told.storageClass, this.days),
      isMonitored: isMonitored(told.storageClass, sizeBytes),
    };
    this.meters.set(told, meter);
    return meter;
  }

  private store(story: KeyStory, told: Told, day: number): void {
    const { version } = told;
    if (version.isMarker || this.leftOut.has(told) || day < Math.floor(version.lastModifiedMs / DAY_MS)) return;
    const at = day - this.fromDay;
    const meter = this.meterOf(told, story.tierOn(told, day));
    for (const { row, bytes } of meter.billed) row[at] = (row[at] ?? 0) + bytes;
    meter.held[at] = (meter.held[at] ?? 0) + version.sizeBytes;
    if (meter.isMonitored) this.monitored[at] = (this.monitored[at] ?? 0) + 1;
  }

  private noteKept(told: Told): void {
    const { kept, version } = told;
    if (version.isMarker || this.leftOut.has(told)) return;
    if (kept.bySize) count(this.blocked.smallObject, version.sizeBytes);
    if (kept.byLock) count(this.blocked.objectLock, version.sizeBytes);
    if (kept.byReplication) count(this.blocked.replication, version.sizeBytes);
  }

  private noteState(told: Told): void {
    if (Math.floor(told.version.lastModifiedMs / DAY_MS) >= this.fromDay + this.days) return;
    if (told.version.isMarker) {
      this.deleteMarkers += 1;
      return;
    }
    const entry = this.byClass.get(told.storageClass) ?? { current: newTally(), noncurrent: newTally() };
    this.byClass.set(told.storageClass, entry);
    count(told.isCurrent ? entry.current : entry.noncurrent, told.version.sizeBytes);
  }

  /** What is there after the run of the last simulated day. */
  state(): State {
    return { byClass: this.byClass, deleteMarkers: this.deleteMarkers, expired: this.everExpired };
  }

  side(): Side {
    const { list, months, reported, already } = this.run;
    const storage = new Array<bigint>(this.days).fill(0n);
    const reads = new Array<bigint>(this.days).fill(0n);
    const storageByClass = new Map<string, bigint[]>();
    const note = (storageClass: string, month: number, at: number, fee: bigint): void => {
      storage[at] = (storage[at] ?? 0n) + fee;
      if (month >= reported) return;
      const own = storageByClass.get(storageClass) ?? new Array<bigint>(reported).fill(0n);
      storageByClass.set(storageClass, own);
      own[month] = (own[month] ?? 0n) + fee;
    };
    for (const [index, month] of months.entries()) {
      const [from, to] = [month.fromDay - this.fromDay, month.toDay - this.fromDay];
      for (const [price, bytes] of this.stored) {
        const [storageClass = '', tier = ''] = splitPrice(price);
        const key = tier === '' ? storageClass : `${storageClass}/${tier}`;
        const before = already === undefined ? undefined : (already.get(key) ?? 0n);
        const fees = storageFees(list, storageClass, tier, [...bytes.subarray(from, to)], month, before);
        for (const [at, fee] of fees.entries()) note(storageClass, index, from + at, fee);
      }
      for (let at = from; at < to; at += 1) {
        const objects = this.monitored[at] ?? 0;
        if (objects > 0) note('INTELLIGENT_TIERING', index, at, monitoringFee(list, objects, month));
        for (const [storageClass, bytes] of this.held) reads[at] = (reads[at] ?? 0n) + readFee(list, storageClass, bytes[at] ?? 0, month);
      }
    }
    const ends = months.slice(0, reported).map((month) => month.toDay - this.fromDay - 1);
    return {
      storage,
      storageByClass,
      transitions: this.transitions,
      early: this.early,
      earlyAtBest: this.earlyAtBest,
      reads,
      bytesByClass: new Map([...this.held].map(([storageClass, bytes]) => [storageClass, ends.map((at) => bytes[at] ?? 0)])),
      effects: {
        expired: this.expired,
        hidden: this.hidden,
        moved: this.moved,
        uploadsAborted: this.uploadsAborted,
        markersMade: this.markersMade,
        markersRemoved: this.markersRemoved,
        firstExpirationDay: this.firstExpirationDay,
        firstTransitionDay: this.firstTransitionDay,
        blocked: this.blocked,
      },
    };
  }
}

function splitPrice(price: string): [string, string] {
  const at = price.lastIndexOf(' ');
  return [price.slice(0, at), price.slice(at + 1)];
}

function count(tally: Tally, bytes: number): void {
  tally.versions += 1;
  tally.bytes += bytes;
}

interface Meter {
  readonly storageClass: string;
  readonly tier: string;
  readonly billed: readonly { readonly row: Float64Array; readonly bytes: number }[];
  readonly held: Float64Array;
  readonly isMonitored: boolean;
}

function rowOf(map: Map<string, Float64Array>, key: string, days: number): Float64Array {
  const own = map.get(key) ?? new Float64Array(days);
  map.set(key, own);
  return own;
}
