import { join } from 'node:path';
import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { ProofFactsSchema, StatementSchema } from '../../../src/contract/prove.ts';
import { runProofs } from '../../../src/main/engine/prove-run.ts';
import { AS_OF_MS, daysAgo, inFolder, META, row, writeIndex } from '../../support/index-rows.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const facts = v.parse(ProofFactsSchema, { versioning: 'enabled', objectLock: { defaultRetentionDays: null }, replication: 'none' });

test('of all that break a statement alike the first key is shown, however directories are named', async () => {
  // Characters before and after "/", an empty segment, and one that UTF-16 orders otherwise than UTF-8.
  const segment = fc.constantFrom('a', 'a-b', 'a0', 'a.b', 'b', '', '!', '\uffee', '\u{1f525}', 'ab');
  const key = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => `${parts.join('/')}x`);
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(key, { minLength: 1, maxLength: 25 }), fc.constantFrom('', 'a', 'a/', 'b/'), async (keys, prefix) => {
      const inside = keys.filter((one) => one.startsWith(prefix)).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      await inFolder(async (folder) => {
        const index = join(folder, 'x.db');
        await writeIndex(
          index,
          keys.map((one) => row(one, { lastModifiedMs: daysAgo(5) })),
          { meta: { ...META, fields: [...META.fields, 'ObjectLockEventHoldStatus'] } },
        );
        const statement = v.parse(StatementSchema, {
          id: 's',
          kind: 'locked',
          covers: 'existing',
          scope: { prefix },
          until: { ageDays: 30 },
        });
        const proved = runProofs(
          { index, configuration: null, facts, statements: [statement] },
          new Date(AS_OF_MS),
          new AbortController().signal,
        );
        if (!proved.ok) throw new Error(proved.error.message);
        const [proof] = proved.value.run.proofs;
        expect(proof?.existing?.counterexample?.key).toBe(inside[0]);
        expect(proof?.verdict).toBe(inside.length === 0 ? 'PROVED' : 'COUNTEREXAMPLE');
      });
    }),
    { numRuns: propertyRuns(12, 300), seed: 8 },
  );
});
