import * as v from 'valibot';
import { appError } from '../../contract/errors.ts';
import type { Definition } from '../../contract/methods/definition.ts';
import { isMethodName, METHODS, type MethodName } from '../../contract/methods.ts';
import { err, type Result } from '../../contract/result.ts';
import { fieldPath } from '../../core/wire/field-path.ts';
import type { Dispatch } from '../../core/wire/session.ts';
import { wantedOf } from '../index/elsewhere.ts';
import { toAbortSignal } from './abort-signal.ts';
import type { CallContext, EngineEnvironment } from './handler.ts';
import type { HandlerLoaders } from './handlers/index.ts';
import { createQueues } from './queues.ts';
import { throttleProgress } from './throttle.ts';

/** Runs a method elsewhere than on this thread. */
type JobRunner = (method: MethodName, params: unknown, context: CallContext) => Promise<Result<unknown>>;

export interface DispatchOptions {
  readonly environment: EngineEnvironment;
  readonly handlers: HandlerLoaders;
  /** Takes the heavy methods; without it they run here. */
  readonly runJob?: JobRunner | undefined;
  /** Receives what a person must not be bothered with: the stack of a bug. */
  readonly log: (line: string) => void;
}

type LooseHandler = (params: unknown, context: CallContext) => Promise<Result<unknown>>;

/** The one way into the engine, whatever the transport: name, parameters, queue, handler, and every outcome as a Result. */
export function createDispatch(options: DispatchOptions): Dispatch {
  const queues = createQueues();

  return async (call) => {
    const { method } = call;
    if (!isMethodName(method)) return err(appError('Usage', `There is no method named "${shorten(method)}".`));
    const parsed = v.safeParse(METHODS[method].params as v.GenericSchema<unknown, unknown>, call.params);
    if (!parsed.success) return err(paramsError(method, parsed.issues[0]));

    const abort = toAbortSignal(call.signal);
    const throttle = throttleProgress(call.progress);
    const phase = { now: 'starting' };
    const context: CallContext = {
      environment: options.environment,
      signal: abort.signal,
      pause: call.pause,
      progress: (progress) => {
        phase.now = progress.phase;
        throttle.report(progress);
        call.hold?.();
      },
    };
    try {
      const run = () => runHandler(method, parsed.output, context);
      const queue = queueOf(method, parsed.output);
      const result = await (queue === undefined ? run() : queues.run(queue, abort.signal, run));
      throttle.end();
      return result;
    } catch (cause) {
      throttle.end();
      if (abort.signal.aborted && isAbort(cause)) return err(appError('Cancelled', 'Cancelled.'));
      options.log(`${method} failed during "${phase.now}": ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`);
      return err(appError('Internal', `"${method}" failed during "${phase.now}".`, { detail: words(cause) }));
    } finally {
      abort.release();
    }
  };

  async function runHandler(method: MethodName, params: unknown, context: CallContext): Promise<Result<unknown>> {
    if (context.signal.aborted) return err(appError('Cancelled', 'Cancelled before it began.'));
    if (options.runJob && isHeavy(method)) return options.runJob(method, params, context);
    const handler = (await options.handlers[method]()) as unknown as LooseHandler;
    let result = await handler(params, context);
    // What lacked rows has changed nothing yet, so it is asked again once they have been fetched; but for what writes to buckets.
    for (let round = 0; round < MOST_ROUNDS && !result.ok && METHODS[method].effect !== 'bucket'; round++) {
      const wanted = wantedOf(result.error);
      if (!wanted) break;
      const { resourcesDir, now, trino = {} } = options.environment;
      const { fetchRows } = await import('../remote-sql/follow-up.ts');
      const fetched = await fetchRows(
        { ...wanted, isAgain: round >= FEW_ROUNDS },
        { resourcesDir, now, trino },
        context.signal,
        context.progress,
      );
      if (!fetched.ok) return fetched;
      result = await handler(params, context);
    }
    return result;
  }
}

/** A question may want the rows of one place after those of another; after a few of them, all rows are fetched where they are not many. */
const MOST_ROUNDS = 40;
const FEW_ROUNDS = 3;

function paramsError(method: MethodName, issue: v.BaseIssue<unknown>) {
  const field = fieldPath(issue);
  const where = field === undefined ? '' : ` Field "${field}":`;
  return appError('Usage', `"${method}" was called with something it does not take.${where} ${issue.message}`, { field });
}

/** Crawls and the like run elsewhere, so that they never hold up a question. */
const isHeavy = (method: MethodName): boolean => (METHODS[method] as Definition).isHeavy === true;

/**
 * Writes to one bucket wait for each other; the endpoint does not matter, since one bucket may go by two.
 * The sample workspace is made once, whoever else asks for it meanwhile.
 */
function queueOf(method: MethodName, params: unknown): string | undefined {
  if (method === 'sample.open') return method;
  if (METHODS[method].effect !== 'bucket') return undefined;
  const { bucket, plan } = params as { bucket?: string; plan?: { target: { bucket: string } } };
  return `bucket ${plan?.target.bucket ?? bucket ?? ''}`;
}

const isAbort = (cause: unknown): boolean => cause instanceof Error && (cause.name === 'AbortError' || cause.name === 'CancelledError');

/** A cause in words; never a stack. */
const words = (cause: unknown): string => (cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause));

const shorten = (name: string): string => (name.length > 80 ? `${name.slice(0, 80)}…` : name);
