import { expect, test } from 'vitest';
import { readJournal, unfinished } from '../../../src/main/apply/journal.ts';
import { listUnfinished, recover } from '../../../src/main/apply/recover.ts';
import { applyBench, BUCKET, FOREIGN, MOVES, must, refusal } from '../../support/apply-bench.ts';

const bench = applyBench();
const OTHER = FOREIGN.replace('theirs', 'strangers');
const ALTERED = (xml: string): string => xml.replace(/<ObjectSizeGreaterThan>\d+<\/ObjectSizeGreaterThan>/, '');

/** An apply that was cut off after its request went out: the bucket holds what `held` makes of what was sent. */
async function cutOff(held: (sent: string) => string | null): Promise<string> {
  bench.server.xml = FOREIGN;
  const made = must(await bench.plan());
  let sent = '';
  bench.server.faults.store = (xml) => {
    sent = xml;
    return xml;
  };
  // The journal fails after the intent as a killed process would: nothing more is noted.
  const crash = Object.assign(new Error('killed'), { name: 'Killed' });
  let lines = 0;
  const now = () => {
    lines += 1;
    if (lines > 3) throw crash;
    return new Date('2026-11-23T00:00:00.000Z');
  };
  await expect(bench.apply(made, {}, { now })).rejects.toBe(crash);
  bench.server.faults.store = (xml) => xml;
  bench.server.xml = held(sent);
  const [entry] = unfinished(must(readJournal(bench.dataDir)));
  return entry?.journalId ?? '';
}
const list = async () => must(await listUnfinished(bench.context, {}));
const take = (id: string, act: 'finish' | 'undo' | 'accept') => recover(BUCKET, id, act, bench.remote, bench.context);

test.each([
  ['before', () => FOREIGN, ['finish', 'undo']],
  ['after', (sent: string) => sent, ['finish', 'undo']],
  ['altered', ALTERED, ['undo', 'finish', 'accept']],
  ['other', () => OTHER, ['accept']],
] as const)('a bucket that holds "%s" is told as such, with what can be done', async (holds, held, can) => {
  const id = await cutOff(held);
  const [open, ...more] = await list();
  expect(more).toEqual([]);
  expect(open).toMatchObject({ entry: { journalId: id }, holds, can });
});

test.each([
  ['before', () => FOREIGN, 1],
  ['after', (sent: string) => sent, 0],
  ['altered', ALTERED, 1],
] as const)('finishing from "%s" ends with what was asked for', async (_holds, held, writes) => {
  const id = await cutOff(held);
  const before = bench.server.puts.length;
  expect(must(await take(id, 'finish'))).toMatchObject({ journalId: id, verified: true });
  expect(bench.server.puts.length - before).toBe(writes);
  expect(bench.server.xml).toContain('isotherm/x/1');
  expect(bench.server.xml).toContain('ObjectSizeGreaterThan');
  expect(await list()).toEqual([]);
});

test.each([
  ['before', () => FOREIGN],
  ['after', (sent: string) => sent],
  ['altered', ALTERED],
] as const)('undoing from "%s" ends with what was there before', async (_holds, held) => {
  const id = await cutOff(held);
  expect(must(await take(id, 'undo'))).toMatchObject({ journalId: id });
  expect(bench.server.xml).toContain('theirs');
  expect(bench.server.xml).not.toContain('isotherm/');
  expect(bench.outcomes().at(-1)).toBe('apply rolledBack');
  expect(await list()).toEqual([]);
});

test("someone else's configuration is neither finished over nor undone, only accepted", async () => {
  const id = await cutOff(() => OTHER);
  expect(refusal(await take(id, 'finish')).code).toBe('ConfigurationChanged');
  expect(bench.server.xml).toBe(OTHER);
  // That attempt has closed the operation: what is in force is known.
  expect(bench.outcomes().at(-1)).toBe('apply overtaken');
  expect(refusal(await take(id, 'undo')).code).toBe('JournalEntryNotFound');
  const again = await cutOff(() => OTHER);
  expect(refusal(await take(again, 'undo')).code).toBe('ConfigurationChanged');
  must(await take(again, 'accept'));
  expect(bench.server.xml).toBe(OTHER);
  expect(await list()).toEqual([]);
});

test('while an operation is open no other is begun on its bucket, and the same plan takes it up again', async () => {
  const id = await cutOff((sent) => sent);
  const other = must(await bench.plan({ policy: MOVES }));
  expect(refusal(await bench.apply(other)).code).toBe('OperationUnfinished');
  bench.server.xml = FOREIGN;
  const same = must(await bench.plan());
  expect(must(await bench.apply(same))).toMatchObject({ journalId: id, verified: true });
  expect(await list()).toEqual([]);
});

test('what cannot be read is said to be unknown', async () => {
  await cutOff((sent) => sent);
  bench.server.faults.denied = new Set(['lifecycle']);
  const [open] = await list();
  expect(open).toMatchObject({ holds: 'unknown' });
  expect(open?.words).toContain('s3:GetLifecycleConfiguration');
});
