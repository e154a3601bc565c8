import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { appError } from '../../contract/errors.ts';
import type { EvidenceBuilt, EvidenceManifest } from '../../contract/evidence.ts';
import type { Params } from '../../contract/methods.ts';
import type { Statement } from '../../contract/prove.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { canonicalText } from '../../core/policy/canonical.ts';
import { proofRules } from '../../core/prove/context.ts';
import { scopeCounts } from '../../core/prove/scope-counts.ts';
import { scheduleStatements } from '../../core/retention/coverage.ts';
import { resolveSchedules } from '../../core/retention/schedules.ts';
import { canonicalJson, sha256 } from '../apply/hash.ts';
import type { EngineEnvironment } from '../engine/handler.ts';
import { type ProvedRun, runProofs } from '../engine/prove-run.ts';
import { signWith } from '../keys/keys.ts';
import { loadRegimes } from '../regimes.ts';
import { EVIDENCE, makeBundle, type Signer, signedText } from './bundle.ts';
import { lastRoot, noteBundle } from './chain.ts';

type Order = Params<'evidence.build'>;

function manifestOf(
  order: Order,
  bucket: string,
  { run, snapshot }: ProvedRun,
  createdAt: string,
  appVersion: string,
  previousRoot: string | null,
): Omit<EvidenceManifest, 'files'> {
  const inputs: EvidenceManifest['inputs'] = [
    {
      what: 'Lifecycle configuration, by meaning',
      algorithm: 'SHA-256',
      hash: sha256(canonicalText(run.configuration, run.facts.minimumSize)),
    },
    { what: 'Statements as asked', algorithm: 'SHA-256', hash: sha256(canonicalJson(order.statements)) },
  ];
  if (snapshot?.manifestMd5) inputs.unshift({ what: 'manifest.json of the inventory', algorithm: 'MD5', hash: snapshot.manifestMd5 });
  return {
    format: 'isotherm-evidence/1',
    title: order.title,
    createdAt,
    appVersion,
    bucket,
    region: order.region ?? snapshot?.region ?? null,
    account: order.account ?? null,
    asOf: run.asOf,
    facts: run.facts,
    states: run.states,
    snapshot,
    inputs,
    counts: run.counts,
    reviewers: [...order.reviewers],
    previousRoot,
  };
}

/** Writes a new file whole or not at all; a file that is there already is never replaced. */
function writeNew(path: string, bytes: Uint8Array): Result<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    const handle = openSync(temporary, 'w');
    try {
      writeSync(handle, bytes);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    placeNew(temporary, path);
    return ok(undefined);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : '';
    if (code === 'EEXIST') return err(alreadyThere(path));
    return err(
      appError(code === 'ENOSPC' ? 'DiskFull' : 'FileUnwritable', 'The bundle cannot be written.', { file: path, detail: String(cause) }),
    );
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** A link never replaces a file; where there are no links, a look comes before the rename. */
function placeNew(temporary: string, path: string): void {
  try {
    linkSync(temporary, path);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') throw cause;
    if (existsSync(path)) throw Object.assign(new Error('the file exists'), { code: 'EEXIST' });
    renameSync(temporary, path);
  }
}

const alreadyThere = (file: string) =>
  appError('FileUnwritable', 'There is a file of this name already; evidence is never replaced.', { file, next: 'Name another file.' });

/** What is asked by itself and what schedules ask. */
async function statementsOf({ statements, schedules }: Order, resourcesDir: string): Promise<Result<Statement[]>> {
  if (schedules === undefined)
    return statements.length > 0
      ? ok([...statements])
      : err(appError('Usage', 'There is nothing to decide.', { field: 'statements', next: 'Name statements or retention schedules.' }));
  const regimes = await loadRegimes(resourcesDir);
  if (!regimes.ok) return regimes;
  const resolved = resolveSchedules(schedules.schedules, regimes.value.regimes);
  return resolved.ok ? ok([...statements, ...scheduleStatements(schedules.schedules, resolved.value)]) : resolved;
}

/** Decides, gathers, signs and writes one bundle. */
export async function buildEvidence(given: Order, environment: EngineEnvironment, signal: AbortSignal): Promise<Result<EvidenceBuilt>> {
  const path = resolve(given.out);
  if (existsSync(path)) return err(alreadyThere(path));
  const asked = await statementsOf(given, environment.resourcesDir);
  if (!asked.ok) return asked;
  const order = { ...given, statements: asked.value };
  const proved = runProofs(order, environment.now(), signal);
  if (!proved.ok) return proved;
  const { run, input, snapshot } = proved.value;
  const bucket = order.bucket ?? snapshot?.bucket;
  if (bucket === undefined)
    return err(
      appError('Usage', 'Which bucket the evidence is about is not told.', {
        field: 'bucket',
        next: 'Name the bucket, or an index of it.',
      }),
    );
  if (snapshot !== null && snapshot.bucket !== bucket) {
    const message = `The index is of bucket "${snapshot.bucket}", not of "${bucket}".`;
    return err(appError('Usage', message, { field: 'bucket', next: 'Name the bucket the inventory is of.' }));
  }
  const previous = order.previousRoot === undefined ? lastRoot(environment.dataDir, bucket) : ok(order.previousRoot);
  if (!previous.ok) return previous;
  const rules = proofRules(run.configuration);
  const scopes = [];
  for (const statement of input.snapshot === undefined ? [] : order.statements) {
    const counted = scopeCounts(statement, rules, run.facts, input.snapshot as NonNullable<typeof input.snapshot>);
    if (!counted.ok) return counted;
    scopes.push(counted.value);
  }
  const createdAt = order.at ?? environment.now().toISOString();
  const sign: Signer = (root) =>
    order.unsigned
      ? ok(null)
      : signWith(environment.dataDir, { keyId: order.keyId, passphrase: order.passphrase }, EVIDENCE, (key) => signedText(root, key));
  const manifest = manifestOf(order, bucket, proved.value, createdAt, environment.version, previous.value);
  const made = makeBundle(
    {
      manifest,
      statements: order.statements,
      schedules: order.schedules ?? null,
      configuration: run.configuration,
      proofs: run.proofs,
      scopes,
    },
    sign,
  );
  if (!made.ok) return made;
  const { bytes, root, signer, files } = made.value;
  const written = writeNew(path, bytes);
  if (!written.ok) return written;
  const noted = noteBundle(environment.dataDir, { bucket, root, createdAt, file: path });
  if (!noted.ok) return noted;
  return ok({ file: path, sizeBytes: bytes.length, root, previousRoot: previous.value, signer, counts: run.counts, files });
}
