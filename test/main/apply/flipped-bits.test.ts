import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ApprovalSchema } from '../../../src/contract/approval.ts';
import { PlanSchema } from '../../../src/contract/plan.ts';
import { checkPlan } from '../../../src/main/apply/apply.ts';
import { approve, checkApproval } from '../../../src/main/apply/approval.ts';
import { appendEvent, journalPath, readAudit } from '../../../src/main/apply/journal.ts';
import { readSealedFile, writeJsonFile } from '../../../src/main/cli/files.ts';
import { makeKey } from '../../../src/main/keys/keys.ts';
import { applyBench, FOREIGN, must, NOW } from '../../support/apply-bench.ts';
import { everyFlipIsNamed } from '../../support/flipped-bits.ts';

const bench = applyBench();

test('a flipped bit anywhere in a plan is refused with its place', { timeout: 600_000 }, async () => {
  bench.server.xml = FOREIGN;
  const plan = must(await bench.plan());
  const file = join(bench.dataDir, 'plan.json');
  must(await writeJsonFile(file, plan));
  const taken = async () => {
    const read = await readSealedFile(file, PlanSchema, 'plan', 'PlanInvalid');
    return read.ok ? checkPlan(read.value) : read;
  };
  const count = await everyFlipIsNamed(file, taken, 7);
  expect(count).toBeGreaterThan(1_000);
});

test('and the member that was changed is the one that is named', async () => {
  const plan = must(await bench.plan());
  const changes = { ...plan, warnings: [...plan.warnings, 'x'] };
  expect(checkPlan(changes)).toMatchObject({ ok: false, error: { field: 'warnings' } });
  const seals = { ...plan, seals: { ...plan.seals, effect: plan.seals.deletes as string } };
  expect(checkPlan(seals)).toMatchObject({ ok: false, error: { field: 'seals.effect' } });
  expect(checkPlan({ ...plan, hash: plan.hash.replace(/^./, (letter) => (letter === '0' ? '1' : '0')) })).toMatchObject({
    ok: false,
    error: { field: 'hash' },
  });
  const { deletes: _gone, ...less } = plan;
  expect(checkPlan(less as typeof plan)).toMatchObject({ ok: false, error: { field: 'deletes' } });
});

test('a flipped bit anywhere in an approval is refused with its place', { timeout: 600_000 }, async () => {
  const plan = must(await bench.plan());
  const key = must(makeKey(bench.dataDir, 'Grace', undefined, NOW));
  const approver = { keyId: key.keyId, name: key.name, publicKey: key.publicKey };
  const file = join(bench.dataDir, 'approval.json');
  const made = must(approve(bench.dataDir, { plan, keyId: undefined, passphrase: undefined, hours: 24, note: 'größer', now: NOW }));
  must(await writeJsonFile(file, made));
  const count = await everyFlipIsNamed(
    file,
    async () => {
      const read = await readSealedFile(file, ApprovalSchema, 'approval', 'ApprovalInvalid');
      return read.ok ? checkApproval(read.value, plan, [approver], NOW) : read;
    },
    1,
  );
  expect(count).toBeGreaterThan(1_000);
});

test('a flipped bit anywhere in the audit file is refused with its line', { timeout: 600_000 }, async () => {
  must(await bench.apply(must(await bench.plan())));
  must(
    appendEvent(bench.dataDir, NOW, {
      event: 'limitsSet',
      by: 'ada',
      bucket: null,
      subject: 'limits',
      details: { note: '"x"\n\u{1F9CA}' },
    }),
  );
  const file = journalPath(bench.dataDir);
  const count = await everyFlipIsNamed(file, async () => readAudit(bench.dataDir));
  expect(count).toBeGreaterThan(1_000);
});
