import * as v from 'valibot';
import { type AppError, AppErrorSchema, appError } from '../../contract/errors.ts';
import { createEventParser } from '../../core/wire/event-stream.ts';
import type { Transport } from '../../core/wire/transport.ts';

const RECONNECT_DELAYS_MS = [100, 500, 1500, 3000];
const SESSION_HEADER = 'isotherm-session';

const SessionSchema = v.strictObject({ session: v.string() });
const RefusalSchema = v.strictObject({ error: AppErrorSchema });

const unreachable = () =>
  appError('Internal', 'Isotherm does not answer any more.', { next: 'Start Isotherm again and open the address it prints.' });

/**
 * Frames over the loopback shell: client frames by POST, engine frames by one event stream.
 * A broken stream is taken up again where it stopped; when that fails the transport closes.
 * `origin` is the shell's own origin, such as "http://127.0.0.1:4711".
 */
export function createWebTransport(origin: string, token: string): Transport {
  const abort = new AbortController();
  const messageListeners: ((frame: unknown) => void)[] = [];
  const closeListeners: ((reason?: AppError) => void)[] = [];
  let closed = false;
  let lastEventId = '';
  let session = '';
  let sessionKnown: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    sessionKnown = resolve;
  });
  let outgoing: Promise<void> = ready;

  const headers = (): Record<string, string> => ({
    authorization: `Bearer ${token}`,
    ...(session === '' ? {} : { [SESSION_HEADER]: session }),
    ...(lastEventId === '' ? {} : { 'last-event-id': lastEventId }),
  });

  function end(reason?: AppError): void {
    if (closed) return;
    closed = true;
    abort.abort();
    sessionKnown();
    for (const listener of closeListeners) listener(reason);
  }

  function deliver(frame: unknown): void {
    for (const listener of messageListeners) listener(frame);
  }

  async function refusal(response: Response): Promise<AppError> {
    const parsed = v.safeParse(RefusalSchema, await response.json().catch(() => undefined));
    return parsed.success ? parsed.output.error : appError('Internal', `Isotherm answered with status ${response.status}.`);
  }

  /** Reads one stream to its end; false when the session cannot be taken up again. */
  async function readStream(): Promise<boolean> {
    const response = await fetch(`${origin}/api/events`, { headers: headers(), signal: abort.signal, cache: 'no-store' });
    if (!response.ok || !response.body) {
      end(await refusal(response));
      return false;
    }
    const parser = createEventParser((event) => {
      const data: unknown = JSON.parse(event.data);
      if (event.type === 'session') {
        session = v.parse(SessionSchema, data).session;
        sessionKnown();
        return;
      }
      lastEventId = event.id;
      deliver(data);
    });
    const decoder = new TextDecoder();
    const reader = response.body.getReader();
    for (;;) {
      const chunk = await reader.read();
      if (chunk.done) return true;
      parser(decoder.decode(chunk.value, { stream: true }));
    }
  }

  async function listen(): Promise<void> {
    for (let attempt = 0; !closed; attempt += 1) {
      const seen = lastEventId;
      try {
        if (!(await readStream())) return;
      } catch {
        // Refused or broken off: tried again below.
      }
      if (lastEventId !== seen) attempt = 0;
      const delay = RECONNECT_DELAYS_MS[attempt];
      if (closed) return;
      if (delay === undefined) return end(unreachable());
      await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }

  async function post(frame: unknown): Promise<void> {
    const fail = (error: AppError) => {
      const { kind, id } = frame as { kind: string; id: number };
      if (kind === 'call') deliver({ kind: 'failure', id, error });
    };
    if (closed) return;
    try {
      const response = await fetch(`${origin}/api/frames`, {
        method: 'POST',
        headers: { ...headers(), 'content-type': 'application/json' },
        body: JSON.stringify(frame),
        signal: abort.signal,
      });
      if (!response.ok) fail(await refusal(response));
    } catch {
      fail(unreachable());
    }
  }

  void listen();
  return {
    // One after the other: a cancel must not overtake its call.
    send: (frame) => {
      outgoing = outgoing.then(() => post(frame));
    },
    onMessage: (listener) => void messageListeners.push(listener),
    onClose: (listener) => void closeListeners.push(listener),
    close: () => end(),
  };
}
