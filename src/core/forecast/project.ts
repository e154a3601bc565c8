import type { Cube } from '../cube/cube.ts';
import { pickCells } from '../cube/pick.ts';
import { reachOf } from '../cube/reach.ts';
import { pickRows } from '../cube/stacks.ts';
import type { PriceList } from '../price/price-book.ts';
import { monthsCovering } from '../simulate/calendar.ts';
import { CubeEngine, type CubeInput } from '../simulate/cube/engine.ts';
import type { Versioning } from '../simulate/options.ts';
import { QUANTA } from '../simulate/quanta.ts';
import type { Configured, Request } from '../simulate/request.ts';
import { activeRules } from '../simulate/rules.ts';

/** Lately: what was written in so many days, whole weeks, and is still there comes again. */
export const INFLOW_DAYS = 28;

const NO_RULES: Configured = { configuration: null, minimumSize: null };
/** Quanta are whole; a thousandth of a nano-dollar is more than an estimate needs. */
const PER_NANO = 1000n;

/** What a projection rests on beside the versions. */
export interface Outlook {
  readonly current: Configured;
  readonly versioning: Versioning;
  readonly list: PriceList;
}

/** A question whose baseline is what is to be projected. */
export function outlookRequest({ current, versioning, list }: Outlook, asOfDay: number, days: number, inflowDays = INFLOW_DAYS): Request {
  const end = asOfDay + days;
  const months = monthsCovering(asOfDay, end).map((month) => {
    const toDay = Math.min(month.toDay, end);
    return { ...month, toDay, days: toDay - month.fromDay };
  });
  return {
    baseline: current,
    plan: NO_RULES,
    asOfDay,
    lagDays: 0,
    versioning,
    list,
    months,
    reported: months.length,
    inflowDays,
  };
}

/** Versions, and how keys of several of them are read. */
export type ProjectionInput = Omit<CubeInput, 'uploads' | 'wholeKeys'>;

/** Nano-USD of each day from the as-of day on: storage, and what rules cost when they move versions or remove them early. */
export interface Projection {
  readonly storage: readonly number[];
  readonly fees: readonly number[];
}

/**
 * How many days before the as-of day tell what comes, by directory: where a rule expires what is younger than the usual window, no
 * more than that, for of what was written before nothing is left to be seen.
 */
function windowsOf({ tree }: Cube, { baseline, inflowDays }: Request): Uint8Array {
  const expiring = activeRules(baseline.configuration).flatMap(({ scope, expiration }) => {
    const days = expiration?.days ?? null;
    return days === null || days >= inflowDays || scope.tags.length > 0 ? [] : [{ prefix: scope.prefix, days: Math.max(1, days) }];
  });
  const { setOf, sets, cut } = reachOf(tree, expiring, ({ prefix }) => prefix);
  const least = (rules: readonly { readonly days: number }[]): number => Math.min(inflowDays, ...rules.map(({ days }) => days));
  const bySet = sets.map(least);
  const windows = Uint8Array.from(setOf, (set) => bySet[set] as number);
  for (const [directory, rules] of cut) windows[directory] = Math.min(windows[directory] as number, least(rules));
  return windows;
}

/** Projects the baseline of a request over some versions. */
export function projectionOf({ cube, readStacks }: ProjectionInput, request: Request): Projection {
  const windows = windowsOf(cube.cube, request);
  const parts = [...new Set(cube.cube.directory)].map((directory) => windows[directory] as number);
  const sum: { storage: number[]; fees: number[] } = { storage: [], fees: [] };
  for (const window of new Set([...parts, ...(parts.length === 0 ? [request.inflowDays] : [])])) {
    const isAll = parts.every((other) => other === window);
    const one = projectWith(
      {
        cube: isAll ? cube : pickCells(cube, (cell) => windows[cube.cube.directory[cell] as number] === window),
        readStacks: (ranges) =>
          readStacks(ranges).map((block) => pickRows(block, (row) => windows[block.directory[row] as number] === window)),
      },
      { ...request, inflowDays: window },
    );
    for (const [day, amount] of one.storage.entries()) sum.storage[day] = (sum.storage[day] ?? 0) + amount;
    for (const [day, amount] of one.fees.entries()) sum.fees[day] = (sum.fees[day] ?? 0) + amount;
  }
  return sum;
}

function projectWith(input: ProjectionInput, request: Request): Projection {
  const side = new CubeEngine({ ...input, uploads: [], wholeKeys: 'ranked' }, request).run('baseline', { tags: 'none', tiers: 'stay' });
  const nano = (quanta: bigint): number => Number((quanta * PER_NANO) / QUANTA) / Number(PER_NANO);
  return {
    storage: side.storage.map(nano),
    fees: side.transitions.map((fee, day) => nano(fee + (side.early[day] ?? 0n))),
  };
}
