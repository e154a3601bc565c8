import { expect, test } from 'vitest';
import { checkDrift } from '../../../src/main/apply/drift.ts';
import { rollback } from '../../../src/main/apply/rollback.ts';
import { applyBench, BUCKET, FOREIGN, must, refusal } from '../../support/apply-bench.ts';

const bench = applyBench();
const drift = async (bucket?: string) => must(await checkDrift(bench.context, bench.remote, bucket));
const only = async () => {
  const { reports } = await drift();
  expect(reports).toHaveLength(1);
  return reports[0]!;
};
const rule = (id: string, filter: string, days: number, status = 'Enabled'): string =>
  `<Rule><ID>${id}</ID><Filter>${filter}</Filter><Status>${status}</Status><Expiration><Days>${days}</Days></Expiration></Rule>`;
const configuration = (...rules: string[]): string => `<LifecycleConfiguration>${rules.join('')}</LifecycleConfiguration>`;

async function applied(): Promise<string> {
  bench.server.xml = FOREIGN;
  return must(await bench.apply(must(await bench.plan()))).journalId;
}

test('what was applied and is still there has not drifted, and nothing is written to find out', async () => {
  const journalId = await applied();
  const writes = bench.server.puts.length;
  expect(await only()).toMatchObject({ bucket: BUCKET, baseline: { journalId }, drifted: false, findings: [], inverse: null });
  expect(bench.server.puts).toHaveLength(writes);
  expect(bench.server.requests.slice(-5).map(({ method }) => method)).toEqual(['GET', 'GET', 'GET', 'GET', 'GET']);
});

test('rules in another order and spelling have not drifted', async () => {
  await applied();
  const rules = (bench.server.xml ?? '').match(/<Rule>.*?<\/Rule>/gs) ?? [];
  bench.server.xml = configuration(...rules.reverse());
  expect(await only()).toMatchObject({ drifted: false });
});

test('a rule that came, went, or lost its filter is told, and the way back is the inverse', async () => {
  const journalId = await applied();
  const good = bench.server.xml ?? '';
  bench.server.xml = good
    .replace(/<ObjectSizeGreaterThan>\d+<\/ObjectSizeGreaterThan>/, '')
    .replace(/<Rule>(?:(?!<Rule>).)*once\/.*?<\/Rule>/s, '');
  const report = await only();
  expect(report.drifted).toBe(true);
  expect(report.findings.map(({ what, severity }) => `${what} ${severity}`).sort()).toEqual(['rules danger', 'rules notice']);
  expect(report.inverse).toMatchObject({ journalId });
  expect(report.inverse?.words).toBe(`isotherm rollback --bucket ${BUCKET} --to ${journalId} --restore after --over-changes`);
  const order = { bucket: BUCKET, to: journalId, which: 'after' as const, overChanges: true, confirmation: undefined };
  const asked = refusal(await rollback(order, bench.remote, bench.context));
  expect(asked.code).toBe('ConfirmationMissing');
  must(await rollback({ ...order, confirmation: `restore 1 deleting rule in ${BUCKET}` }, bench.remote, bench.context));
  expect(await only()).toMatchObject({ drifted: false, inverse: null });
});

test('versioning, Object Lock and replication that protect no more are a danger; what came is a notice', async () => {
  bench.server.faults.replication =
    '<ReplicationConfiguration><Role>r</Role><Rule><ID>a</ID><Status>Enabled</Status><Destination><Bucket>arn:aws:s3:::copy</Bucket></Destination></Rule></ReplicationConfiguration>';
  bench.server.faults.objectLock =
    '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Days>30</Days></DefaultRetention></Rule></ObjectLockConfiguration>';
  await applied();
  bench.server.faults.versioning = 'Suspended';
  bench.server.faults.replication = null;
  bench.server.faults.objectLock = bench.server.faults.objectLock.replace('<Days>30</Days>', '<Days>1</Days>');
  bench.server.faults.tags = { ManagedBy: 'Terraform' };
  const { findings } = await only();
  expect(findings.map(({ what, severity }) => `${what} ${severity}`)).toEqual([
    'versioning danger',
    'replication danger',
    'objectLock danger',
    'managers notice',
  ]);
  bench.server.faults.denied = new Set(['versioning', 'object-lock', 'replication', 'tagging']);
  const blind = await only();
  expect(blind.findings).toEqual([]);
  expect(blind.facts.unknown).toHaveLength(4);
});

test('the one-day rule on a CloudTrail bucket stands out on a bucket that was never applied to', async () => {
  // What stratus-red-team does (aws.defense-evasion.cloudtrail-lifecycle-rule): one rule, one day, on the bucket of a trail.
  bench.server.xml = configuration(rule('nuke-cloudtrail-logs-after-1-day', '<Prefix>*</Prefix>', 1));
  bench.server.faults.versioning = 'Suspended';
  const { reports } = must(await checkDrift(bench.context, bench.remote, 'my-cloudtrail-bucket-kdfjkl'));
  expect(reports).toMatchObject([{ baseline: null, drifted: false, inverse: null }]);
  expect(reports[0]?.redFlags).toMatchObject([
    { ruleId: 'nuke-cloudtrail-logs-after-1-day', patterns: ['withinOneDay', 'logBucket', 'noVersions', 'literalWildcard'], score: 100 },
  ]);
  expect(reports[0]?.redFlags[0]?.words).toContain('S3 takes as a letter');
});

test('a rule that wipes a bucket we applied to is told as new and as an attack', async () => {
  await applied();
  const good = bench.server.xml ?? '';
  bench.server.xml = good.replace('</LifecycleConfiguration>', `${rule('maintenance', '', 1)}</LifecycleConfiguration>`);
  const report = await only();
  expect(report.redFlags[0]).toMatchObject({ ruleId: 'maintenance', patterns: ['withinOneDay', 'wholeBucket', 'newRule'] });
  expect(report.redFlags[0]?.score).toBeGreaterThanOrEqual(70);
  expect(report.findings).toMatchObject([{ what: 'rules', severity: 'danger' }]);
});

test('a bucket that cannot be read is told, not passed over; by name it is a failure', async () => {
  await applied();
  bench.server.faults.denied = new Set(['lifecycle']);
  expect(await drift()).toMatchObject({ reports: [], unreadable: [{ bucket: BUCKET }] });
  expect(refusal(await checkDrift(bench.context, bench.remote, BUCKET)).code).toBe('AccessDenied');
});
