import { readFile } from 'node:fs/promises';
import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { Args, Flags } from './verb.ts';

export const PASSPHRASE: Flags = {
  'passphrase-file': { type: 'text', value: 'FILE', words: 'A file whose first line is the passphrase of the key.' },
};

/** A passphrase from a file: on the command line it would stand in the history and in the list of processes. */
export async function passphraseOf(args: Args): Promise<Result<string | undefined>> {
  const file = args.text('passphrase-file');
  if (file === undefined) return ok(undefined);
  try {
    return ok((await readFile(file, 'utf8')).split(/\r?\n/)[0] ?? '');
  } catch (cause) {
    return err(appError('FileUnreadable', 'The passphrase cannot be read.', { file, detail: String(cause) }));
  }
}
