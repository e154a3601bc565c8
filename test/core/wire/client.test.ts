import { expect, test } from 'vitest';
import { appError } from '../../../src/contract/errors.ts';
import { createClient } from '../../../src/core/wire/client.ts';
import { createCancelSource, type Transport } from '../../../src/core/wire/transport.ts';

/** A transport whose other end is the test. */
function openBench(send?: (frame: unknown) => void) {
  const sent: unknown[] = [];
  let receive: (frame: unknown) => void = () => {};
  let end: (reason?: ReturnType<typeof appError>) => void = () => {};
  const transport: Transport = {
    send: send ?? ((frame) => void sent.push(frame)),
    onMessage: (listener) => {
      receive = listener;
    },
    onClose: (listener) => {
      end = listener;
    },
  };
  return {
    client: createClient(transport),
    sent,
    receive: (frame: unknown) => receive(frame),
    end: (reason?: ReturnType<typeof appError>) => end(reason),
  };
}

test('a frame that cannot be sent fails its call and no other', async () => {
  const { client } = openBench(() => {
    throw new Error('not cloneable');
  });
  expect(await client.call('app.info', {})).toMatchObject({ ok: false, error: { code: 'Internal', detail: 'Error: not cloneable' } });
});

test('something that is no frame ends every call, since none can be told apart', async () => {
  const { client, receive } = openBench();
  const calls = [client.call('app.info', {}), client.call('journal.list', {})];
  receive({ kind: 'result', id: 'one', value: [] });
  for (const result of await Promise.all(calls)) expect(result).toMatchObject({ ok: false, error: { code: 'Internal' } });
  expect(await client.call('app.info', {})).toMatchObject({ ok: false });
});

test('the reason of a closed transport reaches every call under way and every later one', async () => {
  const { client, end } = openBench();
  const reason = appError('AccessDenied', 'The token of this address is missing or wrong.');
  const call = client.call('app.info', {});
  end(reason);
  expect(await call).toEqual({ ok: false, error: reason });
  expect(await client.call('app.info', {})).toEqual({ ok: false, error: reason });
});

test('cancelling sends one cancel frame and waits for the engine to say how the call ended', async () => {
  const { client, sent, receive } = openBench();
  const { signal, cancel } = createCancelSource();
  let settled = false;
  const call = client.call('journal.list', {}, { signal }).finally(() => {
    settled = true;
  });
  cancel();
  cancel();
  expect(sent).toEqual([
    { kind: 'call', id: 1, method: 'journal.list', params: {} },
    { kind: 'cancel', id: 1 },
  ]);
  await Promise.resolve();
  expect(settled).toBe(false);
  receive({ kind: 'result', id: 1, value: [] });
  expect(await call).toEqual({ ok: true, value: [] });
});

test('answers to calls that have ended, and progress for them, are dropped', async () => {
  const { client, receive } = openBench();
  const seen: number[] = [];
  const call = client.call('journal.list', {}, { onProgress: ({ done }) => seen.push(done) });
  receive({ kind: 'progress', id: 1, progress: { phase: 'p', done: 1 } });
  receive({ kind: 'result', id: 1, value: [] });
  receive({ kind: 'progress', id: 1, progress: { phase: 'p', done: 2 } });
  receive({ kind: 'failure', id: 1, error: appError('Internal', 'late') });
  receive({ kind: 'result', id: 99, value: [] });
  expect(await call).toEqual({ ok: true, value: [] });
  expect(seen).toEqual([1]);
});
