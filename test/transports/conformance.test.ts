import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Progress } from '../../src/contract/frames.ts';
import type { MethodName } from '../../src/contract/methods.ts';
import { type Client, createClient } from '../../src/core/wire/client.ts';
import { fullFailure, snapshot } from './fake-handlers.ts';
import { type Bench, TRANSPORTS, temporaryDir } from './transports.ts';

const scan = (index: string) => ({ index, source: { kind: 'inventory' as const, location: 'somewhere' } });

describe.each(TRANSPORTS)('over $name', ({ open }) => {
  let bench: Bench;
  let client: Client;
  const dir = temporaryDir();

  beforeAll(async () => {
    bench = await open();
    client = createClient(bench.connect());
  });
  afterAll(async () => {
    client.close();
    await bench.close();
  });

  test('a result arrives whole, with every character and the largest byte count', async () => {
    const bucket = 'bücket 模型 😀 \u2028 "quoted" \\ \u0000';
    expect(await client.call('index.snapshots', { index: bucket })).toEqual({ ok: true, value: [snapshot(bucket)] });
  });

  test('a failure keeps every field', async () => {
    expect(await client.call('index.snapshots', { index: 'fail' })).toEqual({ ok: false, error: fullFailure });
    const busy = await client.call('index.snapshots', { index: 'busy' });
    expect(busy).toMatchObject({ ok: false, error: { code: 'IndexBusy', retryable: true } });
  });

  test('a bug comes back as Internal with its message and without its stack', async () => {
    const result = await client.call('index.snapshots', { index: 'throw' });
    expect(result).toMatchObject({ ok: false, error: { code: 'Internal', detail: 'TypeError: a bug, not a failure' } });
    expect(JSON.stringify(result)).not.toMatch(/\.ts:\d+/);
  });

  test('an answer of the wrong shape is refused by the client and names the field', async () => {
    expect(await client.call('index.snapshots', { index: 'bad-result' })).toMatchObject({
      ok: false,
      error: { code: 'Internal', field: '[0].rows' },
    });
  });

  test.each(['no.such', '__proto__', 'constructor', 'toString', 'hasOwnProperty', ''])('the method name "%s" is refused', async (name) => {
    expect(await client.call(name as MethodName, {} as never)).toMatchObject({ ok: false, error: { code: 'Usage' } });
  });

  test('bad parameters are refused and the field is named', async () => {
    expect(await client.call('sample.write', { out: 'd', versions: 0, seed: 1 })).toMatchObject({
      ok: false,
      error: { code: 'Usage', field: 'versions' },
    });
    const unknown = await client.call('index.scan', { ...scan('i'), source: { kind: 'inventory', location: '' } });
    expect(unknown).toMatchObject({ ok: false, error: { code: 'Usage', field: 'source.location' } });
  });

  test('progress comes in order, at most four a second, and the last report always', async () => {
    const reports: Progress[] = [];
    const started = performance.now();
    const result = await client.call(
      'sample.write',
      { out: 'd', versions: 60, seed: 10 },
      { onProgress: (report) => reports.push(report) },
    );
    const seconds = (performance.now() - started) / 1000;
    expect(result.ok).toBe(true);
    const done = reports.map((report) => report.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(done.at(-1)).toBe(60);
    // The first at once and the last out of turn, four a second between.
    expect(done.length).toBeLessThanOrEqual(2 + Math.ceil(seconds * 4));
    expect(done.length).toBeGreaterThanOrEqual(3);
  });

  test('a burst of reports leaves its first and its last', async () => {
    const reports: number[] = [];
    await client.call('sample.write', { out: 'd', versions: 5000, seed: 0 }, { onProgress: ({ done }) => reports.push(done) });
    expect(reports[0]).toBe(1);
    expect(reports.at(-1)).toBe(5000);
    expect(reports.length).toBeLessThanOrEqual(6);
  });

  test('cancelling a running call aborts its handler and ends it as Cancelled', async () => {
    const file = join(dir, 'cancel');
    const stop = new AbortController();
    const result = await client.call('index.scan', scan(file), { signal: stop.signal, onProgress: () => stop.abort() });
    expect(result).toMatchObject({ ok: false, error: { code: 'Cancelled' } });
    expect(readFileSync(file, 'utf8')).toBe('aborted\n');
  });

  test('a call cancelled before it begins is never sent', async () => {
    const file = join(dir, 'never');
    const result = await client.call('index.scan', scan(file), { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ ok: false, error: { code: 'Cancelled' } });
    expect(existsSync(file)).toBe(false);
  });

  test('a quick call overtakes a slow one', async () => {
    const order: string[] = [];
    const slow = client.call('index.snapshots', { index: 'wait 250' }).then(() => order.push('slow'));
    const quick = client.call('index.snapshots', { index: 'quick' }).then(() => order.push('quick'));
    await Promise.all([slow, quick]);
    expect(order).toEqual(['quick', 'slow']);
  });

  test('fifty calls at once each get their own answer', async () => {
    const names = Array.from({ length: 50 }, (_, at) => `bucket-${at}`);
    const results = await Promise.all(names.map((index) => client.call('index.snapshots', { index })));
    expect(results.map((result) => (result.ok ? result.value[0]?.bucket : result.error))).toEqual(names);
  });

  test('writes to one bucket wait for each other, whichever window they come from', async () => {
    const file = join(dir, 'queue');
    const other = createClient(bench.connect());
    await Promise.all([client, other, client].map((from) => from.call('policy.rollback', { bucket: 'same-bucket', to: file })));
    other.close();
    expect(readFileSync(file, 'utf8')).toBe('begin same-bucket\nend same-bucket\n'.repeat(3));
  });

  test('a large answer and a large question both arrive', async () => {
    const result = await client.call('index.snapshots', { index: 'big 20000' });
    expect(result.ok && result.value.length).toBe(20_000);
    expect(result.ok && result.value.at(-1)).toEqual(snapshot('bucket-19999'));
    const long = 'x'.repeat(4_000_000);
    const echoed = await client.call('index.snapshots', { index: long });
    expect(echoed.ok && echoed.value[0]?.bucket === long).toBe(true);
  });

  test('closing the connection fails what is under way, aborts it in the engine, and fails what comes later', async () => {
    const file = join(dir, 'closed');
    const own = createClient(bench.connect());
    let begun = () => {};
    const running = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const call = own.call('index.scan', scan(file), { onProgress: () => begun() });
    await running;
    own.close();
    expect(await call).toMatchObject({ ok: false, error: { code: 'Internal' } });
    expect(await own.call('index.snapshots', { index: 'later' })).toMatchObject({ ok: false, error: { code: 'Internal' } });
    await vi.waitFor(() => expect(readFileSync(file, 'utf8')).toBe('aborted\n'), { timeout: 5000 });
    // The other connection lives on.
    expect((await client.call('index.snapshots', { index: 'still' })).ok).toBe(true);
  });

  test('a frame that is no frame is answered where it says whom to answer', async () => {
    const transport = bench.connect();
    const answers: unknown[] = [];
    transport.onMessage((frame) => answers.push(frame));
    transport.send({ kind: 'call', id: 41, method: 7, params: {} });
    transport.send({ kind: 'nonsense' });
    transport.send({ kind: 'call', id: 42, method: 'index.snapshots', params: { index: 'after' } });
    await vi.waitFor(() => expect(answers).toHaveLength(2), { timeout: 5000 });
    expect(answers[0]).toMatchObject({ kind: 'failure', id: 41, error: { code: 'Usage' } });
    expect(answers[1]).toMatchObject({ kind: 'result', id: 42 });
    transport.close?.();
  });
});
