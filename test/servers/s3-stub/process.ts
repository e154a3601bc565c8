/**
 * A stub in a process of its own: `node process.ts '{"keys":1000,"name":"a/#.bin"}'`. Prints its endpoint, and what it counted as JSON
 * for every line it reads; ends with its standard input. "#" in the name is the object's number, eight digits.
 */
import { createInterface } from 'node:readline';
import { computedStore, type StubVersion } from './store.ts';
import { type Fault, startStub } from './stub.ts';

export interface StubSettings {
  readonly keys: number;
  readonly name: string;
  readonly delayMs?: number;
  /** Every so many requests are refused with SlowDown. */
  readonly slowDownEvery?: number;
  /** Versions of each key, and that the bucket keeps them; none: it never did. */
  readonly versions?: number;
}

const settings = JSON.parse(process.argv[2] ?? '') as StubSettings;
const { keys, name, delayMs, slowDownEvery, versions } = settings;
const [before = '', after = ''] = name.split('#');
const more =
  versions === undefined
    ? {}
    : {
        versioning: 'Enabled' as const,
        versionsAt: () => Array.from({ length: versions }, (_, i): StubVersion => ({ versionId: `v${i}`, sizeBytes: 5 })),
      };
const store = computedStore(keys, (i) => before + String(i).padStart(8, '0') + after, more);
let requests = 0;
const stub = await startStub({
  buckets: { data: store },
  fault: (): Fault | undefined => {
    requests++;
    if (slowDownEvery !== undefined && requests % slowDownEvery === 0) return { status: 503, code: 'SlowDown' };
    return delayMs === undefined ? undefined : { delayMs };
  },
});
process.stdout.write(`${stub.endpoint}\n`);
createInterface({ input: process.stdin })
  .on('line', () => process.stdout.write(`${JSON.stringify({ counts: stub.counts, mostInFlight: stub.mostInFlight })}\n`))
  .once('close', () => process.exit(0));
