import { readFileSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { type Plan, PlanSchema } from '../../../src/contract/plan.ts';
import { appendJournal, journalPath, operations, readJournal } from '../../../src/main/apply/journal.ts';
import { applyBench, BUCKET, FOREIGN, MOVES, must, NOW, refusal } from '../../support/apply-bench.ts';

const bench = applyBench();
const copy = (plan: Plan): Plan => JSON.parse(JSON.stringify(plan)) as Plan;

test('a plan is written, verified, journalled, and rolled back to no configuration', async () => {
  const made = must(await bench.plan());
  expect(v.safeParse(PlanSchema, copy(made)).success).toBe(true);
  expect(made.deletes).toBe(true);
  expect(made.confirmation).toBe('delete 0 versions, 0 bytes from bucket-one');
  expect(made.warnings.join(' ')).toContain('objects under 128 KiB would move too');
  const applied = must(await bench.apply(copy(made)));
  expect(applied).toMatchObject({ verified: true, changed: true, planHash: made.hash, readBackHash: made.proposed.hash });
  expect(bench.outcomes()).toEqual(['apply intent', 'apply written', 'apply verified']);
  const back = must(await bench.rollback(applied.journalId));
  expect(back).toMatchObject({ verified: true, changed: true });
  expect(bench.server.xml).toBeNull();
  expect(bench.server.deletes).toBe(1);
  expect(bench.outcomes().slice(3)).toEqual(['rollback intent', 'rollback written', 'rollback verified']);
  expect(back.notes.join(' ')).toContain('removed versions stay removed');
});

test('a foreign rule stays, and the minimum size that was read is sent again', async () => {
  bench.server.xml = FOREIGN;
  bench.server.faults.minimumSize = 'varies_by_storage_class';
  const made = must(await bench.plan());
  expect(made.changes.map(({ change, owner }) => `${change} ${owner}`)).toEqual([
    'kept foreign',
    'added isotherm',
    'added isotherm',
    'added isotherm',
  ]);
  must(await bench.apply(made));
  expect(bench.server.puts.at(-1)?.minimumSize).toBe('varies_by_storage_class');
  expect(bench.server.xml).toContain('theirs');
});

test('a policy that says what becomes of small objects changes that setting, and the plan is compared with it', async () => {
  bench.server.xml = FOREIGN;
  bench.server.faults.minimumSize = 'varies_by_storage_class';
  const made = must(await bench.plan({ minimumSize: 'all_storage_classes_128K' }));
  const failure = refusal(await bench.apply(made));
  expect(bench.server.puts[0]?.minimumSize).toBe('all_storage_classes_128K');
  expect(failure.message).toContain('all_storage_classes_128K became varies_by_storage_class');
  expect(bench.outcomes().at(-1)).toBe('apply rolledBack');
});

test('a plan already in place changes nothing and is noted as unchanged', async () => {
  const made = must(await bench.plan());
  must(await bench.apply(made));
  expect(must(await bench.apply(made))).toMatchObject({ verified: true, changed: false });
  expect(bench.server.puts).toHaveLength(1);
  expect(bench.outcomes().at(-1)).toBe('apply unchanged');
});

test.each([
  ['a size filter', /<ObjectSizeGreaterThan>\d+<\/ObjectSizeGreaterThan>/, 'widened: size filter lost'],
  ['NewerNoncurrentVersions', /<NewerNoncurrentVersions>\d+<\/NewerNoncurrentVersions>/, 'widened: NewerNoncurrentVersions lost'],
  ['a prefix', '<Prefix>runs/</Prefix>', 'widened: prefix "runs/" became ""'],
])('a lost %s is told as widening, and the earlier configuration is put back', async (_what, lost, words) => {
  bench.server.xml = FOREIGN;
  const made = must(await bench.plan());
  bench.server.faults.store = (xml) => xml.replace(lost, '');
  const failure = refusal(await bench.apply(made));
  expect(failure.code).toBe('VerifyMismatch');
  expect(failure.message).toContain(words);
  expect(bench.server.xml).toContain('theirs');
  expect(bench.server.xml).not.toContain('isotherm/');
  expect(bench.outcomes()).toEqual(['apply intent', 'apply written', 'apply undoing', 'apply rolledBack']);
  const [last] = operations(must(readJournal(bench.dataDir)));
  expect(last).toMatchObject({ holds: 'before', by: 'ada' });
});

test('no configuration is restored by deleting, and at once, however long the patience', async () => {
  const made = must(await bench.plan());
  bench.server.faults.store = (xml) => xml.replace(/<NewerNoncurrentVersions>\d+<\/NewerNoncurrentVersions>/, '');
  const start = performance.now();
  refusal(await bench.apply(made, {}, { patienceMs: 30_000 }));
  expect(performance.now() - start).toBeLessThan(5_000);
  expect(bench.server.xml).toBeNull();
});

test('changed days are a mismatch', async () => {
  const made = must(await bench.plan());
  bench.server.faults.store = (xml) => xml.replace('<Days>180</Days>', '<Days>18</Days>');
  expect(refusal(await bench.apply(made)).message).toContain('"days":18');
});

test('an earlier configuration that cannot be put back is said plainly and stays open', async () => {
  bench.server.xml = FOREIGN;
  const made = must(await bench.plan());
  bench.server.faults.store = (xml) => xml.replace(/<Days>\d+<\/Days>/g, '<Days>1</Days>');
  expect(refusal(await bench.apply(made)).code).toBe('RollbackFailed');
  expect(bench.outcomes()).toEqual(['apply intent', 'apply written', 'apply undoing', 'apply unknown']);
});

test('a refused write leaves the bucket as it was and says so', async () => {
  const made = must(await bench.plan());
  bench.server.faults.putStatus = { status: 403, takesEffect: false };
  const failure = refusal(await bench.apply(made));
  expect(failure.code).toBe('AccessDenied');
  expect(failure.message).toContain('s3:PutLifecycleConfiguration');
  expect(bench.outcomes()).toEqual(['apply intent', 'apply failed']);
});

test('a write whose answer was an error but that took effect is verified', async () => {
  const made = must(await bench.plan());
  bench.server.faults.putStatus = { status: 400, takesEffect: true };
  expect(must(await bench.apply(made))).toMatchObject({ verified: true, changed: true });
});

test('an earlier configuration that is still shown for a while is waited for', async () => {
  bench.server.xml = FOREIGN;
  const made = must(await bench.plan());
  let stored = '';
  let reads = 0;
  bench.server.faults.store = (xml) => {
    stored = xml;
    return FOREIGN;
  };
  bench.server.faults.beforeGet = () => {
    if (stored === '') return;
    reads += 1;
    if (reads === 2) bench.server.xml = stored;
  };
  expect(must(await bench.apply(made, {}, { patienceMs: 5_000 })).verified).toBe(true);
});

test('the last rule goes only where that was agreed to, and the setting with it', async () => {
  must(await bench.apply(must(await bench.plan({ policy: MOVES }))));
  const nothing = { Rules: [] };
  expect(refusal(await bench.plan({ policy: nothing }))).toMatchObject({ code: 'LastRule' });
  const made = must(await bench.plan({ policy: nothing, consents: ['removeLastRule'] }));
  expect(made).toMatchObject({ consents: ['removeLastRule'], proposed: { configuration: null }, deletes: false, confirmation: null });
  must(await bench.apply(made));
  expect(bench.server.xml).toBeNull();
});

test('every request says whose bucket it expects, from the plan on', async () => {
  const owner = '111122223333';
  const made = must(await bench.plan({ remote: { ...bench.remote, owner } }));
  expect(made.target.owner).toBe(owner);
  const applied = must(await bench.apply(made));
  must(await bench.rollback(applied.journalId));
  expect(bench.server.requests.length).toBeGreaterThan(10);
  expect(new Set(bench.server.requests.map((request) => request.owner))).toEqual(new Set([owner]));
});

test('a crash between intent and outcome is readable, and a rollback to it undoes it', async () => {
  bench.server.xml = FOREIGN;
  const made = must(await bench.plan());
  const entry = must(
    appendJournal(bench.dataDir, NOW, {
      action: 'apply',
      outcome: 'intent',
      bucket: BUCKET,
      endpoint: bench.server.endpoint,
      region: 'us-east-1',
      pathStyle: true,
      planHash: made.hash,
      before: made.current,
      after: made.proposed,
      error: null,
    }),
  );
  expect(operations(must(readJournal(bench.dataDir)))).toMatchObject([{ journalId: entry.journalId, outcome: 'intent' }]);
  const undone = must(await bench.rollback(entry.journalId));
  expect(undone.journalId).toBe(entry.journalId);
  expect(bench.server.xml).toContain('theirs');
  expect(bench.outcomes().at(-1)).toBe('apply rolledBack');
});

test('rolling back to an unknown entry, or one of another bucket, is refused', async () => {
  const { journalId } = must(await bench.apply(must(await bench.plan())));
  expect(refusal(await bench.rollback('nothing')).code).toBe('JournalEntryNotFound');
  expect(refusal(await bench.rollback(journalId, { bucket: 'bucket-two' })).code).toBe('JournalEntryNotFound');
});

test('rolling back goes to either side of any entry, and rules that delete come back only when that was typed', async () => {
  const first = must(await bench.apply(must(await bench.plan())));
  const second = must(await bench.apply(must(await bench.plan({ policy: MOVES }))));
  const asked = refusal(await bench.rollback(second.journalId));
  expect(asked).toMatchObject({ code: 'ConfirmationMissing' });
  expect(asked.message).toContain('restore 2 deleting rules in bucket-one');
  expect(bench.server.puts).toHaveLength(2);
  const confirmation = 'Restore 2  deleting rules in bucket-one ';
  must(await bench.rollback(second.journalId, { confirmation }));
  expect(bench.server.xml).toContain('isotherm/x/1');
  must(await bench.rollback(second.journalId, { which: 'after' }));
  expect(bench.server.xml).not.toContain('isotherm/x/1');
  must(await bench.rollback(first.journalId));
  expect(bench.server.xml).toBeNull();
});

test('a rollback does not discard what someone else wrote since, unless that is asked for', async () => {
  const { journalId } = must(await bench.apply(must(await bench.plan())));
  bench.server.xml = FOREIGN;
  expect(refusal(await bench.rollback(journalId)).code).toBe('ConfigurationChanged');
  expect(bench.server.xml).toBe(FOREIGN);
  must(await bench.rollback(journalId, { overChanges: true }));
  expect(bench.server.xml).toBeNull();
});

test('a journal with a changed or missing line is refused and nothing is sent', async () => {
  const made = must(await bench.plan());
  must(await bench.apply(made));
  const file = journalPath(bench.dataDir);
  const text = readFileSync(file, 'utf8');
  const lines = text.split('\n');
  for (const damaged of [text.replace('bucket-one', 'bucket-two'), `${lines[1]}\n`, `${text}{}\n`]) {
    writeFileSync(file, damaged);
    const read = readJournal(bench.dataDir);
    expect(refusal(read).code).toBe('JournalDamaged');
    expect(refusal(read).row).toBeGreaterThan(0);
  }
  bench.server.xml = null;
  expect(refusal(await bench.apply(made)).code).toBe('JournalDamaged');
  expect(bench.server.puts).toHaveLength(1);
});

test('a line cut off by a crash never took effect, and the next one takes its place', async () => {
  const made = must(await bench.plan());
  must(await bench.apply(made));
  const file = journalPath(bench.dataDir);
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, -10));
  expect(bench.outcomes()).toEqual(['apply intent', 'apply written']);
  expect(must(await bench.apply(made))).toMatchObject({ verified: true });
  expect(bench.outcomes()).toEqual(['apply intent', 'apply written', 'apply verified']);
});

test('two plans applied at once are written one after the other', async () => {
  const made = must(await bench.plan());
  const results = await Promise.all([bench.apply(made), bench.apply(made)]);
  expect(results.map((result) => must(result).changed)).toEqual([true, false]);
  expect(must(readJournal(bench.dataDir)).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
});

test('without consent rules in the older spelling are left as they are, and on AWS nothing is planned', async () => {
  bench.server.xml = FOREIGN.replace('<Filter><Prefix>tmp/</Prefix></Filter>', '<Prefix>tmp/</Prefix>');
  const made = must(await bench.plan({ policy: MOVES }));
  const theirs = (plan: Plan) => plan.proposed.configuration?.Rules.find(({ ID }) => ID === 'theirs');
  expect(theirs(made)).toMatchObject({ Prefix: 'tmp/' });
  expect(theirs(made)).not.toHaveProperty('Filter');
  const converted = must(await bench.plan({ policy: MOVES, consents: ['convertLegacy'] }));
  expect(theirs(converted)).toMatchObject({ Filter: { Prefix: 'tmp/' } });
  expect(theirs(converted)).not.toHaveProperty('Prefix');
  expect(converted.proposed.hash).toBe(made.proposed.hash);
});
