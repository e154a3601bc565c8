import { expect, test } from 'vitest';
import { appError } from '../../../src/contract/errors.ts';
import { err, ok } from '../../../src/contract/result.ts';
import { createQueues } from '../../../src/main/engine/queues.ts';

const never = new AbortController().signal;

test('one failing or throwing leaves the next its turn', async () => {
  const queues = createQueues();
  const order: number[] = [];
  const first = queues.run('a', never, async () => {
    order.push(1);
    throw new Error('a bug');
  });
  const second = queues.run('a', never, async () => {
    order.push(2);
    return err(appError('Throttled', 'slow down'));
  });
  const third = queues.run('a', never, async () => {
    order.push(3);
    return ok(3);
  });
  await expect(first).rejects.toThrow('a bug');
  expect(await second).toMatchObject({ ok: false });
  expect(await third).toEqual(ok(3));
  expect(order).toEqual([1, 2, 3]);
});

test('other names do not wait, and who is cancelled while waiting never runs', async () => {
  const queues = createQueues();
  let release = () => {};
  const held = queues.run(
    'a',
    never,
    () =>
      new Promise((resolve) => {
        release = () => resolve(ok('held'));
      }),
  );
  expect(await queues.run('b', never, async () => ok('free'))).toEqual(ok('free'));
  const stop = new AbortController();
  let ran = false;
  const waiting = queues.run('a', stop.signal, async () => {
    ran = true;
    return ok('late');
  });
  stop.abort();
  release();
  expect(await held).toEqual(ok('held'));
  expect(await waiting).toMatchObject({ ok: false, error: { code: 'Cancelled' } });
  expect(ran).toBe(false);
});
