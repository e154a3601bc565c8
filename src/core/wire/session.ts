import * as v from 'valibot';
import { appError } from '../../contract/errors.ts';
import { ClientFrameSchema, type Progress, type ServerFrame } from '../../contract/frames.ts';
import type { Result } from '../../contract/result.ts';
import { Whole } from '../../contract/units.ts';
import { type CancelSignal, createCancelSource, createPauseSource, type PauseSignal, type Transport } from './transport.ts';

interface WireCall {
  readonly method: string;
  readonly params: unknown;
  readonly signal: CancelSignal;
  readonly pause: PauseSignal;
  /** Called at every report of progress, before it is thinned out: where a call can be held. */
  readonly hold?: () => void;
  readonly progress: (progress: Progress) => void;
}

/** Runs one call. Must always settle; a rejection is a bug and is answered as Internal. */
export type Dispatch = (call: WireCall) => Promise<Result<unknown>>;

const Addressed = v.object({ id: Whole });

/**
 * The engine's side of one connection: every readable call gets exactly one result or failure,
 * a cancel frame aborts its call, and the end of the transport aborts them all.
 */
export function serveSession(transport: Transport, dispatch: Dispatch): void {
  const running = new Map<number, { readonly cancel: () => void; readonly pause: (paused: boolean) => void }>();
  let open = true;

  const send = (frame: ServerFrame) => {
    if (open) transport.send(frame);
  };

  transport.onClose?.(() => {
    open = false;
    for (const { cancel } of running.values()) cancel();
  });

  transport.onMessage((message) => {
    const parsed = v.safeParse(ClientFrameSchema, message);
    if (!parsed.success) return refuse(message);
    const frame = parsed.output;
    if (frame.kind === 'cancel') return running.get(frame.id)?.cancel();
    if (frame.kind === 'pause') return running.get(frame.id)?.pause(frame.paused);
    if (running.has(frame.id)) return refuse(message);
    void run(frame.id, frame.method, frame.params);
  });

  // A malformed frame is answered wherever it says whom to answer.
  function refuse(message: unknown): void {
    const addressed = v.safeParse(Addressed, message);
    if (addressed.success) send({ kind: 'failure', id: addressed.output.id, error: appError('Usage', 'This is not a well-formed frame.') });
  }

  async function run(id: number, method: string, params: unknown): Promise<void> {
    const source = createCancelSource();
    const pause = createPauseSource();
    running.set(id, { cancel: source.cancel, pause: pause.set });
    let frame: ServerFrame;
    try {
      const progress = (value: Progress) => {
        if (running.has(id)) send({ kind: 'progress', id, progress: value });
      };
      const result = await dispatch({ method, params, signal: source.signal, pause: pause.signal, progress });
      frame = result.ok ? { kind: 'result', id, value: result.value } : { kind: 'failure', id, error: result.error };
    } catch (cause) {
      frame = { kind: 'failure', id, error: appError('Internal', 'The engine failed at this call.', { detail: String(cause) }) };
    }
    running.delete(id);
    try {
      send(frame);
    } catch (cause) {
      send({ kind: 'failure', id, error: appError('Internal', 'The answer could not be sent.', { detail: String(cause) }) });
    }
  }
}
