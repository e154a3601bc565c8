import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { type OwnKey, OwnKeySchema, type PublicKey } from '../../contract/approval.ts';
import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';

const WORD = 'isotherm-ed25519';
/** The SubjectPublicKeyInfo of Ed25519 before its 32 bytes (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const LINE = new RegExp(`^${WORD} ([A-Za-z0-9+/]{43}=) (.{1,200})$`);

const KeyFileSchema = v.strictObject({ ...OwnKeySchema.entries, privateKey: v.string() });

const folderOf = (dataDir: string): string => join(dataDir, 'keys');

/** First 16 hex digits of the SHA-256 of a public key (base64). */
export const keyIdOf = (publicKey: string): string =>
  createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex').slice(0, 16);

/** A public key as an object to verify with, or null where it is none. */
function publicKeyObject(publicKey: string): KeyObject | null {
  const raw = Buffer.from(publicKey, 'base64');
  if (raw.length !== 32 || raw.toString('base64') !== publicKey) return null;
  return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' });
}

/** What a signature stands under, so that one made for an approval serves for nothing else. */
export type Purpose = 'isotherm-approval/1' | 'isotherm-evidence/1';

const signedBytes = (purpose: Purpose, text: string): Buffer => Buffer.from(`${purpose}\n${text}`);

/** Whether a signature (base64, in its one spelling) is that of a public key over a text for a purpose. */
export function isSignature(publicKey: string, purpose: Purpose, text: string, signature: string): boolean {
  const key = publicKeyObject(publicKey);
  const bytes = Buffer.from(signature, 'base64');
  return key !== null && bytes.toString('base64') === signature && verify(null, signedBytes(purpose, text), key, bytes);
}

export const keyLine = ({ publicKey, name }: Pick<PublicKey, 'publicKey' | 'name'>): string => `${WORD} ${publicKey} ${name}`;

/** Reads the line a person hands over: "isotherm-ed25519 KEY NAME". */
export function parseKeyLine(line: string): Result<PublicKey> {
  const [, publicKey, name] = LINE.exec(line.trim()) ?? [];
  if (publicKey === undefined || name === undefined || publicKeyObject(publicKey) === null) {
    return err(appError('Usage', `This is not a public key. It must be one line of the form "${WORD} KEY NAME".`, { field: 'key' }));
  }
  return ok({ keyId: keyIdOf(publicKey), name, publicKey });
}

/** Makes an Ed25519 key pair in the data folder, readable by its owner alone. With a passphrase the private half is encrypted (PKCS 8). */
export function makeKey(dataDir: string, name: string, passphrase: string | undefined, now: Date): Result<OwnKey> {
  const pair = generateKeyPairSync('ed25519');
  const publicKey = pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length).toString('base64');
  const own: OwnKey = {
    keyId: keyIdOf(publicKey),
    name,
    publicKey,
    madeAt: now.toISOString(),
    isLocked: passphrase !== undefined,
    line: keyLine({ publicKey, name }),
  };
  const privateKey = pair.privateKey
    .export({ format: 'pem', type: 'pkcs8', ...(passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase }) })
    .toString();
  const file = join(folderOf(dataDir), `${own.keyId}.json`);
  try {
    mkdirSync(folderOf(dataDir), { recursive: true, mode: 0o700 });
    const handle = openSync(file, 'wx', 0o600);
    try {
      writeSync(handle, `${JSON.stringify({ ...own, privateKey }, null, 2)}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch (cause) {
    return err(appError('FileUnwritable', 'The key cannot be written.', { file, detail: String(cause) }));
  }
  return ok(own);
}

type KeyFile = v.InferOutput<typeof KeyFileSchema>;

function readKeyFiles(dataDir: string): Result<KeyFile[]> {
  let names: string[];
  try {
    names = readdirSync(folderOf(dataDir)).filter((name) => name.endsWith('.json'));
  } catch {
    return ok([]);
  }
  const keys: KeyFile[] = [];
  for (const name of names.sort()) {
    const file = join(folderOf(dataDir), name);
    try {
      const parsed = v.safeParse(KeyFileSchema, JSON.parse(readFileSync(file, 'utf8')));
      if (!parsed.success || keyIdOf(parsed.output.publicKey) !== parsed.output.keyId) {
        return err(appError('FileUnreadable', 'This is not a key of Isotherm.', { file }));
      }
      keys.push(parsed.output);
    } catch (cause) {
      return err(appError('FileUnreadable', 'The key cannot be read.', { file, detail: String(cause) }));
    }
  }
  return ok(keys);
}

/** The keys of this machine, without their private halves. */
export function listKeys(dataDir: string): Result<OwnKey[]> {
  const files = readKeyFiles(dataDir);
  return files.ok ? ok(files.value.map(({ privateKey: _secret, ...own }) => own)) : files;
}

/** Which key of this machine: the one named, or the only one there is; and its passphrase where it has one. */
export interface KeyChoice {
  readonly keyId: string | undefined;
  readonly passphrase: string | undefined;
}

/** Signs for a purpose with a key of this machine. `text` is told who signs, since what is signed may name them. */
export function signWith(
  dataDir: string,
  { keyId, passphrase }: KeyChoice,
  purpose: Purpose,
  text: (key: PublicKey) => string,
): Result<{ key: PublicKey; signature: string }> {
  const files = readKeyFiles(dataDir);
  if (!files.ok) return files;
  const found = keyId === undefined ? files.value : files.value.filter((key) => key.keyId === keyId);
  const [key] = found;
  if (key === undefined) {
    const which = keyId === undefined ? 'no key' : `no key "${keyId}"`;
    return err(appError('KeyMissing', `There is ${which} on this machine.`));
  }
  if (found.length > 1) {
    const names = found.map((other) => `${other.keyId} (${other.name})`).join(', ');
    return err(appError('KeyMissing', `There are several keys on this machine: ${names}.`, { next: 'Name one of them with --key.' }));
  }
  if (key.isLocked && passphrase === undefined) {
    return err(appError('KeyLocked', `The key ${key.keyId} (${key.name}) needs its passphrase.`));
  }
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey({
      key: key.privateKey,
      format: 'pem',
      ...(key.isLocked && passphrase !== undefined ? { passphrase } : {}),
    });
  } catch {
    return err(appError('KeyLocked', `The key ${key.keyId} (${key.name}) does not open with this passphrase.`));
  }
  const shown: PublicKey = { keyId: key.keyId, name: key.name, publicKey: key.publicKey };
  return ok({ key: shown, signature: sign(null, signedBytes(purpose, text(shown)), privateKey).toString('base64') });
}
