import * as v from 'valibot';
import { PublicKeySchema } from './approval.ts';
import { SnapshotSchema } from './index-views.ts';
import { DateText, KNOWN_VERSIONINGS, ProofFactsSchema } from './prove.ts';
import { Instant, Whole } from './units.ts';

export const Sha256Hex = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'is not a SHA-256'));

const HashedFile = { name: v.string(), sizeBytes: Whole, sha256: Sha256Hex };

/** What one statement is about, counted in the snapshot: what a reviewer asks before reading a verdict. */
export const ScopeCountsSchema = v.strictObject({
  statementId: v.string(),
  versions: Whole,
  noncurrentVersions: Whole,
  deleteMarkers: Whole,
  bytes: Whole,
  oldestWrite: v.nullable(DateText),
  newestWrite: v.nullable(DateText),
  byClass: v.array(v.strictObject({ storageClass: v.string(), versions: Whole, bytes: Whole })),
  /** Versions under retention that ends, under a hold, and under neither; null where the report does not tell. */
  locks: v.nullable(
    v.strictObject({
      retained: Whole,
      held: Whole,
      notLocked: Whole,
      firstEnd: v.nullable(DateText),
      lastEnd: v.nullable(DateText),
    }),
  ),
  /** Versions whose replication is pending or failed; null where the report does not tell. */
  replicationBlocked: v.nullable(Whole),
  /** Enabled rules, foreign ones too, whose filters meet the scope. */
  rules: v.array(v.string()),
});
export type ScopeCounts = v.InferOutput<typeof ScopeCountsSchema>;

/** `manifest.json` of a bundle: what it is about and the hash of everything else in it. */
export const EvidenceManifestSchema = v.strictObject({
  format: v.literal('isotherm-evidence/1'),
  title: v.string(),
  createdAt: Instant,
  appVersion: v.string(),
  bucket: v.string(),
  region: v.nullable(v.string()),
  account: v.nullable(v.string()),
  asOf: DateText,
  facts: ProofFactsSchema,
  /** The states of versioning the answers hold for. */
  states: v.array(v.picklist(KNOWN_VERSIONINGS)),
  /** The snapshot's own record; null where only what any key could meet was asked. */
  snapshot: v.nullable(SnapshotSchema),
  /** What was looked at, by hash: the inventory manifest, the configuration by meaning, the statements as asked. */
  inputs: v.array(v.strictObject({ what: v.string(), algorithm: v.picklist(['MD5', 'SHA-256']), hash: v.string() })),
  counts: v.strictObject({ PROVED: Whole, COUNTEREXAMPLE: Whole, INSUFFICIENT: Whole }),
  /** Who looked at it, as they are named by the one who made the bundle. */
  reviewers: v.array(v.string()),
  /** The root of the bundle before this one; null for the first. */
  previousRoot: v.nullable(Sha256Hex),
  files: v.array(v.strictObject(HashedFile)),
});
export type EvidenceManifest = v.InferOutput<typeof EvidenceManifestSchema>;

/** `signature.json`: the leaves of the tree, its root, and who signed the root. */
export const EvidenceSignatureSchema = v.strictObject({
  format: v.literal('isotherm-evidence-signature/1'),
  leaves: v.array(v.strictObject({ name: v.string(), sha256: Sha256Hex })),
  /** Merkle root over the leaves in order (RFC 6962 2.1: 0x00 before a leaf, 0x01 before two nodes). */
  root: Sha256Hex,
  signer: v.nullable(PublicKeySchema),
  /** Ed25519 over the lines "isotherm-evidence/1", root, id and name of the key; base64. Null where the bundle is not signed. */
  signature: v.nullable(v.string()),
});
export type EvidenceSignature = v.InferOutput<typeof EvidenceSignatureSchema>;

export const EvidenceBuiltSchema = v.strictObject({
  file: v.string(),
  sizeBytes: Whole,
  root: Sha256Hex,
  previousRoot: v.nullable(Sha256Hex),
  signer: v.nullable(PublicKeySchema),
  counts: EvidenceManifestSchema.entries.counts,
  files: v.array(v.strictObject(HashedFile)),
});
export type EvidenceBuilt = v.InferOutput<typeof EvidenceBuiltSchema>;

/** A place in a bundle that is not as it was made. `offset`: the first byte at fault in the file, where it is a byte. */
export const EvidenceFaultSchema = v.strictObject({ where: v.string(), words: v.string(), offset: v.nullable(Whole) });
export type EvidenceFault = v.InferOutput<typeof EvidenceFaultSchema>;

export const EvidenceCheckSchema = v.strictObject({
  /** Nothing is at fault: container, files, tree, signature, and where asked the key and the chain. */
  ok: v.boolean(),
  faults: v.array(EvidenceFaultSchema),
  root: v.nullable(Sha256Hex),
  previousRoot: v.nullable(Sha256Hex),
  signer: v.nullable(PublicKeySchema),
  /** Whether the signer is the one asked for; null where nobody was asked for. */
  signerIsTrusted: v.nullable(v.boolean()),
  /** Whether the bundle given as the one before is the one before; null where none was given. */
  followsPrevious: v.nullable(v.boolean()),
  manifest: v.nullable(EvidenceManifestSchema),
  /** Answers over any key decided again from the bundle alone: how many, and the statements that came out otherwise. */
  redecided: v.strictObject({ statements: Whole, differing: v.array(v.string()) }),
  notes: v.array(v.string()),
});
export type EvidenceCheck = v.InferOutput<typeof EvidenceCheckSchema>;
