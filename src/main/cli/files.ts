import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import * as v from 'valibot';
import { type AppError, appError, type ErrorCode } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { jsonFaultRow } from '../../core/report/json-fault.ts';
import { fieldPath } from '../../core/wire/field-path.ts';

export const unreadable = (what: string, file: string, cause: unknown): AppError =>
  appError('FileUnreadable', `The ${what} cannot be read.`, { file, detail: String(cause) });

/** A JSON file a person named, parsed by a schema. `code` is the failure for content that does not fit. */
export async function readJsonFile<T>(
  file: string,
  schema: v.GenericSchema<unknown, T>,
  what: string,
  code: ErrorCode,
): Promise<Result<T>> {
  const read = await readJsonText(file, schema, what, code);
  return read.ok ? ok(read.value.value) : read;
}

/**
 * A JSON file that Isotherm wrote and nobody may change. `code` is the failure for content that does not fit; PlanRespelled where its
 * text is not what would be written for its content.
 * What the content says of itself is for the engine to check.
 */
export async function readSealedFile<T>(
  file: string,
  schema: v.GenericSchema<unknown, T>,
  what: string,
  code: ErrorCode,
): Promise<Result<T>> {
  const read = await readJsonText(file, schema, what, code);
  if (!read.ok) return read;
  const { text, json, value } = read.value;
  const wanted = `${JSON.stringify(json, null, 2)}\n`;
  if (text === wanted) return ok(value);
  let at = 0;
  while (at < text.length && text[at] === wanted[at]) at += 1;
  const row = text.slice(0, at).split('\n').length;
  return err(appError('PlanRespelled', `The ${what} is not spelled as it was written; it was changed from line ${row} on.`, { file, row }));
}

async function readJsonText<T>(
  file: string,
  schema: v.GenericSchema<unknown, T>,
  what: string,
  code: ErrorCode,
): Promise<Result<{ text: string; json: unknown; value: T }>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    return err(unreadable(what, file, cause));
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    const row = jsonFaultRow(text) ?? undefined;
    return err(appError(code, `The ${what} is not JSON.`, { file, row, detail: String(cause) }));
  }
  const parsed = v.safeParse(schema, json);
  if (parsed.success) return ok({ text, json, value: parsed.output });
  const issue = parsed.issues[0];
  return err(appError(code, `The ${what} does not have the form it must have: ${issue.message}.`, { file, field: fieldPath(issue) }));
}

/** What every SQLite file begins with (https://www.sqlite.org/fileformat.html). */
const SQLITE = Buffer.from('SQLite format 3\0');

export const writeJsonFile = (file: string, value: unknown): Promise<Result<void>> =>
  writeTextFile(file, `${JSON.stringify(value, null, 2)}\n`);

/** Whether there is an index, or another database, at a path. */
async function isDatabase(file: string): Promise<boolean> {
  const handle = await open(file, 'r').catch(() => null);
  if (handle === null) return false;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(SQLITE.length), 0, SQLITE.length, 0);
    return bytesRead === SQLITE.length && buffer.equals(SQLITE);
  } catch {
    return false;
  } finally {
    await handle.close();
  }
}

/** Writes a whole file or none: beside it first, then renamed over it. FileUnwritable where an index lies: hours of listing would be gone. */
export async function writeTextFile(file: string, text: string | Uint8Array): Promise<Result<void>> {
  if (await isDatabase(file)) {
    return err(appError('FileUnwritable', 'There is an index at this place; it is not replaced.', { file, next: 'Name another file.' }));
  }
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    return ok(undefined);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {});
    const full = cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC';
    return err(appError(full ? 'DiskFull' : 'FileUnwritable', 'The file cannot be written.', { file, detail: String(cause) }));
  }
}
