import type { JournalEntry } from '../../../contract/journal.ts';
import type { APPLY_METHODS } from '../../../contract/methods/apply.ts';
import { ok, type Result } from '../../../contract/result.ts';
import { DEFAULT_LIMITS } from '../../../core/apply/limits.ts';
import { applyPlan, checkPlan } from '../../apply/apply.ts';
import { verifyAudit } from '../../apply/audit.ts';
import { withHash } from '../../apply/hash.ts';
import { appendEvent, operations, readJournal } from '../../apply/journal.ts';
import type { WriteContext } from '../../apply/operation.ts';
import { type Foreseen, makePlan, type Sides } from '../../apply/plan.ts';
import { noteMade, whereMade } from '../../apply/plans-made.ts';
import { listUnfinished, recover } from '../../apply/recover.ts';
import { rollback } from '../../apply/rollback.ts';
import { openIndex } from '../../index/reader.ts';
import { copyJournal, keepPlan, readWorkspace } from '../../index/workspace.ts';
import { listKeys } from '../../keys/keys.ts';
import { choosePrices } from '../../prices.ts';
import { withConnection } from '../../s3/client.ts';
import { getLifecycle } from '../../s3/lifecycle.ts';
import { withAlteredEffect } from '../altered-effect.ts';
import type { EngineEnvironment, Handlers } from '../handler.ts';
import { foreseePlan } from '../simulate-over.ts';

/** A plan looks a year ahead. */
const PLAN_MONTHS = 12;

const contextOf = ({ dataDir, now, person }: EngineEnvironment): WriteContext => ({
  dataDir,
  now,
  ...(person === undefined ? {} : { by: person }),
});

/** Brings the workspace's copy of the journal up to date, whatever became of an operation. The journal itself does not need it. */
function mirror(environment: EngineEnvironment, index: string | undefined, bucket: string): void {
  if (index === undefined) return;
  const journal = readJournal(environment.dataDir);
  if (journal.ok)
    copyJournal(
      index,
      journal.value.filter((entry) => entry.bucket === bucket),
    );
}

/** The workspace of an operation on the journal: named, or where the plan behind the entry was made. */
function indexOfEntry(environment: EngineEnvironment, journalId: string, named: string | undefined): string | undefined {
  if (named !== undefined) return named;
  const journal = readJournal(environment.dataDir);
  const planHash = journal.ok ? journal.value.find((entry: JournalEntry) => entry.journalId === journalId)?.planHash : undefined;
  return (planHash ? whereMade(environment.dataDir, planHash)?.index : undefined) ?? undefined;
}

export const applyHandlers: Pick<Handlers, keyof typeof APPLY_METHODS> = {
  'bucket.lifecycle': ({ bucket, remote }, { signal }) =>
    withConnection(remote, bucket, signal, async (connection) => {
      const stored = await getLifecycle(connection, bucket, signal);
      return stored.ok ? ok(withHash(stored.value)) : stored;
    }),

  'policy.plan': async (
    { index, snapshotId, bucket, policy, minimumSize, remote, consents, stage, expiresInHours, region },
    { environment, signal, progress },
  ) => {
    const reader = openIndex(index);
    if (!reader.ok) return reader;
    const snapshot = reader.value.snapshot(snapshotId);
    if (!snapshot.ok) return snapshot;
    const workspace = readWorkspace(index);
    const keys = listKeys(environment.dataDir);
    if (!keys.ok) return keys;
    const now = environment.now();
    const foresee = async (sides: Sides, bucketRegion: string): Promise<Result<Foreseen>> => {
      const known = remote.endpoint === undefined ? bucketRegion : null;
      const prices = await choosePrices(environment, region, snapshot.value.region, known);
      if (!prices.ok) return prices;
      const question = { reader: reader.value, snapshot: snapshot.value, sides, prices: prices.value, now, months: PLAN_MONTHS };
      return foreseePlan(question, { signal, progress });
    };
    const person = environment.person ?? 'unknown';
    const made = await makePlan(
      {
        bucket,
        policy,
        minimumSize,
        remote,
        stage,
        consents,
        expiresInHours,
        limits: workspace.ok ? workspace.value.limits : DEFAULT_LIMITS,
        author: { name: person, keyIds: keys.value.map(({ keyId }) => keyId) },
        snapshot: snapshot.value,
        engineVersion: environment.version,
        now,
        foresee,
      },
      signal,
    );
    if (!made.ok) return made;
    const { hash } = made.value;
    noteMade(environment.dataDir, hash, { index, snapshotId: snapshot.value.snapshotId });
    keepPlan(index, made.value);
    const { versions, bytes } = made.value.destroyed;
    const details = { deletes: `${versions} versions, ${bytes} bytes`, stage: stage.name };
    const noted = appendEvent(environment.dataDir, environment.now(), { event: 'planned', by: person, bucket, subject: hash, details });
    return noted.ok ? made : noted;
  },

  'plan.check': async ({ plan }, { environment }) => {
    const checked = checkPlan(plan);
    return checked.ok ? ok({ isExpired: Date.parse(plan.expiresAt) <= environment.now().getTime() }) : checked;
  },

  'policy.apply': async ({ plan, hash, confirmation, approvals, consents, index, remote }, context) => {
    const { environment, signal } = context;
    const made = whereMade(environment.dataDir, plan.hash) ?? undefined;
    const at = index ?? made?.index;
    const workspace = at === undefined ? null : readWorkspace(at);
    // A workspace that was named has to be there; one that is only remembered may be gone.
    if (workspace !== null && !workspace.ok && index !== undefined) return workspace;
    const order = { plan, hash, confirmation, approvals, consents, workspace: workspace?.ok ? workspace.value : null };
    const applied = await applyPlan(order, remote, contextOf(environment), signal);
    const told = await withAlteredEffect(applied, plan.target.bucket, index === undefined ? made : { index }, context);
    mirror(environment, at, plan.target.bucket);
    return told;
  },

  'policy.rollback': async ({ bucket, to, which, overChanges, confirmation, index, remote }, context) => {
    const { environment, signal } = context;
    const at = indexOfEntry(environment, to, index);
    const done = await rollback({ bucket, to, which, overChanges, confirmation }, remote, contextOf(environment), signal);
    const told = await withAlteredEffect(done, bucket, at === undefined ? at : { index: at }, context);
    mirror(environment, at, bucket);
    return told;
  },

  'apply.unfinished': ({ bucket, remote }, { environment, signal }) => listUnfinished(contextOf(environment), remote, bucket, signal),

  'apply.recover': async ({ bucket, journalId, act, index, remote }, context) => {
    const { environment, signal } = context;
    const at = indexOfEntry(environment, journalId, index);
    const done = await recover(bucket, journalId, act, remote, contextOf(environment), signal);
    const told = await withAlteredEffect(done, bucket, at === undefined ? at : { index: at }, context);
    mirror(environment, at, bucket);
    return told;
  },

  'journal.list': async ({ bucket }, { environment }) => {
    const journal = readJournal(environment.dataDir);
    return journal.ok ? ok(operations(journal.value, bucket)) : journal;
  },

  'audit.verify': async ({ head, index }, { environment }) => verifyAudit(environment.dataDir, head, index),
};
