import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ApprovalSchema } from '../../../src/contract/approval.ts';
import { PlanSchema } from '../../../src/contract/plan.ts';
import type { Result } from '../../../src/contract/result.ts';
import { checkPlan } from '../../../src/main/apply/apply.ts';
import { approve, checkApproval } from '../../../src/main/apply/approval.ts';
import { appendEvent, journalPath, readAudit } from '../../../src/main/apply/journal.ts';
import { readSealedFile, writeJsonFile } from '../../../src/main/cli/files.ts';
import { makeKey } from '../../../src/main/keys/keys.ts';
import { applyBench, FOREIGN, must, NOW } from '../../support/apply-bench.ts';

const bench = applyBench();
const DEEP = process.env.ISOTHERM_DEEP === '1';

/** Every bit of a file under `test:deep`; one bit of every third byte, a different one each, otherwise. */
function* flips(bytes: Buffer): Generator<{ at: number; bit: number; flipped: Buffer }> {
  for (let at = 0; at < bytes.length; at += DEEP ? 1 : 3) {
    for (const bit of DEEP ? [0, 1, 2, 3, 4, 5, 6, 7] : [(at * 5 + 1) % 8]) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8((bytes[at] as number) ^ (1 << bit), at);
      yield { at, bit, flipped };
    }
  }
}

/** Flips every bit in turn; each has to be refused with a row or a field. */
async function everyFlipIsNamed(file: string, read: () => Promise<Result<unknown>>): Promise<number> {
  const bytes = readFileSync(file);
  must(await read());
  const unseen: string[] = [];
  let count = 0;
  for (const { at, bit, flipped } of flips(bytes)) {
    writeFileSync(file, flipped);
    const result = await read();
    count += 1;
    if (result.ok) unseen.push(`byte ${at}, bit ${bit}: taken`);
    else if (result.error.row === undefined && result.error.field === undefined)
      unseen.push(`byte ${at}, bit ${bit}: ${result.error.message}`);
  }
  writeFileSync(file, bytes);
  must(await read());
  expect(unseen).toEqual([]);
  return count;
}

test('a flipped bit anywhere in a plan is refused with its place', { timeout: 600_000 }, async () => {
  bench.server.xml = FOREIGN;
  const plan = must(await bench.plan());
  const file = join(bench.dataDir, 'plan.json');
  must(await writeJsonFile(file, plan));
  const count = await everyFlipIsNamed(file, async () => {
    const read = await readSealedFile(file, PlanSchema, 'plan', 'PlanInvalid');
    return read.ok ? checkPlan(read.value) : read;
  });
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
  const count = await everyFlipIsNamed(file, async () => {
    const read = await readSealedFile(file, ApprovalSchema, 'approval', 'ApprovalInvalid');
    return read.ok ? checkApproval(read.value, plan, [approver], NOW) : read;
  });
  expect(count).toBeGreaterThan(300);
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
