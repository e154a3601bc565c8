import { type AppError, appError, type ErrorCode } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { canonicalJson, sha256 } from './hash.ts';

/** A document whose every member has a seal of its own, under one hash, so that damage is found and its place named. */
export interface Sealed {
  readonly seals: Readonly<Record<string, string>>;
  readonly hash: string;
}

const hashOfSeals = (seals: Readonly<Record<string, string>>): string => sha256(canonicalJson(seals));

/** Adds the seals and the hash over them. */
export function seal<T extends object>(content: T): T & Sealed {
  const seals = Object.fromEntries(Object.entries(content).map(([name, member]) => [name, sha256(canonicalJson(member))]));
  return { ...content, seals, hash: hashOfSeals(seals) };
}

/** Whether a sealed document is as it was made; otherwise the member at fault. `what`: how a person calls it. */
export function checkSeals(document: Sealed, code: ErrorCode, what: string): Result<void> {
  const { seals, hash, ...content } = document;
  const changed = (field: string, why: string): { ok: false; error: AppError } =>
    err(appError(code, `The ${what} was changed after it was made: ${why}.`, { field }));
  const broken = Object.keys({ ...seals, ...content }).filter(
    (name) => seals[name] !== sha256(canonicalJson((content as Record<string, unknown>)[name] ?? null)),
  );
  const isHashOfSeals = hash === hashOfSeals(seals);
  const [first] = broken;
  if (first === undefined) return isHashOfSeals ? ok(undefined) : changed('hash', 'its hash is not that of its seals');
  return isHashOfSeals
    ? changed(first, `"${first}" is not what was sealed`)
    : changed(`seals.${first}`, `the seal of "${first}" is another`);
}
