import type { PublicKey } from '../../contract/approval.ts';
import type { EvidenceManifest, EvidenceSignature, ScopeCounts } from '../../contract/evidence.ts';
import type { LifecycleConfiguration } from '../../contract/lifecycle.ts';
import type { Proof, Statement } from '../../contract/prove.ts';
import { ok, type Result } from '../../contract/result.ts';
import type { ScheduleFile } from '../../contract/retention.ts';
import { evidenceFace } from '../../core/evidence/face.ts';
import { witnessLines } from '../../core/evidence/witnesses.ts';
import { joinParts, type ZipEntry, zipParts } from '../../core/evidence/zip.ts';
import { canonicalJson } from '../apply/hash.ts';
import type { Purpose } from '../keys/keys.ts';
import { type Leaf, merkleRoot, sha256Of } from './merkle.ts';

export const FACE = 'report.html';
export const MANIFEST = 'manifest.json';
export const SIGNATURE = 'signature.json';
export const STATEMENTS = 'statements.json';
export const CONFIGURATION = 'lifecycle.json';
export const PROOFS = 'proofs.json';

export const EVIDENCE: Purpose = 'isotherm-evidence/1';
/** What is signed: the root, and the name the signer goes by. */
export const signedText = (root: string, { keyId, name }: Pick<PublicKey, 'keyId' | 'name'>): string => `${root}\n${keyId}\n${name}`;

/** Everything a bundle says. Equal content gives equal bytes. */
export interface BundleContent {
  readonly manifest: Omit<EvidenceManifest, 'files'>;
  readonly statements: readonly Statement[];
  readonly schedules: ScheduleFile | null;
  readonly configuration: LifecycleConfiguration | null;
  readonly proofs: readonly Proof[];
  readonly scopes: readonly ScopeCounts[];
}

/** JSON for people and machines: two spaces, members in one order, a line end. */
const jsonFile = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(JSON.parse(canonicalJson(value)), null, 2)}\n`);
export const leafOf = ({ name, bytes }: ZipEntry): Leaf => ({ name, sha256: sha256Of(bytes).toString('hex') });

export const signatureFile = (signature: EvidenceSignature): Buffer => jsonFile(signature);

export type Signer = (root: string) => Result<{ readonly key: PublicKey; readonly signature: string } | null>;

export interface Bundle {
  readonly bytes: Uint8Array;
  readonly root: string;
  readonly signer: PublicKey | null;
  readonly files: EvidenceManifest['files'];
}

/** Puts a bundle together: the files, the manifest over them, the tree over both, the signature over its root. */
export function makeBundle(content: BundleContent, sign: Signer): Result<Bundle> {
  const { manifest, statements, schedules, configuration, proofs, scopes } = content;
  const files: ZipEntry[] = [
    { name: FACE, bytes: Buffer.from(evidenceFace({ manifest, proofs, scopes, configuration })) },
    { name: STATEMENTS, bytes: jsonFile(statements) },
    { name: PROOFS, bytes: jsonFile(proofs) },
    { name: 'scopes.json', bytes: jsonFile(scopes) },
    { name: CONFIGURATION, bytes: jsonFile(configuration) },
    ...(schedules === null ? [] : [{ name: 'schedules.json', bytes: jsonFile(schedules) }]),
    { name: 'witnesses.csv', bytes: Buffer.from(witnessLines(proofs)) },
  ];
  const listed = files.map((file) => ({ ...leafOf(file), sizeBytes: file.bytes.length }));
  const entries: ZipEntry[] = [{ name: MANIFEST, bytes: jsonFile({ ...manifest, files: listed } satisfies EvidenceManifest) }, ...files];
  const leaves = entries.map(leafOf);
  const root = merkleRoot(leaves);
  const signed = sign(root);
  if (!signed.ok) return signed;
  const signature: EvidenceSignature = {
    format: 'isotherm-evidence-signature/1',
    leaves,
    root,
    signer: signed.value?.key ?? null,
    signature: signed.value?.signature ?? null,
  };
  const bytes = joinParts(zipParts([...entries, { name: SIGNATURE, bytes: signatureFile(signature) }]));
  return ok({ bytes, root, signer: signature.signer, files: listed });
}
