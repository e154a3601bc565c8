import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { LifecycleConfiguration, Rule } from '../../../src/contract/lifecycle.ts';
import type { Plan } from '../../../src/contract/plan.ts';
import { canonicalRule } from '../../../src/core/policy/canonical.ts';
import { readAudit, readJournal } from '../../../src/main/apply/journal.ts';
import { recover } from '../../../src/main/apply/recover.ts';
import { planFileWords, planWords } from '../../../src/main/cli/words/apply-words.ts';
import { withConnection } from '../../../src/main/s3/client.ts';
import { getLifecycle } from '../../../src/main/s3/lifecycle.ts';
import { applyBench, BUCKET, FOREIGN, MOVES, must, NOW, refusal, SNAPSHOT } from '../../support/apply-bench.ts';

const bench = applyBench();
const CHILD = fileURLToPath(new URL('./children/dies-at.ts', import.meta.url));
const hours = (count: number): Date => new Date(NOW.getTime() + count * 3_600_000);
const expiring = (ID: string, Prefix: string, Days = 90): Rule => ({ ID, Status: 'Enabled', Filter: { Prefix }, Expiration: { Days } });
const other: LifecycleConfiguration = { Rules: [expiring('isotherm/other', 'other/')] };

const escaped = (text: string): string => text.replace(/[<>&"'\r]/g, (letter) => `&#${letter.charCodeAt(0)};`);
const xmlOf = (rules: readonly Rule[]): string =>
  `<LifecycleConfiguration>${rules
    .map(
      ({ ID = '', Filter, Expiration }) =>
        `<Rule><ID>${escaped(ID)}</ID><Filter><Prefix>${escaped(Filter?.Prefix ?? '')}</Prefix></Filter><Status>Enabled</Status><Expiration><Days>${Expiration?.Days}</Days></Expiration></Rule>`,
    )
    .join('')}</LifecycleConfiguration>`;
const stored = async (): Promise<readonly Rule[]> =>
  must(await withConnection(bench.remote, BUCKET, undefined, (connection) => getLifecycle(connection, BUCKET))).configuration?.Rules ?? [];

describe('two at once', () => {
  test('of two plans for one bucket one is applied, and the other is told that the bucket changed', async () => {
    bench.server.xml = FOREIGN;
    const plans = [must(await bench.plan()), must(await bench.plan({ policy: other }))];
    const results = await Promise.all(plans.map((plan) => bench.apply(plan)));
    expect(results.map((result) => (result.ok ? 'ok' : result.error.code)).sort()).toEqual(['ConfigurationChanged', 'ok']);
    expect(bench.server.puts).toHaveLength(1);
    must(readAudit(bench.dataDir));
  });
  test('one plan applied twice at once is written once', async () => {
    const plan = must(await bench.plan());
    const results = (await Promise.all([bench.apply(plan), bench.apply(plan), bench.apply(plan)])).map(must);
    expect(results.filter(({ changed }) => changed)).toHaveLength(1);
    expect(bench.server.puts).toHaveLength(1);
  });
  test('of two processes on one journal each writes after the other, and the chain holds', { timeout: 60_000 }, async () => {
    bench.server.xml = FOREIGN;
    const plans = [must(await bench.plan()), must(await bench.plan({ policy: other }))];
    const ended = plans.map((plan, at) => {
      const planFile = join(bench.dataDir, `plan-${at}.json`);
      writeFileSync(planFile, JSON.stringify(plan));
      const order = { step: 10_000, flow: 'apply', dataDir: bench.dataDir, planFile, journalId: '', endpoint: bench.server.endpoint };
      const child = spawn(process.execPath, [CHILD, JSON.stringify(order)], { stdio: ['ignore', 'inherit', 'inherit'], env: process.env });
      return new Promise<number | null>((resolve) => child.once('close', resolve));
    });
    expect(await Promise.all(ended)).toEqual([0, 0]);
    const verified = must(readJournal(bench.dataDir)).filter(({ outcome }) => outcome === 'verified');
    expect(verified).toHaveLength(1);
    expect(bench.server.puts).toHaveLength(1);
    expect((await stored()).some(({ ID }) => ID === verified[0]?.after.configuration?.Rules.at(-1)?.ID)).toBe(true);
  });
});

describe('clocks that differ', () => {
  test('a plan from the future is refused, however long it says it holds', async () => {
    const plan = must(await bench.plan({ now: hours(24 * 365), expiresInHours: 24 * 365 }));
    expect(refusal(await bench.apply(plan))).toMatchObject({ code: 'PlanExpired', field: 'createdAt' });
    expect(bench.server.puts).toEqual([]);
    must(await bench.apply(must(await bench.plan({ now: new Date(NOW.getTime() + 3_000_000) }))));
  });
  test('a snapshot from the future counts as stale: its age is not known', async () => {
    const snapshot = { ...SNAPSHOT, asOf: hours(24 * 30).toISOString() };
    const plan = must(await bench.plan({ snapshot, policy: MOVES }));
    expect(plan.needs.map(({ consent }) => consent)).toEqual(['staleSnapshot']);
    expect(plan.needs[0]?.words).toContain('still to come');
    expect(refusal(await bench.apply(plan, { consents: [] })).code).toBe('SnapshotStale');
    must(await bench.apply(plan));
  });
});

describe('names made to hurt', () => {
  const IDS = [
    '__proto__',
    'constructor',
    'toString',
    'isotherm',
    'ISOTHERM/x',
    '\u202egpj.exe',
    '🧊',
    'é',
    'e\u0301',
    '"><Rule>&amp;',
    "'; rm -rf $HOME; `id` %{if true} $",
    '=cmd()',
    ' ',
    'x'.repeat(255),
  ];
  const theirs = IDS.map((id, at) => expiring(id, `${at}/\u202e${id}/<&>//`));

  test('rules of others stay as they are through apply and rollback, whatever they are called', async () => {
    bench.server.xml = xmlOf(theirs);
    const before = (await stored()).map(canonicalRule);
    expect(before).toHaveLength(IDS.length);
    const plan = must(await bench.plan({ policy: other }));
    expect(plan.changes.filter(({ change }) => change === 'kept').map(({ ruleId }) => ruleId)).toEqual(before.map(({ id }) => id));
    for (const words of [planWords(plan, "it's a plan.json"), planFileWords(plan, false)])
      expect(words).not.toMatch(/\p{Cf}|(?!\n)\p{Cc}/u);
    expect(planWords(plan, "it's a plan.json")).toContain("isotherm apply 'it'\\''s a plan.json' --hash");
    const { journalId } = must(await bench.apply(plan));
    const during = (await stored()).map(canonicalRule);
    expect(during.slice(0, -1)).toEqual(before);
    must(await bench.rollback(journalId));
    expect((await stored()).map(canonicalRule)).toEqual(before);
  });
  test('a policy may not take over the name of a rule of others', async () => {
    bench.server.xml = xmlOf([expiring('__proto__', 'a/')]);
    expect(refusal(await bench.plan({ policy: { Rules: [expiring('__proto__', 'b/')] } }))).toMatchObject({ code: 'PolicyInvalid' });
  });
});

describe('as many rules as S3 takes', () => {
  const theirs = Array.from({ length: 990 }, (_, at) => expiring(`theirs ${at}`, `theirs/${at}/`));
  const ours = (count: number): LifecycleConfiguration => ({
    Rules: Array.from({ length: count }, (_, at) => expiring(`isotherm/${at}`, `ours/${at}/`)),
  });
  test('a thousand are planned, applied and rolled back', { timeout: 120_000 }, async () => {
    bench.server.xml = xmlOf(theirs);
    const { journalId } = must(await bench.apply(must(await bench.plan({ policy: ours(10) }))));
    expect(await stored()).toHaveLength(1_000);
    must(await bench.rollback(journalId));
    expect((await stored()).map(canonicalRule)).toEqual(theirs.map(canonicalRule));
  });
  test('refuse: one more, theirs and ours together', async () => {
    bench.server.xml = xmlOf(theirs);
    expect(refusal(await bench.plan({ policy: ours(11) }))).toMatchObject({ code: 'PolicyInvalid' });
  });
});

describe('what was made for something else', () => {
  const owned = (): Promise<Plan> => bench.plan({ remote: { ...bench.remote, owner: '111122223333' } }).then(must);
  test.each([
    ['endpoint', { endpoint: 'http://127.0.0.1:1' }],
    ['region', { region: 'eu-west-1' }],
    ['owner', { owner: '999988887777' }],
  ] as const)('refuse: rolling back or recovering at another %s', async (field, elsewhere) => {
    const { journalId } = must(await bench.apply(await owned()));
    const puts = bench.server.puts.length;
    const remote = { ...bench.remote, ...elsewhere };
    const open = await recover(BUCKET, journalId, 'undo', remote, bench.context);
    expect(refusal(open).code).toBe('JournalEntryNotFound');
    expect(refusal(await bench.rollback(journalId, {}, remote))).toMatchObject({ code: 'PlanTargetMismatch', field });
    expect(bench.server.puts).toHaveLength(puts);
  });
});
