import * as v from 'valibot';
import { Instant, Whole } from './units.ts';

/** First 16 hex digits of the SHA-256 of a public key. */
export const KeyId = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/, 'is not the id of a key'));

/** A signing key as others see it. */
export const PublicKeySchema = v.strictObject({
  keyId: KeyId,
  name: v.string(),
  /** The 32 bytes of an Ed25519 public key (RFC 8032), base64. */
  publicKey: v.string(),
});
export type PublicKey = v.InferOutput<typeof PublicKeySchema>;

/** A key pair of this machine; the private half stays in the data folder. */
export const OwnKeySchema = v.strictObject({
  ...PublicKeySchema.entries,
  madeAt: Instant,
  /** Whether a passphrase is needed to sign. */
  isLocked: v.boolean(),
  /** One line to hand to a workspace: "isotherm-ed25519 KEY NAME". */
  line: v.string(),
});
export type OwnKey = v.InferOutput<typeof OwnKeySchema>;

/** Somebody whose approvals a workspace takes. */
export const ApproverSchema = v.strictObject({ ...PublicKeySchema.entries, addedAt: Instant });
export type Approver = v.InferOutput<typeof ApproverSchema>;

/** A second person's yes to one plan, made without a network. Sealed like a plan; the signature is over the hash. */
export const ApprovalSchema = v.strictObject({
  format: v.literal('isotherm-approval/1'),
  planHash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'is not the hash of a plan')),
  /** What was approved, so that the file can be read without the plan. */
  bucket: v.string(),
  versions: Whole,
  bytes: Whole,
  approver: v.strictObject({ keyId: KeyId, name: v.string() }),
  approvedAt: Instant,
  expiresAt: Instant,
  note: v.string(),
  seals: v.record(v.string(), v.string()),
  hash: v.string(),
  /** Ed25519 over "isotherm-approval/1", a line break and the hash; base64. */
  signature: v.string(),
});
export type Approval = v.InferOutput<typeof ApprovalSchema>;
