import type { OwnerDimension, OwnerRow } from '../../contract/owners.ts';
import type { Cube } from '../cube/cube.ts';
import { MARKER, NONCURRENT, Sums } from '../cube/group.ts';
import type { MonthlyPrice } from '../cube/monthly-price.ts';
import type { OwnedCells } from './assign.ts';

interface Part {
  readonly sums: Sums;
  noncurrentBytes: number;
}

/** Versions by the name of one field of their owner; null is nobody. */
function partsBy(cube: Cube, { owners, ofCell }: OwnedCells, by: OwnerDimension): Map<string | null, Part> {
  const parts = new Map<string | null, Part>();
  for (let cell = 0; cell < cube.cellCount; cell += 1) {
    const state = cube.state[cell];
    if (state === MARKER) continue;
    const name = owners[ofCell[cell] as number]?.[by] ?? null;
    let part = parts.get(name);
    if (part === undefined) {
      part = { sums: new Sums(cube.classes.length), noncurrentBytes: 0 };
      parts.set(name, part);
    }
    const bytes = cube.bytes[cell] as number;
    part.sums.add(cube.classId[cell] as number, cube.isSmall[cell] as number, cube.count[cell] as number, bytes);
    if (state === NONCURRENT) part.noncurrentBytes += bytes;
  }
  return parts;
}

/** Shares of an amount by weight, whole nano-dollars that add up to it: what is left over goes to the largest remainders. */
export function shareOut(amount: bigint, weights: readonly bigint[]): bigint[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  if (total === 0n) return weights.map(() => 0n);
  const shares = weights.map((weight, at) => ({ at, share: (amount * weight) / total, rest: (amount * weight) % total }));
  let left = amount - shares.reduce((sum, { share }) => sum + share, 0n);
  const byRest = [...shares].sort((a, b) => (a.rest < b.rest ? 1 : a.rest > b.rest ? -1 : a.at - b.at));
  for (const one of byRest) {
    if (left <= 0n) break;
    one.share += 1n;
    left -= 1n;
  }
  return shares.map(({ share }) => share);
}

/** Cost by one field of the owner: what is shown back, and with the share of what is nobody's what is charged back. */
export function ownerRows(cube: Cube, owned: OwnedCells, by: OwnerDimension, price: MonthlyPrice, shares: boolean): OwnerRow[] {
  const named: { owner: string | null; part: Part; direct: bigint }[] = [...partsBy(cube, owned, by)].map(([owner, part]) => ({
    owner,
    part,
    direct: price.charge(part.sums),
  }));
  named.sort(
    (a, b) =>
      Number(a.owner === null) - Number(b.owner === null) ||
      (a.direct < b.direct ? 1 : a.direct > b.direct ? -1 : (a.owner ?? '') < (b.owner ?? '') ? -1 : 1),
  );
  const nobody = named.find(({ owner }) => owner === null);
  const somebody = named.filter(({ owner }) => owner !== null);
  const isShared = shares && nobody !== undefined && somebody.some(({ direct }) => direct > 0n);
  const split = isShared
    ? shareOut(
        nobody.direct,
        somebody.map(({ direct }) => direct),
      )
    : [];
  return named.map(({ owner, part, direct }) => {
    const shared = owner === null ? (isShared ? -direct : 0n) : (split[somebody.findIndex((one) => one.owner === owner)] ?? 0n);
    return {
      owner,
      versions: part.sums.versions,
      bytes: part.sums.totalBytes,
      noncurrentBytes: part.noncurrentBytes,
      monthlyNanoUsd: String(direct),
      sharedNanoUsd: String(shared),
      chargedNanoUsd: String(direct + shared),
    };
  });
}

/** What costs in the middle: of an even number the mean of the two, rounded half up. */
export function medianOf(amounts: readonly bigint[]): bigint {
  const sorted = [...amounts].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return 0n;
  if (sorted.length % 2 === 1) return sorted[middle] as bigint;
  return ((sorted[middle - 1] as bigint) + (sorted[middle] as bigint) + 1n) / 2n;
}

export const meanOf = (amounts: readonly bigint[]): bigint => {
  const count = BigInt(amounts.length);
  return count === 0n ? 0n : (amounts.reduce((sum, amount) => sum + amount, 0n) * 2n + count) / (count * 2n);
};

/** Seven days of a monthly price, in the month of the snapshot, rounded half up. */
export function weekOf(monthly: bigint, asOfMs: number): bigint {
  const date = new Date(asOfMs);
  const days = BigInt(new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate());
  return (monthly * 14n + days) / (days * 2n);
}
