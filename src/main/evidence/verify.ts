import * as v from 'valibot';
import {
  type EvidenceCheck,
  type EvidenceFault,
  EvidenceManifestSchema,
  type EvidenceSignature,
  EvidenceSignatureSchema,
} from '../../contract/evidence.ts';
import { LifecycleConfigurationSchema } from '../../contract/lifecycle.ts';
import { type ProofPart, ProofSchema, StatementSchema } from '../../contract/prove.ts';
import { checksumsOf, differences, entriesByDirectory, entriesByHeaders, type ZipEntry, zipParts } from '../../core/evidence/zip.ts';
import { dayOfDate, proofRules } from '../../core/prove/context.ts';
import { anyPart } from '../../core/prove/prove.ts';
import { canonicalJson } from '../apply/hash.ts';
import { isSignature, keyIdOf } from '../keys/keys.ts';
import { CONFIGURATION, EVIDENCE, leafOf, MANIFEST, PROOFS, SIGNATURE, STATEMENTS, signatureFile, signedText } from './bundle.ts';
import { merkleRoot } from './merkle.ts';

const fault = (where: string, words: string, offset: number | null = null): EvidenceFault => ({ where, words, offset });

function parsed<T>(entries: readonly ZipEntry[], name: string, schema: v.GenericSchema<unknown, T>): T | null {
  const entry = entries.find((one) => one.name === name);
  if (entry === undefined) return null;
  try {
    const result = v.safeParse(schema, JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(entry.bytes)));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

/** What the files say of each other, whatever holds them. */
interface Contents {
  readonly entries: readonly ZipEntry[];
  readonly signature: EvidenceSignature | null;
  readonly faults: EvidenceFault[];
}

const isSigned = ({ signer, signature, root }: EvidenceSignature): boolean => {
  if (signer === null || signature === null) return signer === null && signature === null;
  return keyIdOf(signer.publicKey) === signer.keyId && isSignature(signer.publicKey, EVIDENCE, signedText(root, signer), signature);
};

/** Whether signature.json is, by itself, as it was made: its text, its tree and its signature agree. */
function isWhole(signature: EvidenceSignature, entry: ZipEntry): boolean {
  return (
    merkleRoot(signature.leaves) === signature.root &&
    isSigned(signature) &&
    Buffer.compare(signatureFile(signature), Buffer.from(entry.bytes)) === 0
  );
}

function contentsOf(entries: readonly ZipEntry[]): Contents {
  const faults: EvidenceFault[] = [];
  const entry = entries.find(({ name }) => name === SIGNATURE);
  const signature = parsed(entries, SIGNATURE, EvidenceSignatureSchema);
  const files = entries.filter(({ name }) => name !== SIGNATURE);
  const actual = new Map(files.map((file) => [file.name, leafOf(file).sha256]));
  const listed = parsed(entries, MANIFEST, EvidenceManifestSchema)?.files ?? [];
  // Files that the manifest knows too are told from a signature that was changed.
  const known = signature !== null && entry !== undefined && isWhole(signature, entry) ? signature.leaves : null;
  if (known === null) {
    faults.push(
      fault(SIGNATURE, entry === undefined ? 'is missing' : 'is not as it was made: its tree, its signature or its text do not agree'),
    );
    for (const { name, sha256 } of listed) if (actual.get(name) !== sha256) faults.push(fault(name, 'is not what the manifest lists'));
  } else {
    for (const { name, sha256 } of known) {
      if (actual.get(name) !== sha256) faults.push(fault(name, actual.has(name) ? 'was changed after it was signed' : 'is missing'));
    }
    for (const name of actual.keys())
      if (!known.some((leaf) => leaf.name === name)) faults.push(fault(name, 'was added after it was signed'));
  }
  return { entries, signature, faults };
}

/** The reading of the container whose files agree with each other best: a bit flipped in one directory leaves the other whole. */
function bestContents(file: Uint8Array): Contents | null {
  const readings = [entriesByDirectory(file), entriesByHeaders(file)].filter((entries) => entries !== null).map(contentsOf);
  readings.sort((a, b) => a.faults.length - b.faults.length);
  return readings[0] ?? null;
}

/** What was decided, without the words it was told in: those may be other ones in another version of the program. */
function decidedFacts(part: ProofPart | null): string {
  if (part === null) return 'not asked';
  const { words: _words, ...facts } = part.counterexample ?? { words: '' };
  return canonicalJson({ verdict: part.verdict, facts });
}

/** Decides the halves over any key again: they follow from the bundle alone. */
function redecide(entries: readonly ZipEntry[]): EvidenceCheck['redecided'] {
  const manifest = parsed(entries, MANIFEST, EvidenceManifestSchema);
  const statements = parsed(entries, STATEMENTS, v.array(StatementSchema));
  const configuration = parsed(entries, CONFIGURATION, v.nullable(LifecycleConfigurationSchema));
  const proofs = parsed(entries, PROOFS, v.array(ProofSchema));
  if (manifest === null || statements === null || proofs === null) return { statements: 0, differing: [] };
  const rules = proofRules(configuration);
  const about = { facts: manifest.facts, asOfDay: dayOfDate(manifest.asOf) };
  const differing = statements.filter((statement, at) => {
    const told = proofs[at];
    const isAsked = canonicalJson(told?.statement) === canonicalJson(statement);
    return !isAsked || decidedFacts(anyPart(statement, rules, manifest.states, about)) !== decidedFacts(told?.any ?? null);
  });
  return { statements: statements.length, differing: differing.map(({ id }) => id) };
}

export interface VerifyOptions {
  /** The public key or the id of it that must have signed. */
  readonly signer?: { readonly keyId: string; readonly publicKey?: string } | undefined;
  /** The bytes of the bundle before. */
  readonly previous?: Uint8Array | undefined;
}

/** Checks a bundle by itself, and names what is not as it was made. */
export function verifyBundle(file: Uint8Array, options: VerifyOptions = {}): EvidenceCheck {
  const contents = bestContents(file);
  if (contents === null) {
    const nothing = { root: null, previousRoot: null, signer: null, signerIsTrusted: null, followsPrevious: null, manifest: null };
    return {
      ok: false,
      faults: [fault('zip', 'this is no bundle: neither end of the container can be read')],
      ...nothing,
      redecided: { statements: 0, differing: [] },
      notes: [],
    };
  }
  const { entries, signature, faults } = contents;
  // The container still has the checksum of what a changed file was.
  const told = new Set(faults.flatMap(({ where }) => checksumsOf(where)));
  for (const { where, offset } of differences(file, zipParts(entries))) {
    if (!told.has(where)) faults.push(fault(where, 'this byte is not the one the container must have', offset));
  }
  const manifest = parsed(entries, MANIFEST, EvidenceManifestSchema);
  if (manifest === null && faults.length === 0) faults.push(fault(MANIFEST, 'does not have the form it must have'));
  const redecided = redecide(entries);
  for (const id of faults.length === 0 ? redecided.differing : []) {
    faults.push(fault(PROOFS, `the answer to "${id}" over any key comes out otherwise when it is decided again`));
  }
  const signer = signature?.signer ?? null;
  const signerIsTrusted = options.signer === undefined ? null : isSigner(signer, options.signer);
  if (signerIsTrusted === false)
    faults.push(
      fault(SIGNATURE, signer === null ? 'the bundle is not signed' : `the key ${signer.keyId} signed it, not the one asked for`),
    );
  const previous = options.previous === undefined ? undefined : (bestContents(options.previous)?.signature?.root ?? null);
  const followsPrevious = previous === undefined ? null : previous !== null && manifest?.previousRoot === previous;
  if (followsPrevious === false) faults.push(fault(MANIFEST, 'the bundle given as the one before is not the one it names'));
  return {
    ok: faults.length === 0,
    faults,
    root: signature?.root ?? null,
    previousRoot: manifest?.previousRoot ?? null,
    signer,
    signerIsTrusted,
    followsPrevious,
    manifest,
    redecided,
    notes: notesOf(signer, signerIsTrusted, followsPrevious, manifest),
  };
}

const isSigner = (signer: EvidenceCheck['signer'], asked: NonNullable<VerifyOptions['signer']>): boolean =>
  signer !== null && signer.keyId === asked.keyId && (asked.publicKey === undefined || signer.publicKey === asked.publicKey);

function notesOf(
  signer: EvidenceCheck['signer'],
  trusted: boolean | null,
  follows: boolean | null,
  manifest: EvidenceCheck['manifest'],
): string[] {
  const notes: string[] = [];
  if (signer === null) notes.push('The bundle is not signed: that it is whole does not say who made it.');
  else if (trusted === null)
    notes.push(
      `Signed by the key ${signer.keyId} (${signer.name}); compare it with one you were given by other means, or pass it with --signer.`,
    );
  if (manifest !== null && manifest.previousRoot !== null && follows === null)
    notes.push('It names a bundle before it; pass that with --previous to check the chain.');
  if (manifest?.snapshot !== null && manifest !== null)
    notes.push('Answers about existing versions rest on the inventory named in it and are not decided again here.');
  return notes;
}
