import { type AppError, appError, ERROR_CODES } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { type Client, createClient } from '../../core/wire/client.ts';
import { type EngineHost, startEngineThread } from '../engine/thread-host.ts';
import { nanoUsdOf } from '../remote-sql/query-price.ts';
import { readVersion, shellSettings } from '../shell/settings.ts';
import { failureWords } from './failure-words.ts';
import { generalHelp, verbHelp } from './help.ts';
import { checkOutput } from './output-file.ts';
import { parseVerbArgs, usageError } from './parse.ts';
import { createProgressLine } from './progress-line.ts';
import type { Output, VerbContext } from './verb.ts';
import { VERB_GROUPS, VERBS } from './verbs/index.ts';

export interface Streams {
  readonly out: (text: string) => void;
  readonly errors: { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };
}

/** Runs one command line and returns the status the process ends with. */
export async function run(argv: readonly string[], signal: AbortSignal, streams: Streams): Promise<number> {
  const [name, ...rest] = argv;
  // Known before anything is parsed, so that a refused flag is told in the form that was asked for.
  const json = argv.includes('--json');
  const finish = (result: Result<Output | undefined>) => report(result, json, streams);

  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    streams.out(`${generalHelp(VERB_GROUPS)}\n`);
    return 0;
  }
  if (name === '--version' || name === '-V') {
    streams.out(`${readVersion()}\n`);
    return 0;
  }
  const verb = VERBS.find((known) => known.name === name);
  if (!verb) return finish(err(usageError(`There is no verb "${name}".`)));
  const args = parseVerbArgs(verb, rest);
  if (!args.ok) return finish(args);
  if (args.value.has('help')) {
    streams.out(`${verbHelp(verb)}\n`);
    return 0;
  }
  const output = checkOutput(verb, args.value);
  if (!output.ok) return finish(output);

  const progress = createProgressLine(streams.errors);
  let host: EngineHost | undefined;
  let client: Client | undefined;
  const context: VerbContext = {
    signal,
    json,
    note: (line) => {
      progress.clear();
      streams.errors.write(`${line}\n`);
    },
    call: async (method, params) => {
      host ??= startEngineThread(shellSettings());
      if (!client) {
        client = createClient(host.connect());
        const allowed = await allowQueries(client, args.value.text('query-usd'));
        if (!allowed.ok) return allowed;
      }
      const result = await client.call(method, params, { signal, onProgress: progress.show });
      progress.clear();
      return result;
    },
  };
  try {
    return finish(await verb.run(args.value, context));
  } catch (cause) {
    progress.clear();
    return finish(err(internal(cause)));
  } finally {
    await host?.close();
  }
}

/** Tells the engine what its questions to Athena may cost, before the first of them. */
async function allowQueries(client: Client, usd: string | undefined): Promise<Result<unknown>> {
  if (usd === undefined) return ok(undefined);
  if (usd === 'any') return client.call('table.allow', { nanoUsd: 'any' });
  if (!/^\d{1,6}(?:\.\d{1,9})?$/.test(usd)) return err(usageError(`"--query-usd" takes an amount or "any", not "${usd}".`));
  return client.call('table.allow', { nanoUsd: String(nanoUsdOf(usd)) });
}

const internal = (cause: unknown): AppError =>
  appError('Internal', 'The command line of Isotherm failed.', {
    detail: cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause),
  });

function report(result: Result<Output | undefined>, json: boolean, streams: Streams): number {
  if (result.ok) {
    if (result.value) streams.out(`${json ? JSON.stringify(result.value.json) : result.value.words()}\n`);
    return result.value?.exit ?? 0;
  }
  if (json) streams.out(`${JSON.stringify({ error: result.error })}\n`);
  streams.errors.write(`${failureWords(result.error)}\n`);
  return ERROR_CODES[result.error.code].exit;
}
