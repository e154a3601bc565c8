/**
 * Feeds changed inputs to one reader, in a process of its own: `node child.ts '{"what":"csv","seed":1,"inputs":100}'`. An input may end in
 * rows or in a failure with a code; anything thrown ends the process with what it takes to see it again. A line of JSON tells
 * how it went, and how much memory it took, now and then and at the end.
 */
import { READERS } from './readers.ts';

export interface FuzzOrder {
  readonly what: keyof typeof READERS;
  readonly seed: number;
  /** How many inputs, or for how long. */
  readonly inputs?: number;
  readonly ms?: number;
  /** Only this one, to see it again. */
  readonly only?: number;
}

export interface FuzzReport {
  readonly inputs: number;
  /** How inputs ended: "rows", or the code of a failure. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly rssMib: number;
  readonly slowestMs: number;
  readonly failed?: string;
}

const order = JSON.parse(process.argv[2] ?? '') as FuzzOrder;
const outcomes: Record<string, number> = {};
const begun = performance.now();
let inputs = order.only ?? 0;
let slowestMs = 0;

function say(failed?: string): void {
  const report: FuzzReport = {
    inputs,
    outcomes,
    rssMib: process.resourceUsage().maxRSS / 1024,
    slowestMs,
    ...(failed === undefined ? {} : { failed }),
  };
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

const read = await READERS[order.what]();
const isOver = (): boolean =>
  order.only !== undefined
    ? inputs > order.only
    : order.inputs !== undefined
      ? inputs >= order.inputs
      : performance.now() - begun > (order.ms ?? 0);
for (; !isOver(); inputs++) {
  const from = performance.now();
  try {
    const outcome = await read(order.seed, inputs);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  } catch (error) {
    say(`seed ${order.seed}, input ${inputs}: ${error instanceof Error ? error.stack : String(error)}`);
    process.exit(1);
  }
  slowestMs = Math.max(slowestMs, performance.now() - from);
  if (inputs % 200 === 199) say();
}
say();
