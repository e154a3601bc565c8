import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClient } from '../../../src/core/wire/client.ts';
import { type EngineHost, startEngineThread } from '../../../src/main/engine/thread-host.ts';
import { shellSettings } from '../../../src/main/shell/settings.ts';
import { type Bench, conditionOf, makeBench, namesIn } from './support.ts';

const deep = process.env.ISOTHERM_DEEP === '1';
const CANCELS = deep ? 40 : 4;

let bench: Bench;
let host: EngineHost;
beforeAll(async () => {
  bench = await makeBench('cancelled');
  host = startEngineThread({ ...shellSettings(), dataDir: bench.files.path('data') });
});
afterAll(async () => {
  await host.close();
  bench.files.remove();
});

it(`a scan cancelled ${CANCELS} times as a window does it leaves the index as it was and no file behind`, async () => {
  const client = createClient(host.connect());
  let cancelled = 0;
  for (let i = 0; i < CANCELS; i++) {
    const stop = new AbortController();
    const seen: string[] = [];
    const call = client.call(
      'index.scan',
      { source: { kind: 'inventory', location: bench.report }, index: bench.index },
      { signal: stop.signal, onProgress: ({ phase }) => void seen.push(phase) },
    );
    await Promise.race([call, sleep((1_500 * (i + Math.random())) / CANCELS)]);
    stop.abort();
    const result = await call;
    if (!result.ok) {
      expect(result.error.code).toBe('Cancelled');
      cancelled++;
      expect(conditionOf(bench), `cancel ${i} after ${seen.at(-1)}`).toBe('as before');
    }
    // A call is answered at once; its thread may still be putting things away.
    for (let wait = 0; namesIn(bench.folder).length > 1 && wait < 100; wait++) await sleep(50);
    expect(namesIn(bench.folder)).toEqual(['x.db']);
    if (result.ok) break;
  }
  expect(cancelled).toBeGreaterThan(0);
}, 300_000);
