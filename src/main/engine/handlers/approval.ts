import { appError } from '../../../contract/errors.ts';
import type { AuditEvent } from '../../../contract/journal.ts';
import type { APPROVAL_METHODS } from '../../../contract/methods/approval.ts';
import type { Limits } from '../../../contract/plan.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import { checkPlan } from '../../apply/apply.ts';
import { approve } from '../../apply/approval.ts';
import { appendEvent } from '../../apply/journal.ts';
import { checkSeals } from '../../apply/seal.ts';
import { addApprover, readWorkspace, removeApprover, setLimits } from '../../index/workspace.ts';
import { approvable } from '../../jobs/approvable.ts';
import { listKeys, makeKey, parseKeyLine } from '../../keys/keys.ts';
import type { EngineEnvironment, Handlers } from '../handler.ts';

type Noted = Pick<AuditEvent, 'event' | 'subject' | 'details'> & { readonly bucket?: string };

/** What was done goes into the audit trail; what cannot be noted counts as failed, so that nothing is done unseen. */
function noted<T>(result: Result<T>, environment: EngineEnvironment, event: (value: T) => Noted): Result<T> {
  if (!result.ok) return result;
  const { bucket = null, ...rest } = event(result.value);
  const line = appendEvent(environment.dataDir, environment.now(), { ...rest, bucket, by: environment.person ?? 'unknown' });
  return line.ok ? result : line;
}

export const approvalHandlers: Pick<Handlers, keyof typeof APPROVAL_METHODS> = {
  'keys.list': async (_params, { environment }) => listKeys(environment.dataDir),

  'keys.make': async ({ name, passphrase }, { environment }) =>
    noted(makeKey(environment.dataDir, name, passphrase, environment.now()), environment, (key) => ({
      event: 'keyMade',
      subject: key.keyId,
      details: { name },
    })),

  'approvers.list': async ({ index }) => {
    const workspace = readWorkspace(index);
    return workspace.ok ? ok(workspace.value.approvers) : workspace;
  },

  'approvers.add': async ({ index, line }, { environment }) => {
    const key = parseKeyLine(line);
    if (!key.ok) return key;
    const { keyId, name } = key.value;
    return noted(addApprover(index, key.value, environment.now()), environment, () => ({
      event: 'approverAdded',
      subject: keyId,
      details: { name },
    }));
  },

  'approvers.remove': async ({ index, keyId }, { environment }) =>
    noted(removeApprover(index, keyId), environment, () => ({ event: 'approverRemoved', subject: keyId, details: {} })),

  'limits.get': async ({ index }) => {
    const workspace = readWorkspace(index);
    return workspace.ok ? ok(workspace.value.limits) : workspace;
  },

  'limits.set': async ({ index, limits }, { environment }) =>
    noted(setLimits(index, limits as Partial<Limits>), environment, () => ({
      event: 'limitsSet',
      subject: 'limits',
      details: Object.fromEntries(Object.entries(limits).map(([name, value]) => [name, String(value)])),
    })),

  'approval.make': async ({ plan, hash, keyId, passphrase, hours, note }, { environment }) => {
    const checked = plan.format === 'isotherm-job/1' ? checkSeals(plan, 'PlanHashMismatch', 'job plan') : checkPlan(plan);
    if (!checked.ok) return checked;
    if (hash !== plan.hash) return err(appError('PlanHashMismatch', `The plan has the hash ${plan.hash}, not ${hash}.`, { field: 'hash' }));
    const now = environment.now();
    if (Date.parse(plan.expiresAt) <= now.getTime()) return err(appError('PlanExpired', `The plan expired at ${plan.expiresAt}.`));
    const subject = plan.format === 'isotherm-job/1' ? approvable(plan) : plan;
    return noted(approve(environment.dataDir, { plan: subject, keyId, passphrase, hours, note, now }), environment, (approval) => ({
      event: 'approved',
      bucket: plan.target.bucket,
      subject: plan.hash,
      details: { key: approval.approver.keyId, name: approval.approver.name },
    }));
  },
};
