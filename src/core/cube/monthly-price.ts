import { STORAGE_CLASSES } from '../../contract/vocabulary.ts';
import { billingOf } from '../price/billing.ts';
import { roundNanoUsd } from '../price/exact.ts';
import type { PriceList } from '../price/price-book.ts';
import { type StorageRates, storageRates } from '../price/storage-charge.ts';
import { Volume } from '../price/volume.ts';
import type { Cube } from './cube.ts';
import { MARKER, Sums } from './group.ts';

/** What one month of a snapshot's bytes costs, for any part of it. Bands are those of the whole snapshot. */
export class MonthlyPrice {
  readonly list: PriceList;
  private readonly cube: Cube;
  private readonly rates: StorageRates;
  /** By (class, size regime) as in Sums. */
  private readonly pricedSlots: readonly boolean[];
  private readonly whole: Sums;
  private slopes: { readonly perVersion: Float64Array; readonly perByte: Float64Array } | undefined;

  constructor(cube: Cube, list: PriceList) {
    this.cube = cube;
    this.list = list;
    this.whole = new Sums(cube.classes.length);
    for (let cell = 0; cell < cube.cellCount; cell++) {
      if (cube.state[cell] === MARKER) continue;
      this.whole.add(cube.classId[cell] as number, cube.isSmall[cell] as number, cube.count[cell] as number, cube.bytes[cell] as number);
    }
    this.rates = storageRates(list, this.volumeOf(this.whole));
    this.pricedSlots = cube.classes.flatMap(({ storageClass, accessTier }) =>
      [false, true].map((isSmall) => this.rates.isPriced(billingOf(storageClass, accessTier, isSmall).key)),
    );
  }

  /** Everything in the snapshot. */
  get total(): Sums {
    return this.whole;
  }

  /** Nano-USD of a part; bytes without a price are left out. */
  charge(sums: Sums): bigint {
    return roundNanoUsd(this.rates.charge(this.volumeOf(sums)));
  }

  /** The same as decimal text, or null where the part holds versions and none of them has a price. */
  chargeOrNull(sums: Sums): string | null {
    let held = 0;
    for (let slot = 0; slot < sums.count.length; slot++) {
      if (sums.count[slot] === 0) continue;
      if (this.pricedSlots[slot]) return String(this.charge(sums));
      held += 1;
    }
    return held > 0 ? null : '0';
  }

  /** Whether versions of a (class, size regime) have a price at all. */
  isPriced(slot: number): boolean {
    return this.pricedSlots[slot] ?? false;
  }

  /** For sorting only: nano-USD a month of one more version and byte of each (class, size regime). */
  approximately(slot: number, count: number, bytes: number): number {
    this.slopes ??= this.measureSlopes();
    return (this.slopes.perVersion[slot] as number) * count + (this.slopes.perByte[slot] as number) * bytes;
  }

  /** What the totals leave out or rest on, in words. */
  warnings(sums: Sums): string[] {
    const unpriced = new Map<string, { versions: number; bytes: number }>();
    let assumedTier = 0;
    for (const [classId, { storageClass, accessTier }] of this.cube.classes.entries()) {
      for (const isSmall of [0, 1]) {
        const slot = classId * 2 + isSmall;
        const versions = sums.count[slot] as number;
        if (versions === 0) continue;
        if (billingOf(storageClass, accessTier, isSmall === 1).tierAssumed) assumedTier += sums.bytes[slot] as number;
        if (this.pricedSlots[slot]) continue;
        const known = unpriced.get(storageClass) ?? { versions: 0, bytes: 0 };
        unpriced.set(storageClass, { versions: known.versions + versions, bytes: known.bytes + (sums.bytes[slot] as number) });
      }
    }
    const warnings = [...unpriced].map(([storageClass, { versions, bytes }]) => {
      const what = STORAGE_CLASSES.some(({ name }) => name === storageClass) ? 'has no price' : 'is not known and has no price';
      return `unpriced: storage class "${storageClass}" ${what} in ${this.list.region}; its ${versions} versions with ${bytes} bytes are in no amount.`;
    });
    if (assumedTier > 0) {
      warnings.push(
        `The report does not say in which access tier ${assumedTier} bytes of INTELLIGENT_TIERING are; they are priced as FREQUENT, the dearest.`,
      );
    }
    return warnings;
  }

  private volumeOf(sums: Sums): Volume {
    const volume = new Volume();
    for (let slot = 0; slot < sums.count.length; slot++) {
      const count = sums.count[slot] as number;
      const billed = this.cube.classes[slot >> 1];
      if (count > 0 && billed) volume.add({ ...billed, isSmall: (slot & 1) === 1, count, bytes: sums.bytes[slot] as number });
    }
    return volume;
  }

  private measureSlopes(): { readonly perVersion: Float64Array; readonly perByte: Float64Array } {
    const slots = this.whole.count.length;
    const perVersion = new Float64Array(slots);
    const perByte = new Float64Array(slots);
    const many = 2 ** 40;
    for (let slot = 0; slot < slots; slot++) {
      const probe = (count: number, bytes: number): number => {
        const sums = new Sums(slots / 2);
        sums.add(slot >> 1, slot & 1, count, bytes);
        return Number(this.charge(sums));
      };
      perVersion[slot] = probe(many, 0) / many;
      perByte[slot] = (probe(1, many) - probe(1, 0)) / many;
    }
    return { perVersion, perByte };
  }
}
