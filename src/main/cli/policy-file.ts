import { readFile } from 'node:fs/promises';
import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { readPolicyText } from '../../core/policy/formats/formats.ts';
import type { PolicyDocument } from '../../core/policy/validate/shape.ts';
import { policyDocument } from '../../core/policy/validate/validate.ts';
import { unreadable } from './files.ts';

/** The text of a policy file; bytes that are no UTF-8 are refused, for they would change on the way. */
export async function readPolicyFileText(file: string): Promise<Result<string>> {
  try {
    return ok(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(file)));
  } catch (cause) {
    if (cause instanceof TypeError) return err(appError('PolicyInvalid', 'The policy is not UTF-8 text.', { file }));
    return err(unreadable('policy', file, cause));
  }
}

/** A lifecycle configuration a person named, in any spelling; rules are not judged yet. */
export async function readPolicyFile(file: string, resource?: string): Promise<Result<PolicyDocument>> {
  const text = await readPolicyFileText(file);
  if (!text.ok) return text;
  const raw = readPolicyText(text.value, resource);
  const document = raw.ok ? policyDocument(raw.value) : raw;
  return document.ok ? document : err({ ...document.error, file });
}
