import type { Approval, PublicKey } from '../../contract/approval.ts';
import { type AppError, appError } from '../../contract/errors.ts';
import type { Plan } from '../../contract/plan.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { isSignature, type KeyChoice, signWith } from '../keys/keys.ts';
import { checkSeals, seal } from './seal.ts';

const HOUR_MS = 3_600_000;

const PURPOSE = 'isotherm-approval/1' as const;

/** What can be approved: a plan, or a batch job with what it touches for what it destroys. */
export type Approvable = Pick<Plan, 'hash' | 'author' | 'expiresAt' | 'destroyed'> & { readonly target: { readonly bucket: string } };

export interface ApprovalOrder extends KeyChoice {
  readonly plan: Approvable;
  readonly hours: number;
  readonly note: string;
  readonly now: Date;
}

/** Approves a plan with a key of this machine. Needs neither a network nor the workspace. The author's own keys are refused. */
export function approve(dataDir: string, order: ApprovalOrder): Result<Approval> {
  const { plan, now, hours, note } = order;
  /** The signature is over the hash of the seals, and so over everything. */
  const unsigned = (key: PublicKey) =>
    seal({
      format: PURPOSE,
      planHash: plan.hash,
      bucket: plan.target.bucket,
      versions: plan.destroyed.versions,
      bytes: plan.destroyed.bytes,
      approver: { keyId: key.keyId, name: key.name },
      approvedAt: now.toISOString(),
      expiresAt: new Date(Math.min(now.getTime() + hours * HOUR_MS, Date.parse(plan.expiresAt))).toISOString(),
      note,
    });
  const signed = signWith(dataDir, order, PURPOSE, (key) => unsigned(key).hash);
  if (!signed.ok) return signed;
  const { key, signature } = signed.value;
  if (plan.author.keyIds.includes(key.keyId)) {
    return err(
      appError('ApprovalInvalid', `The key ${key.keyId} (${key.name}) belongs to the author of the plan; somebody else has to approve it.`),
    );
  }
  return ok({ ...unsigned(key), signature });
}

/** Whether an approval holds for a plan, now, by one of these approvers; its first fault otherwise, with the field. */
export function checkApproval(approval: Approval, plan: Approvable, approvers: readonly PublicKey[], now: Date): Result<PublicKey> {
  const { signature, ...sealed } = approval;
  const sound = checkSeals(sealed, 'ApprovalInvalid', 'approval');
  if (!sound.ok) return sound;
  const invalid = (message: string, field: string): { ok: false; error: AppError } => err(appError('ApprovalInvalid', message, { field }));
  const who = `${approval.approver.name} (${approval.approver.keyId})`;
  const approver = approvers.find(({ keyId }) => keyId === approval.approver.keyId);
  if (approver === undefined) {
    return invalid(`${who} is not among the approvers of this workspace.`, 'approver.keyId');
  }
  if (!isSignature(approver.publicKey, PURPOSE, sealed.hash, signature)) {
    return invalid(`The signature is not that of ${who} over this approval: the file was changed, or signed by someone else.`, 'signature');
  }
  if (approval.planHash !== plan.hash) return invalid(`The approval of ${who} is of another plan: ${approval.planHash}.`, 'planHash');
  if (plan.author.keyIds.includes(approver.keyId))
    return invalid(`${who} is the author of the plan; somebody else has to approve it.`, 'approver');
  if (Date.parse(approval.expiresAt) <= now.getTime())
    return invalid(`The approval of ${who} expired at ${approval.expiresAt}.`, 'expiresAt');
  if (Date.parse(approval.approvedAt) > now.getTime() + HOUR_MS) {
    return invalid(`The approval of ${who} is dated ${approval.approvedAt}, which is still to come.`, 'approvedAt');
  }
  return ok(approver);
}
