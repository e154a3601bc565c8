import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { type ProofFacts, ProofFactsSchema, StatementSchema } from '../../src/contract/prove.ts';
import { factWords } from '../../src/renderer/compliance/fact-words.ts';
import { nextId } from '../../src/renderer/compliance/state.ts';

const statement = (id: string) => v.parse(StatementSchema, { id, kind: 'untouched' });
const facts = (known: Partial<ProofFacts>): ProofFacts => ({ ...v.parse(ProofFactsSchema, {}), ...known });

describe('ids of new statements', () => {
  it('count on', () => expect(nextId([statement('S-01'), statement('S-02')])).toBe('S-03'));
  it('never take one that is there', () => {
    expect(nextId([statement('S-03'), statement('S-02')])).toBe('S-04');
    expect(nextId([])).toBe('S-01');
  });
});

describe('what is known of a bucket, in words', () => {
  it('says of everything that is unknown that it is', () => {
    expect(factWords(facts({}))).toBe('versioning unknown, Object Lock unknown, replication unknown');
  });
  it('tells a lock without a default from one with', () => {
    expect(factWords(facts({ versioning: 'enabled', objectLock: { defaultRetentionDays: null }, replication: 'none' }))).toBe(
      'versioning enabled, Object Lock without a default, not replicated',
    );
    expect(factWords(facts({ versioning: 'unversioned', objectLock: { defaultRetentionDays: 30 } }))).toBe(
      'unversioned, Object Lock, 30 days by default, replication unknown',
    );
  });
});
