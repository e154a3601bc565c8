import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { formatEvent } from '../../core/wire/event-stream.ts';
import type { Transport } from '../../core/wire/transport.ts';

/** How long a broken stream may take to come back before its calls are aborted. */
const RECONNECT_GRACE_MS = 5000;
/** Events kept for a stream that comes back: enough for what can be under way at once. */
const KEPT_EVENTS = 256;
const KEPT_CHARACTERS = 64 * 1024 * 1024;
const HEARTBEAT_MS = 15_000;

interface Session {
  readonly id: string;
  readonly engine: Transport;
  stream: ServerResponse | undefined;
  kept: { id: number; text: string }[];
  keptCharacters: number;
  lastId: number;
  grace: NodeJS.Timeout | undefined;
}

/** The browser's connections: each is one connection to the engine, and ends when its stream stays away. */
export function createSessions(connect: () => Transport, graceMs = RECONNECT_GRACE_MS) {
  const sessions = new Map<string, Session>();

  function open(stream: ServerResponse): void {
    const session: Session = {
      id: randomBytes(16).toString('hex'),
      engine: connect(),
      stream: undefined,
      kept: [],
      keptCharacters: 0,
      lastId: 0,
      grace: undefined,
    };
    sessions.set(session.id, session);
    session.engine.onMessage((frame) => push(session, frame));
    session.engine.onClose?.(() => end(session));
    attach(session, stream, 0);
  }

  /** False when what came after `lastEventId` is not kept any more. */
  function resume(session: Session, stream: ServerResponse, lastEventId: number): boolean {
    const oldest = session.kept[0]?.id ?? session.lastId + 1;
    if (lastEventId + 1 < oldest || lastEventId > session.lastId) return false;
    session.stream?.end();
    attach(session, stream, lastEventId);
    return true;
  }

  function attach(session: Session, stream: ServerResponse, lastEventId: number): void {
    clearTimeout(session.grace);
    session.stream = stream;
    stream.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    stream.write(formatEvent({ type: 'session', id: '', data: JSON.stringify({ session: session.id }) }));
    for (const event of session.kept) if (event.id > lastEventId) stream.write(event.text);
    const heartbeat = setInterval(() => stream.write(':\n\n'), HEARTBEAT_MS);
    stream.on('close', () => {
      clearInterval(heartbeat);
      if (session.stream !== stream) return;
      session.stream = undefined;
      session.grace = setTimeout(() => end(session), graceMs);
    });
  }

  function push(session: Session, frame: unknown): void {
    session.lastId += 1;
    const text = formatEvent({ type: 'message', id: String(session.lastId), data: JSON.stringify(frame) });
    session.kept.push({ id: session.lastId, text });
    session.keptCharacters += text.length;
    // The newest event is kept whatever its size.
    while (session.kept.length > 1 && (session.kept.length > KEPT_EVENTS || session.keptCharacters > KEPT_CHARACTERS)) {
      session.keptCharacters -= session.kept.shift()?.text.length ?? 0;
    }
    session.stream?.write(text);
  }

  function end(session: Session): void {
    clearTimeout(session.grace);
    if (!sessions.delete(session.id)) return;
    session.engine.close?.();
    session.stream?.end();
  }

  return {
    open,
    resume,
    find: (id: string) => sessions.get(id),
    closeAll: () => {
      for (const session of [...sessions.values()]) end(session);
    },
  };
}
