import { readFile } from 'node:fs/promises';
import { appError } from '../../../contract/errors.ts';
import type { EVIDENCE_METHODS } from '../../../contract/methods/evidence.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import { buildEvidence } from '../../evidence/build.ts';
import { verifyBundle } from '../../evidence/verify.ts';
import { parseKeyLine } from '../../keys/keys.ts';
import type { Handlers } from '../handler.ts';

/** A bundle is read whole; more than this is none. */
const MOST_BYTES = 512 * 1024 * 1024;

async function readBundle(file: string): Promise<Result<Buffer>> {
  try {
    const bytes = await readFile(file);
    return bytes.length > MOST_BYTES ? err(appError('LimitExceeded', 'This file is too large for a bundle.', { file })) : ok(bytes);
  } catch (cause) {
    return err(appError('FileUnreadable', 'The bundle cannot be read.', { file, detail: String(cause) }));
  }
}

const KEY_ID = /^[0-9a-f]{16}$/;

export const evidenceHandlers: Pick<Handlers, keyof typeof EVIDENCE_METHODS> = {
  'evidence.build': (order, { environment, signal }) => buildEvidence(order, environment, signal),

  'evidence.verify': async ({ file, signer, previous }) => {
    const key = signer === undefined ? ok(undefined) : KEY_ID.test(signer) ? ok({ keyId: signer }) : parseKeyLine(signer);
    if (!key.ok) return key;
    const bytes = await readBundle(file);
    if (!bytes.ok) return bytes;
    const before = previous === undefined ? ok(undefined) : await readBundle(previous);
    if (!before.ok) return before;
    return ok(verifyBundle(bytes.value, { signer: key.value, previous: before.value }));
  },
};
