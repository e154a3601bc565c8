import type { DuplicateGroup, Duplicates } from '../../contract/duplicates.ts';
import { ok, type Result } from '../../contract/result.ts';
import { SMALL_OBJECT_BYTES } from '../../contract/units.ts';
import { VERSION_STATES } from '../../contract/vocabulary.ts';
import { type ExactNanoUsd, roundNanoUsd } from '../../core/price/exact.ts';
import {
  type Content,
  type Copy,
  groupByPlaces,
  type Redundant,
  type RedundantGroup,
  redundantOf,
  SeenTwice,
} from '../../core/proposals/duplicates.ts';
import { monthlyCharge } from '../../core/proposals/money.ts';
import type { Unit } from '../../core/units/unit-builder.ts';
import type { CallContext } from '../engine/handler.ts';
import type { IndexRows } from '../index/rows.ts';
import { cancelled } from '../sources/cancelled.ts';
import type { Advice } from './advice.ts';

const CURRENT = VERSION_STATES.indexOf('current');
const MOST_PLACES = 6;
const MOST_KEYS = 6;

export interface DuplicateQuery {
  readonly prefix: string;
  readonly leastBytes: number;
  readonly offset: number;
  readonly limit: number;
}

/** Raised inside a scan when the signal says so; never leaves this file. */
class Stopped extends Error {}

/** Current objects with the size and the ETag of others, by where they lie, dearest first. Two passes over the rows. */
export function findDuplicates(
  advice: Advice,
  query: DuplicateQuery,
  { signal, progress }: Pick<CallContext, 'signal' | 'progress'>,
): Result<Duplicates> {
  const { view, units } = advice;
  const { cube, reader, snapshotId, price } = view;
  const sums = { compared: 0, withoutETag: 0 };
  const pass = (phase: string, see: (block: IndexRows, row: number, eTag: string | null) => void): Result<void> => {
    let done = 0;
    return reader.scan(snapshotId, { from: 0, to: cube.tree.count }, (block) => {
      if (signal.aborted) throw new Stopped();
      const { state, sizeBytes } = block;
      for (let row = 0; row < block.rows; row++)
        if (state[row] === CURRENT && (sizeBytes[row] as number) >= query.leastBytes) see(block, row, block.eTag(row));
      done += block.rows;
      progress({ phase, done });
    });
  };
  const seen = new SeenTwice();
  const contents = new Map<string, Content>();
  try {
    const first = pass('look at ETags', (block, row, eTag) => {
      if (eTag === null) {
        sums.withoutETag += 1;
        return;
      }
      sums.compared += 1;
      seen.see(eTag, block.sizeBytes[row] as number);
    });
    if (!first.ok) return first;
    const second = pass('compare', (block, row, eTag) => {
      const sizeBytes = block.sizeBytes[row] as number;
      if (eTag === null || !seen.mayBeTwice(eTag, sizeBytes)) return;
      const id = `${sizeBytes} ${eTag}`;
      let content = contents.get(id);
      if (!content) {
        content = { eTag, sizeBytes, copies: [] };
        contents.set(id, content);
      }
      const directory = cube.tree.path(block.directory[row] as number);
      const unit = units[block.unit[row] as number] as Unit | undefined;
      content.copies.push({
        key: directory + block.name(row),
        path: unit?.path ?? directory,
        kind: block.kind[row] as number,
        classId: block.classId[row] as number,
      });
    });
    if (!second.ok) return second;
  } catch (cause) {
    if (cause instanceof Stopped) return { ok: false, error: cancelled() };
    throw cause;
  }

  const prices = new Map<number, number>();
  const priceOf = (classId: number): number => {
    const known = prices.get(classId);
    if (known !== undefined) return known;
    const { storageClass = '', accessTier = '' } = cube.classes[classId] ?? {};
    const charge = monthlyCharge(price.list, [{ storageClass, accessTier, isSmall: false, count: 1, bytes: 2 ** 30 }]);
    const nanoUsd = charge === null ? -1 : Number(charge.num) / Number(charge.den);
    prices.set(classId, nanoUsd);
    return nanoUsd;
  };
  const all: Redundant[] = [];
  for (const content of contents.values()) {
    const redundant = redundantOf(content, priceOf);
    if (redundant && [...redundant.stays, ...redundant.goes].some(({ key }) => key.startsWith(query.prefix))) all.push(redundant);
  }
  const chargeOf = (found: readonly Redundant[]): ExactNanoUsd | null => monthlyCharge(price.list, extentsOf(advice, found));
  const groups = groupByPlaces(all)
    .map((group) => ({ group, charge: chargeOf(group.found) }))
    .sort(
      (a, b) =>
        nano(b.charge) - nano(a.charge) ||
        bytesOf(b.group.found) - bytesOf(a.group.found) ||
        (placesOf(a.group) < placesOf(b.group) ? -1 : 1),
    );
  const total = chargeOf(all);
  return ok({
    bucket: advice.bucket,
    asOf: view.asOf,
    prices: view.prices,
    ...sums,
    contents: all.length,
    copies: copiesOf(all),
    bytes: bytesOf(all),
    monthlyNanoUsd: total === null ? null : String(roundNanoUsd(total)),
    neededCopies: all.reduce((sum, { stays }) => sum + stays.length - 1, 0),
    total: groups.length,
    groups: groups.slice(query.offset, query.offset + query.limit).map(({ group, charge }) => viewOf(group, charge)),
    caveats: caveatsOf(sums),
  });
}

