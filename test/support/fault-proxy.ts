import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What goes wrong with one request. "after" ones reach the server first: the client sees a failure of something that happened. */
export const FAULTS = [
  'cut-before',
  'cut-after',
  'cut-in-answer',
  'answer-late',
  'forward-late',
  'slow',
  'twice',
  'again-after-next',
  'again-after-two',
  '503-before',
  '503-after',
  '500-before',
  '500-after',
  '403-before',
  '403-after',
  '412-before',
  '412-after',
  'truncated-before',
  'truncated-after',
  'empty-after',
  'no-xml-after',
] as const;
export type Fault = (typeof FAULTS)[number];

interface Seen {
  readonly method: string;
  /** What is asked of the bucket: "lifecycle", "versioning" and so on. */
  readonly about: string;
}

export interface FaultProxy {
  readonly endpoint: string;
  /** Every request since `begin`, in order, retries included. */
  readonly seen: readonly Seen[];
  /** Starts over: the request with this number (from 0) meets the fault; `from`: it and all that follow. */
  begin(fault?: { readonly at: number; readonly what: Fault; readonly isLasting?: boolean }): void;
  /** Called before a request is passed on, with its number. */
  before: (at: number, seen: Seen) => Promise<void>;
  /** Waits until nothing that was held back is still to come. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

type Answer = { readonly status: number; readonly headers: IncomingMessage['headers']; readonly body: Buffer };

const errorXml = (code: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>injected</Message></Error>`;
const CODES: Readonly<Record<string, string>> = {
  '503': 'SlowDown',
  '500': 'InternalError',
  '403': 'AccessDenied',
  '412': 'PreconditionFailed',
};
const CUT_XML = '<?xml version="1.0" encoding="UTF-8"?><LifecycleConfiguration><Rule><ID>';

/** Stands in front of a server and spoils requests on demand. `lateMs`: longer than the client waits. */
export async function startFaultProxy(target: string, lateMs: number): Promise<FaultProxy> {
  const { hostname, port: targetPort } = new URL(target);
  let fault: { at: number; what: Fault; isLasting: boolean } | undefined;
  let seen: Seen[] = [];
  let repeats: { after: number; send: () => Promise<Answer> }[] = [];
  const pending = new Set<Promise<unknown>>();
  const track = <T>(work: Promise<T>): Promise<T> => {
    const quiet = work.catch(() => undefined).finally(() => pending.delete(quiet));
    pending.add(quiet);
    return work;
  };

  const forward = (incoming: IncomingMessage, body: Buffer): Promise<Answer> =>
    track(
      new Promise((resolve, reject) => {
        const outgoing = request(
          { host: hostname, port: targetPort, method: incoming.method, path: incoming.url, headers: incoming.headers, agent: false },
          (answer) => {
            const chunks: Buffer[] = [];
            answer.on('data', (chunk: Buffer) => chunks.push(chunk));
            answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }));
          },
        );
        outgoing.on('error', reject);
        outgoing.end(body);
      }),
    );
  const give = (response: ServerResponse, { status, headers, body }: Answer): void => {
    if (response.destroyed) return;
    const { connection: _connection, 'transfer-encoding': _encoding, 'content-length': length, ...rest } = headers;
    // An answer to HEAD tells the length of what it does not bring.
    const told = response.req.method === 'HEAD' && length !== undefined ? length : body.length;
    response.writeHead(status, { ...rest, 'content-length': told });
    response.end(body);
  };
  const say = (response: ServerResponse, status: number, text: string): void =>
    give(response, { status, headers: { 'content-type': 'application/xml' }, body: Buffer.from(text) });

  async function serve(incoming: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'http://localhost');
    const about = [...url.searchParams.keys()].find((name) => name !== 'x-id') ?? '';
    const at = seen.length;
    const known = { method: incoming.method ?? '', about };
    seen.push(known);
    await proxy.before(at, known);
    const send = () => forward(incoming, body);
    const isHit = fault !== undefined && (fault.isLasting ? at >= fault.at : at === fault.at);
    await (isHit && fault !== undefined ? spoil(fault.what, at, response, send) : send().then((answer) => give(response, answer)));
    const due = repeats.filter(({ after }) => after === at);
    repeats = repeats.filter(({ after }) => after > at);
    for (const repeat of due) await repeat.send();
  }

  async function spoil(what: Fault, at: number, response: ServerResponse, send: () => Promise<Answer>): Promise<void> {
    const cut = () => void response.socket?.destroy();
    const [name = '', when] = what.split('-');
    if (what === 'cut-before') return cut();
    if (what === 'cut-after') return send().then(cut);
    if (what === 'cut-in-answer') {
      const answer = await send();
      response.writeHead(answer.status, { 'content-type': 'application/xml', 'content-length': answer.body.length + 10 });
      response.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)));
      await sleep(5);
      return cut();
    }
    if (what === 'answer-late') {
      const answer = await send();
      await track(sleep(lateMs));
      return give(response, answer);
    }
    if (what === 'forward-late') {
      track(sleep(lateMs).then(send));
      return;
    }
    if (what === 'slow') {
      await sleep(Math.floor(lateMs / 10));
      return give(response, await send());
    }
    if (what === 'twice') {
      await send();
      return give(response, await send());
    }
    if (what === 'again-after-next' || what === 'again-after-two') {
      repeats.push({ after: at + (what === 'again-after-next' ? 1 : 2), send });
      return give(response, await send());
    }
    if (when === 'after') await send();
    if (name === 'truncated') return say(response, 200, CUT_XML);
    if (name === 'empty') return say(response, 200, '');
    if (name === 'no') return say(response, 200, '<html><body>Sign in to the network</body></html>');
    return say(response, Number(name), errorXml(CODES[name] ?? 'InternalError'));
  }

  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => void track(serve(incoming, response, Buffer.concat(chunks))).catch(() => response.destroy()));
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const proxy: FaultProxy = {
    endpoint: `http://127.0.0.1:${port}`,
    get seen() {
      return seen;
    },
    begin: (next) => {
      fault = next === undefined ? undefined : { isLasting: false, ...next };
      seen = [];
      repeats = [];
    },
    before: async () => undefined,
    settled: async () => {
      while (pending.size > 0) await Promise.all(pending);
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return proxy;
}
