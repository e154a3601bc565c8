import { statSync } from 'node:fs';
import { err, ok, type Result } from '../../contract/result.ts';
import { usageError } from './parse.ts';
import type { Args, Verb } from './verb.ts';

/** What stands for a file however it is spelled or linked to; null where there is none. */
function identity(path: string): string | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found?.isFile() === true ? `${found.dev} ${found.ino}` : null;
}

/** A result is not written over a file that the same command reads: an index would be gone, a policy lost. */
export function checkOutput(verb: Verb, args: Args): Result<void> {
  const output = args.text('output');
  const written = output === undefined ? null : identity(output);
  if (written === null) return ok(undefined);
  const read = [
    ...args.words.map((path) => ({ named: `"${path}"`, path })),
    ...Object.keys(verb.flags)
      .filter((name) => name !== 'output')
      .map((name) => ({ named: `"--${name}"`, path: args.text(name) ?? '' })),
  ];
  try {
    const clash = read.find(({ path }) => path !== '' && !path.includes('\0') && identity(path) === written);
    if (clash === undefined) return ok(undefined);
    return err(usageError(`"${output}" is the file that ${clash.named} names; name another for the result.`, verb.name, 'output'));
  } catch {
    // What cannot even be looked at is no file that would be written over; the verb tells what is wrong with it.
    return ok(undefined);
  }
}
