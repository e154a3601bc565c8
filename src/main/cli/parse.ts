import { type ParseArgsConfig, parseArgs } from 'node:util';
import { type AppError, appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { COMMON_FLAGS } from './flags.ts';
import type { Args, Flags, Verb } from './verb.ts';

export const usageError = (message: string, verb?: string, field?: string): AppError =>
  appError('Usage', message, { field, next: `Run "isotherm ${verb === undefined ? '' : `${verb} `}--help" to see what it takes.` });

/** Checks a verb's arguments: unknown, missing and misspelt ones are Usage failures that name the flag. */
export function parseVerbArgs(verb: Verb, argv: readonly string[]): Result<Args> {
  const flags: Flags = { ...verb.flags, ...COMMON_FLAGS };
  const options: NonNullable<ParseArgsConfig['options']> = {};
  for (const [name, flag] of Object.entries(flags)) {
    options[name] = { type: flag.type === 'switch' ? 'boolean' : 'string', ...(flag.short === undefined ? {} : { short: flag.short }) };
  }
  let values: { readonly [name: string]: string | boolean | (string | boolean)[] | undefined };
  let positionals: string[];
  try {
    ({ values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true }));
  } catch (cause) {
    return err(usageError(plain(cause), verb.name));
  }
  const args: Args = {
    words: positionals,
    text: (name) => (typeof values[name] === 'string' ? values[name] : undefined),
    must: (name) => {
      const value = values[name];
      if (typeof value !== 'string') throw new Error(`flag ${name} is not marked as required`);
      return value;
    },
    whole: (name) => (typeof values[name] === 'string' ? Number(values[name]) : undefined),
    has: (name) => values[name] === true,
  };
  // Asking for help is right whatever else is missing.
  if (args.has('help')) return ok(args);
  const extra = positionals[verb.positionals];
  if (extra !== undefined) return err(usageError(`"${verb.name}" does not take "${extra}".`, verb.name));
  const problem = Object.entries(flags)
    .map(([name, flag]) => checkFlag(name, flag, args.text(name)))
    .find((message) => message !== undefined);
  return problem === undefined ? ok(args) : err(usageError(problem, verb.name));
}

function checkFlag(name: string, flag: Flags[string], value: string | undefined): string | undefined {
  if (value === undefined) return flag.required ? `"--${name} ${flag.value ?? 'VALUE'}" is missing.` : undefined;
  if (value === '' && flag.required) return `"--${name}" is empty.`;
  if (flag.type === 'whole' && (!/^\d+$/.test(value) || !Number.isSafeInteger(Number(value)))) {
    return `"--${name}" takes a whole number, not "${value}".`;
  }
  if (flag.choices && !flag.choices.includes(value)) return `"--${name}" takes ${flag.choices.join(', ')}, not "${value}".`;
  return undefined;
}

/** Node's words for a refused argument, without the hint that only helps programmers. */
function plain(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return (
    message
      .split(/\. To specify|\.? Did you forget|\n/)[0]
      ?.replaceAll("'", '"')
      .replace(/\.?$/, '.') ?? message
  );
}
