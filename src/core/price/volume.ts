import type { BilledClass } from '../cube/cube.ts';
import { billingOf, STANDARD_KEY } from './billing.ts';

/** Versions of one class and size regime, to be billed together. */
export interface Extent extends BilledClass {
  readonly isSmall: boolean;
  readonly count: number;
  readonly bytes: number;
}

/**
 * What S3 would meter: billed bytes by billing key (floors and overheads included) and monitored
 * objects. The same type serves one instant (bytes) and a span (byte-days): it only adds.
 */
export class Volume {
  readonly billedBytes = new Map<string, bigint>();
  monitoredObjects = 0n;
  /** True once an Intelligent-Tiering extent came without its access tier. */
  tierAssumed = false;

  /** Adds an extent, `times` over (days, for a span). */
  add(extent: Extent, times = 1n): void {
    if (extent.count === 0) return;
    const billing = billingOf(extent.storageClass, extent.accessTier, extent.isSmall);
    const count = BigInt(extent.count);
    const own =
      billing.floorBytes > 0 && extent.isSmall
        ? count * BigInt(billing.floorBytes)
        : BigInt(extent.bytes) + count * BigInt(billing.overheadBytes);
    this.addBytes(billing.key, own * times);
    if (billing.standardOverheadBytes > 0) this.addBytes(STANDARD_KEY, count * BigInt(billing.standardOverheadBytes) * times);
    if (billing.isMonitored && !extent.isSmall) this.monitoredObjects += count * times;
    if (billing.tierAssumed) this.tierAssumed = true;
  }

  addVolume(other: Volume): void {
    for (const [key, bytes] of other.billedBytes) this.addBytes(key, bytes);
    this.monitoredObjects += other.monitoredObjects;
    if (other.tierAssumed) this.tierAssumed = true;
  }

  private addBytes(key: string, bytes: bigint): void {
    this.billedBytes.set(key, (this.billedBytes.get(key) ?? 0n) + bytes);
  }
}
