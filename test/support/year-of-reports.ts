import { BILLING_GB_BYTES, DAY_MS } from '../../src/contract/units.ts';
import { VERSION_STATES } from '../../src/contract/vocabulary.ts';
import { CellBuilder, makeCube } from '../../src/core/cube/cell-builder.ts';
import { type Cube, NOT_LOCKED } from '../../src/core/cube/cube.ts';
import { PackedTree } from '../../src/core/cube/tree.ts';
import { TreeBuilder } from '../../src/core/cube/tree-builder.ts';
import type { PriceList } from '../../src/core/price/price-book.ts';
import type { Configured } from '../../src/core/simulate/request.ts';

/**
 * A year of a bucket, a report every day, told without any code of the product that forecasts it: data written by day, moved and
 * removed by rules on the day they are due, thrown away by people now and then, and priced by the day.
 */
export interface GeneratedYear {
  readonly firstDay: number;
  readonly days: number;
  /** Teams, each with a prefix of its own. */
  readonly teams: readonly string[];
  readonly current: Configured;
  /** The report of a day, taken at its first hour, after the rules have run. */
  cubeOf(day: number): Cube;
  /** Dollars of storage of a day, of a team or (null) of all. */
  costOf(day: number, team: string | null): number;
}

interface Team {
  readonly name: string;
  /** GB a day on average at the start, and by how much that grows a year. */
  readonly gbPerDay: number;
  readonly growth: number;
  /** How unlike days are (standard deviation of the logarithm), and the share of a working day written on one of the weekend. */
  readonly spread: number;
  readonly weekend: number;
  /** Days with something to write; the rest of them write nothing. */
  readonly busy: number;
  /** The rules: age in days by class moved to, and age removed. */
  readonly moves: readonly (readonly [age: number, storageClass: string])[];
  readonly expires: number | null;
  /** Chance of a day on which somebody throws away half of what is older than 60 days. */
  readonly cleanup: number;
}

const TEAMS: readonly Team[] = [
  {
    name: 'vision',
    gbPerDay: 900,
    growth: 0.6,
    spread: 0.4,
    weekend: 0.3,
    busy: 1,
    moves: [
      [30, 'STANDARD_IA'],
      [120, 'GLACIER_IR'],
    ],
    expires: null,
    cleanup: 0.01,
  },
  {
    name: 'speech',
    gbPerDay: 400,
    growth: 0.1,
    spread: 0.9,
    weekend: 0.1,
    busy: 0.3,
    moves: [[60, 'GLACIER_IR']],
    expires: 180,
    cleanup: 0,
  },
  { name: 'scratch', gbPerDay: 1500, growth: 0.3, spread: 0.5, weekend: 0.5, busy: 1, moves: [], expires: 14, cleanup: 0 },
  { name: 'logs', gbPerDay: 200, growth: 0.4, spread: 0.15, weekend: 0.9, busy: 1, moves: [[30, 'STANDARD_IA']], expires: 90, cleanup: 0 },
];

const CLASSES = ['STANDARD', 'STANDARD_IA', 'GLACIER_IR'] as const;
const OBJECT_BYTES = 256 * 2 ** 20;