const nano = (charge: ExactNanoUsd | null): number => (charge === null ? -1 : Number(charge.num) / Number(charge.den));
const placesOf = ({ places }: RedundantGroup): string => places.map(({ path }) => path).join('\n');
const copiesOf = (found: readonly Redundant[]): number => found.reduce((sum, { goes }) => sum + goes.length, 0);
const bytesOf = (found: readonly Redundant[]): number => found.reduce((sum, { goes, content }) => sum + goes.length * content.sizeBytes, 0);

function extentsOf({ view }: Advice, found: readonly Redundant[]) {
  const sums = new Map<string, { storageClass: string; accessTier: string; isSmall: boolean; count: number; bytes: number }>();
  for (const { goes, content } of found) {
    for (const { classId } of goes) {
      const isSmall = content.sizeBytes < SMALL_OBJECT_BYTES;
      const { storageClass = '', accessTier = '' } = view.cube.classes[classId] ?? {};
      const id = `${classId} ${isSmall}`;
      const sum = sums.get(id) ?? { storageClass, accessTier, isSmall, count: 0, bytes: 0 };
      sum.count += 1;
      sum.bytes += content.sizeBytes;
      sums.set(id, sum);
    }
  }
  return [...sums.values()];
}

function viewOf({ places, found }: RedundantGroup, charge: ExactNanoUsd | null): DuplicateGroup {
  const { content, stays, goes } = found[0] as Redundant;
  return {
    places: places.slice(0, MOST_PLACES).map((place) => ({ ...place })),
    morePlaces: Math.max(0, places.length - MOST_PLACES),
    contents: found.length,
    copies: copiesOf(found),
    bytes: bytesOf(found),
    monthlyNanoUsd: charge === null ? null : String(roundNanoUsd(charge)),
    example: {
      sizeBytes: content.sizeBytes,
      eTag: content.eTag,
      keys: [...stays, ...goes].slice(0, MOST_KEYS).map(({ key }: Copy) => key),
    },
  };
}

function caveatsOf({ compared, withoutETag }: { compared: number; withoutETag: number }): string[] {
  const caveats = [
    'The same size and ETag mean the same bytes for uploads in one piece, and for uploads cut into the same parts; compare bytes before anything goes. Copies encrypted with KMS or customer keys, or cut otherwise, are not found.',
  ];
  if (withoutETag > 0 && compared === 0) caveats.push('The source has no ETags: nothing can be compared.');
  return caveats;
}
