import * as v from 'valibot';
import { type AppError, appError } from '../../contract/errors.ts';
import { type Progress, type ServerFrame, ServerFrameSchema } from '../../contract/frames.ts';
import { METHODS, type MethodName, type ParamsIn, type ResultOf } from '../../contract/methods.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { fieldPath } from './field-path.ts';
import type { CancelSignal, PauseSignal, Transport } from './transport.ts';

export interface CallOptions {
  readonly signal?: CancelSignal | undefined;
  /** Holds a heavy call while it is set. */
  readonly pause?: PauseSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface Client {
  /** Always settles: with the parsed result, the engine's failure, or a failure of the connection itself. Never rejects. */
  call<M extends MethodName>(method: M, params: ParamsIn<M>, options?: CallOptions): Promise<Result<ResultOf<M>>>;
  close(): void;
}

type Pending = { readonly method: MethodName; readonly options: CallOptions; readonly settle: (result: Result<unknown>) => void };

const connectionLost = (): AppError =>
  appError('Internal', 'The connection to the engine was lost.', { next: 'Start Isotherm again and repeat the step.' });

/** The typed client of the method map over any transport. */
export function createClient(transport: Transport): Client {
  const pending = new Map<number, Pending>();
  let nextId = 1;
  let closed: AppError | undefined;

  const end = (reason: AppError) => {
    if (closed) return;
    closed = reason;
    for (const call of [...pending.values()]) call.settle(err(reason));
  };

  transport.onClose?.((reason) => end(reason ?? connectionLost()));
  transport.onMessage((message) => {
    const frame = v.safeParse(ServerFrameSchema, message);
    // Without a readable frame no call can be told apart, so none may be left waiting.
    if (!frame.success) return end(appError('Internal', 'The engine sent something that is not a frame.'));
    receive(frame.output);
  });

  function receive(frame: ServerFrame): void {
    const call = pending.get(frame.id);
    if (!call) return;
    if (frame.kind === 'progress') call.options.onProgress?.(frame.progress);
    else if (frame.kind === 'failure') call.settle(err(frame.error));
    else call.settle(parseResult(call.method, frame.value));
  }

  function call<M extends MethodName>(method: M, params: ParamsIn<M>, options: CallOptions = {}): Promise<Result<ResultOf<M>>> {
    if (closed) return Promise.resolve(err(closed));
    if (options.signal?.aborted) return Promise.resolve(err(appError('Cancelled', 'Cancelled before it began.')));
    const id = nextId++;
    return new Promise((resolve) => {
      // The engine answers a cancel with the call's own end, so that the caller learns what really happened.
      const cancel = () => {
        if (!closed) transport.send({ kind: 'cancel', id });
      };
      const stopPausing = options.pause?.subscribe(() => {
        if (!closed) transport.send({ kind: 'pause', id, paused: options.pause?.paused ?? false });
      });
      const settle = (result: Result<unknown>) => {
        pending.delete(id);
        stopPausing?.();
        options.signal?.removeEventListener('abort', cancel);
        resolve(result as Result<ResultOf<M>>);
      };
      pending.set(id, { method, options, settle });
      options.signal?.addEventListener('abort', cancel);
      try {
        transport.send({ kind: 'call', id, method, params });
        if (options.pause?.paused) transport.send({ kind: 'pause', id, paused: true });
      } catch (cause) {
        settle(err(appError('Internal', `"${method}" could not be sent to the engine.`, { detail: String(cause) })));
      }
    });
  }

  return {
    call,
    close: () => {
      end(connectionLost());
      transport.close?.();
    },
  };
}

function parseResult(method: MethodName, value: unknown): Result<unknown> {
  const parsed = v.safeParse(METHODS[method].result as v.GenericSchema<unknown, unknown>, value);
  if (parsed.success) return ok(parsed.output);
  const issue = parsed.issues[0];
  return err(
    appError('Internal', `The engine's answer to "${method}" does not have the agreed shape.`, {
      field: fieldPath(issue),
      detail: issue.message,
    }),
  );
}