/** Numbers of [0, 1) that one seed always gives in the same order (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Batch {
  readonly team: number;
  readonly writtenDay: number;
  objects: number;
}

/** `people`: whether somebody throws data away now and then, which no rule foretells. */
export function yearOfReports(seed: number, list: PriceList, people: boolean): GeneratedYear {
  const [firstDay, days] = [Date.parse('2025-11-01T00:00:00Z') / DAY_MS, 365];
  const random = randomNumbers(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  /** What was there at the beginning of every day, and what was written at its noon. */
  const there: Batch[][] = [];
  const written: Batch[][] = [];
  let batches: Batch[] = [];
  // A bucket that has been in use for half a year when the reports begin.
  for (let day = firstDay - 180; day < firstDay + days; day += 1) {
    batches = batches.filter(({ team, writtenDay }) => {
      const { expires } = TEAMS[team]!;
      // The clock starts at the midnight after the noon of the write.
      return expires === null || day < writtenDay + 1 + expires;
    });
    if (day >= firstDay) there.push(batches.map((batch) => ({ ...batch })));
    const today: Batch[] = [];
    for (const [team, { gbPerDay, growth, spread, weekend, busy, cleanup }] of TEAMS.entries()) {
      const isWeekend = [0, 6].includes(new Date(day * DAY_MS).getUTCDay());
      const level = gbPerDay * (1 + (growth * (day - firstDay)) / 365) * (isWeekend ? weekend : 1);
      const gb = random() < busy ? (level / busy) * Math.exp(spread * normal() - spread ** 2 / 2) : 0;
      const objects = Math.round((gb * 2 ** 30) / OBJECT_BYTES);
      if (objects > 0) today.push({ team, writtenDay: day, objects });
      if (random() < (people ? cleanup : 0))
        for (const batch of batches) if (batch.team === team && batch.writtenDay < day - 60) batch.objects = Math.ceil(batch.objects / 2);
    }
    batches.push(...today);
    if (day >= firstDay) written.push(today.map((batch) => ({ ...batch })));
  }
  const classOn = ({ team, writtenDay }: Batch, day: number): number => {
    const moved = TEAMS[team]!.moves.findLast(([age]) => day >= writtenDay + 1 + age);
    return moved === undefined ? 0 : CLASSES.indexOf(moved[1] as (typeof CLASSES)[number]);
  };
  const pricePerGb = CLASSES.map((name) => Number(list.classes.get(name)!.bandsByTier.get('')![0]!.nanoUsdPerGbMonth) / 1e9);
  const builder = new TreeBuilder();
  const encoder = new TextEncoder();
  const found = TEAMS.map(({ name }) => {
    const key = encoder.encode(`${name}/x`);
    return builder.directoryOf(key, 0, key.length);
  });
  const { columns, rank } = builder.build();
  const tree = new PackedTree(columns);
  return {
    firstDay,
    days,
    teams: TEAMS.map(({ name }) => name),
    current: {
      minimumSize: 'all_storage_classes_128K',
      configuration: {
        Rules: TEAMS.filter(({ moves, expires }) => moves.length > 0 || expires !== null).map(({ name, moves, expires }) => ({
          ID: name,
          Status: 'Enabled',
          Filter: { Prefix: `${name}/` },
          ...(moves.length === 0 ? {} : { Transitions: moves.map(([Days, StorageClass]) => ({ Days, StorageClass })) }),
          ...(expires === null ? {} : { Expiration: { Days: expires } }),
        })),
      },
    },
    cubeOf(day) {
      const cells = new CellBuilder();
      for (const batch of there[day - firstDay]!) {
        cells.addMany({
          directory: rank[found[batch.team]!]!,
          kind: 0,
          unit: -1,
          classId: classOn(batch, day),
          isSmall: 0,
          state: VERSION_STATES.indexOf('current'),
          flags: 0,
          lockedUntilDay: NOT_LOCKED,
          writtenDay: batch.writtenDay,
          clockDay: batch.writtenDay + 1,
          count: batch.objects,
          bytes: batch.objects * OBJECT_BYTES,
        });
      }
      const classes = CLASSES.map((storageClass) => ({ storageClass, accessTier: '' }));
      return makeCube({ asOfMs: day * DAY_MS, allVersions: false, classes }, tree, cells.finish());
    },
    costOf(day, team) {
      const date = new Date(day * DAY_MS);
      const monthDays = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
      let dollars = 0;
      const add = (batch: Batch, share: number): void => {
        if (team !== null && TEAMS[batch.team]!.name !== team) return;
        dollars += ((batch.objects * OBJECT_BYTES) / BILLING_GB_BYTES) * pricePerGb[classOn(batch, day)]! * share;
      };
      for (const batch of there[day - firstDay]!) add(batch, 1);
      for (const batch of written[day - firstDay]!) add(batch, 0.5);
      return dollars / monthDays;
    },
  };
}
