import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import type { Rule } from '../../../src/contract/lifecycle.ts';
import { type Proof, type ProofFacts, ProofFactsSchema, type StatementIn, StatementSchema } from '../../../src/contract/prove.ts';
import { runProofs } from '../../../src/main/engine/prove-run.ts';
import type { SnapshotMeta } from '../../../src/main/index/snapshot-meta.ts';
import { AS_OF_MS, daysAgo, inFolder, META, type PlainRow, row, writeIndex } from '../../support/index-rows.ts';

const ALL = [...META.fields, 'ObjectLockEventHoldStatus'];
const FACTS: ProofFacts = v.parse(ProofFactsSchema, {
  versioning: 'enabled',
  objectLock: { defaultRetentionDays: null },
  replication: 'configured',
});
const RULES: Rule[] = [
  { ID: 'all', Status: 'Enabled', Filter: { Prefix: 'x/' }, Expiration: { Days: 10 }, NoncurrentVersionExpiration: { NoncurrentDays: 5 } },
];

async function decide(statement: StatementIn, rows: readonly PlainRow[], meta: Partial<SnapshotMeta> = {}, facts = FACTS): Promise<Proof> {
  return inFolder(async (folder) => {
    const path = join(folder, 'x.db');
    await writeIndex(path, rows, { meta: { ...META, fields: ALL, ...meta } });
    const asOf = new Date(AS_OF_MS).toISOString().slice(0, 10);
    const order = { index: path, configuration: { Rules: RULES }, facts, asOf, statements: [v.parse(StatementSchema, statement)] };
    const proved = runProofs(order, new Date(AS_OF_MS), new AbortController().signal);
    if (!proved.ok) throw new Error(proved.error.message);
    return proved.value.run.proofs[0] as Proof;
  });
}

const ROWS = [
  row('x/a', { lastModifiedMs: daysAgo(2) }),
  row('x/b', { lastModifiedMs: daysAgo(30), retainUntilMs: daysAgo(-100) }),
  row('y/c'),
];
const without = (...names: string[]): string[] => ALL.filter((name) => !names.includes(name));

describe('what a report does not tell is INSUFFICIENT, never PROVED', () => {
  const gone: StatementIn = { id: 'g', kind: 'gone', covers: 'existing', scope: { prefix: 'x/' }, by: { date: '2028-01-01' } };
  const locked: StatementIn = { id: 'l', kind: 'locked', covers: 'existing', scope: { prefix: 'x/b' }, until: { date: '2026-12-31' } };

  test('with every column the statements are decided', async () => {
    expect((await decide(gone, ROWS)).verdict).toBe('PROVED');
    expect((await decide(locked, ROWS)).verdict).toBe('PROVED');
  });

  test.each([
    'ObjectLockRetainUntilDate',
    'ObjectLockLegalHoldStatus',
    'ObjectLockEventHoldStatus',
    'ReplicationStatus',
    'LastModifiedDate',
  ])('gone needs %s', async (name) => {
    const { verdict, existing } = await decide(gone, ROWS, { fields: without(name) });
    expect(verdict).toBe('INSUFFICIENT');
    expect(existing?.missing.join(' ')).toContain(name);
  });

  test.each(['ObjectLockRetainUntilDate', 'ObjectLockLegalHoldStatus'])('locked needs %s', async (name) => {
    const { verdict, existing } = await decide(locked, ROWS, { fields: without(name) });
    expect(verdict).toBe('INSUFFICIENT');
    expect(existing?.missing.join(' ')).toContain(name);
  });

  test('locks that are not told may be what keeps a version: neither proved nor broken', async () => {
    const kept: StatementIn = { id: 'k', kind: 'kept', covers: 'existing', scope: { prefix: 'x/b' }, until: { date: '2026-12-31' } };
    expect((await decide(kept, ROWS)).verdict).toBe('PROVED');
    const free = ROWS.map((one) => ({ ...one, retainUntilMs: null }));
    expect((await decide(kept, free)).verdict).toBe('COUNTEREXAMPLE');
    const fields = without('ObjectLockRetainUntilDate');
    const unknown = await decide(kept, free, { fields });
    expect(unknown.verdict).toBe('INSUFFICIENT');
    expect(unknown.existing?.missing.join(' ')).toContain('ObjectLockRetainUntilDate');
    expect((await decide(kept, free, { fields }, { ...FACTS, objectLock: 'none' })).verdict).toBe('COUNTEREXAMPLE');
  });

  test.each<[string, Partial<SnapshotMeta>, RegExp]>([
    ['noncurrent versions', { allVersions: false }, /current versions only/],
    ['another prefix', { prefix: 'x/z' }, /only "x\/z" was listed/],
  ])('%s', async (_name, meta, missing) => {
    const { verdict, existing } = await decide(gone, ROWS, meta);
    expect(verdict).toBe('INSUFFICIENT');
    expect(existing?.missing.join(' ')).toMatch(missing);
  });

  test('a bucket known to have no Object Lock and no replication needs none of their columns', async () => {
    const facts: ProofFacts = { ...FACTS, objectLock: 'none', replication: 'none' };
    expect((await decide(gone, ROWS, { fields: ['Key', 'LastModifiedDate'] }, facts)).verdict).toBe('PROVED');
  });
});

describe('counterexamples among existing versions', () => {
  test('the soonest, then the first key, with its version, rule and day', async () => {
    const rows = [
      row('x/b', { versionId: 'b1', lastModifiedMs: daysAgo(4), state: 'current' }),
      row('x/b', { versionId: 'b0', lastModifiedMs: daysAgo(40), state: 'noncurrent' }),
      row('x/a/z', { versionId: 'z1', lastModifiedMs: daysAgo(3), state: 'current' }),
      row('x/a/z', { versionId: 'z0', lastModifiedMs: daysAgo(9), state: 'noncurrent' }),
    ];
    const { existing } = await decide(
      { id: 'k', kind: 'kept', covers: 'existing', scope: { prefix: 'x/' }, until: { date: '2027-06-01' }, overwrites: 'none' },
      rows,
    );
    // b0 has been noncurrent for 4 days, z0 for 3: b0 goes first.
    expect(existing?.counterexample).toMatchObject({
      key: 'x/b',
      versionId: 'b0',
      state: 'noncurrent',
      ruleId: 'all',
      date: '2026-11-22',
      versions: 4,
    });
  });

  test('what waits for replication or lies under a hold is not gone, and the words say so', async () => {
    const rows = [row('x/a', { isBlocked: true }), row('x/b', { isHeld: true })];
    const gone = (prefix: string) =>
      decide({ id: 'g', kind: 'gone', covers: 'existing', scope: { prefix }, by: { date: '2030-01-01' } }, rows);
    expect((await gone('x/a')).existing?.counterexample?.words).toContain('replication');
    expect((await gone('x/b')).existing?.counterexample?.words).toContain('under a hold');
  });
});
