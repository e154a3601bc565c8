import { checkpoints } from './checkpoints.ts';
import { datasets, dvc, features, models, tables, unknown } from './data-areas.ts';
import { createRandom, type Random } from './random.ts';
import { type AreaContext, type AreaRows, current, daysBefore, KIB, type SampleRow } from './rows.ts';
import { logs, mlflow, smallFiles, sweeps, wandb } from './run-areas.ts';

/** What share of the rows each part of the bucket has, in 1000ths. */
const AREAS: readonly (readonly [share: number, rows: (context: AreaContext) => AreaRows])[] = [
  [240, checkpoints],
  [200, datasets],
  [170, logs],
  [90, smallFiles],
  [80, mlflow],
  [60, wandb],
  [40, tables],
  [40, dvc],
  [20, models],
  [20, features],
  [25, sweeps],
  [15, unknown],
];

/** Keys that trip careless readers; each is an ordinary object. */
export const HOSTILE_KEYS: readonly string[] = [
  'scratch/two words/with space.txt',
  'scratch/a+b=c&d.txt',
  'scratch/100%25 off%2F.txt',
  'scratch/fire-\u{1F525}-\u{1F9EA}.txt',
  'scratch/\u05E9\u05DC\u05D5\u05DD-\u202Etxt.exe',
  'scratch//empty-segment.txt',
  '=HYPERLINK("http:example","x").txt',
  'scratch/line\nbreak.txt',
  'scratch/<img src=x onerror=alert(1)>.txt',
];

/** Above this many rows sizes shrink so that the sum stays below 2^53. */
const FULL_SIZE_ROWS = 1_000_000;
/** Noncurrent versions wait here, so that the versions of one key are spread over the data files. */
const SHUFFLE_SLOTS = 2048;

/** Exactly `count` versions of a believable machine-learning bucket, unsorted; the same seed gives the same rows. */
export function* generateRows(count: number, seed: number): Generator<SampleRow, void, void> {
  const random = createRandom(seed);
  const context: AreaContext = { random, scale: Math.min(1, FULL_SIZE_ROWS / count) };
  let left = count;
  // A tiny sample has no room for curiosities.
  if (count >= 1000) {
    for (const key of HOSTILE_KEYS) yield current(context, key, 5 * KIB, daysBefore(random, 100), 'STANDARD');
    left -= HOSTILE_KEYS.length;
  }

  const areas = AREAS.map(([share, rows]) => ({
    left: Math.floor((left * share) / 1000),
    rows: rows({ random: createRandom(random.uint32()), scale: context.scale }),
  }));
  const first = areas[0];
  if (first !== undefined) first.left += left - areas.reduce((sum, area) => sum + area.left, 0);

  const waiting: SampleRow[] = [];
  while (left > 0) {
    const area = pickArea(random, areas, left);
    const burst = Math.min(area.left, random.between(20, 200));
    for (let i = 0; i < burst; i++) {
      const row = area.rows.next().value;
      if (row.isLatest) yield row;
      else if (waiting.length < SHUFFLE_SLOTS) waiting.push(row);
      else {
        const slot = random.between(0, SHUFFLE_SLOTS - 1);
        const out = waiting[slot];
        waiting[slot] = row;
        if (out !== undefined) yield out;
      }
    }
    area.left -= burst;
    left -= burst;
  }
  yield* waiting;
}

function pickArea<T extends { left: number }>(random: Random, areas: readonly T[], left: number): T {
  let at = random.between(0, left - 1);
  for (const area of areas) {
    if (at < area.left) return area;
    at -= area.left;
  }
  throw new Error('the areas hold fewer rows than are left');
}
