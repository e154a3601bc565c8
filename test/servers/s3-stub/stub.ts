import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { objectsXml, partsXml, uploadsXml, versionsXml } from './list-xml.ts';
import { type StubStore, seek } from './store.ts';

export interface StubRequest {
  readonly operation: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
}

/** What to do with a request instead of answering it, or before: nothing for undefined. */
export interface Fault {
  readonly delayMs?: number;
  readonly status?: number;
  readonly code?: string;
  /** The connection is cut after this many bytes of the body. */
  readonly cutAfterBytes?: number;
}

export interface StubOptions {
  readonly buckets: Readonly<Record<string, StubStore>>;
  readonly fault?: (request: StubRequest) => Fault | undefined;
}

export interface Stub {
  readonly endpoint: string;
  /** How many requests were answered or refused, by operation. */
  readonly counts: Record<string, number>;
  /** The most requests that were under way at once. */
  readonly mostInFlight: number;
  /** May be changed while it runs. */
  fault: (request: StubRequest) => Fault | undefined;
  close(): Promise<void>;
}

function operationOf(query: URLSearchParams, key: string): string {
  if (key === '') {
    for (const [name, operation] of [
      ['versioning', 'GetBucketVersioning'],
      ['location', 'GetBucketLocation'],
      ['versions', 'ListObjectVersions'],
      ['uploads', 'ListMultipartUploads'],
      ['lifecycle', 'GetBucketLifecycleConfiguration'],
    ] as const)
      if (query.has(name)) return operation;
    return 'ListObjectsV2';
  }
  if (query.has('uploadId')) return 'ListParts';
  return query.has('tagging') ? 'GetObjectTagging' : 'GetObject';
}

/** An S3 server in this process that answers reads by what its stores hold, and fails where it is told to. */
export async function startStub(options: StubOptions): Promise<Stub> {
  let inFlight = 0;
  const state = { mostInFlight: 0 };
  const counts: Record<string, number> = {};

  const server = createServer((incoming, response) => {
    const url = new URL(incoming.url ?? '/', 'http://localhost');
    const [bucket = '', ...rest] = decodeURIComponent(url.pathname).slice(1).split('/');
    const key = rest.join('/');
    const request: StubRequest = {
      operation: operationOf(url.searchParams, key),
      bucket,
      key,
      query: url.searchParams,
      headers: incoming.headers,
    };
    counts[request.operation] = (counts[request.operation] ?? 0) + 1;
    inFlight++;
    state.mostInFlight = Math.max(state.mostInFlight, inFlight);
    response.once('close', () => {
      inFlight--;
    });
    const fault = stub.fault(request);
    const go = (): void => {
      if (response.destroyed) return;
      const reply = fault?.status === undefined ? answer(options, request) : refuse(fault.status, fault.code ?? 'InternalError');
      send(response, reply, fault?.cutAfterBytes);
    };
    if (fault?.delayMs === undefined) go();
    else setTimeout(go, fault.delayMs);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stub: Stub = {
    endpoint: `http://127.0.0.1:${port}`,
    counts,
    get mostInFlight() {
      return state.mostInFlight;
    },
    fault: options.fault ?? (() => undefined),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return stub;
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const xml = (text: string, status = 200): Reply => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${text}`, 'utf8'),
});
const refuse = (status: number, code: string): Reply => xml(`<Error><Code>${code}</Code><Message>no</Message></Error>`, status);

function send(response: ServerResponse, { status, headers, body }: Reply, cutAfterBytes: number | undefined): void {
  response.writeHead(status, { ...headers, 'content-length': body.length });
  if (cutAfterBytes === undefined) response.end(body);
  else response.write(body.subarray(0, cutAfterBytes), () => response.destroy());
}

function answer({ buckets }: StubOptions, request: StubRequest): Reply {
  const { operation, key, query } = request;
  const store = buckets[request.bucket];
  if (!store) return refuse(404, 'NoSuchBucket');
  if (operation === 'GetBucketVersioning') {
    return xml(`<VersioningConfiguration>${store.versioning ? `<Status>${store.versioning}</Status>` : ''}</VersioningConfiguration>`);
  }
  if (operation === 'GetBucketLocation') return xml('<LocationConstraint/>');
  if (operation === 'ListObjectVersions') return xml(versionsXml(store, query));
  if (operation === 'ListObjectsV2') return xml(objectsXml(store, query));
  if (operation === 'ListMultipartUploads') return xml(uploadsXml(store, query));
  if (operation === 'GetBucketLifecycleConfiguration') return refuse(404, 'NoSuchLifecycleConfiguration');
  if (operation === 'ListParts') {
    const parts = partsXml(store, key, query);
    return parts === null ? refuse(404, 'NoSuchUpload') : xml(parts);
  }
  const wanted = Buffer.from(key, 'utf8');
  const index = seek(store, wanted, false);
  const found = index < store.count && store.keyAt(index).equals(wanted) ? store.versionsAt(index) : [];
  const versionId = query.get('versionId');
  const version = versionId === null ? found[0] : found.find((one) => one.versionId === versionId);
  if (!version) return refuse(404, versionId === null || found.length === 0 ? 'NoSuchKey' : 'NoSuchVersion');
  if (version.isDeleteMarker) return refuse(405, 'MethodNotAllowed');
  if (operation === 'GetObjectTagging') {
    const tags = (version.tags ?? []).map(([name, value]) => `<Tag><Key>${name}</Key><Value>${value}</Value></Tag>`).join('');
    return xml(`<Tagging><TagSet>${tags}</TagSet></Tagging>`);
  }
  return getObject(version.body ?? Buffer.alloc(version.sizeBytes ?? 0, 'x'), request);
}

function getObject(body: Buffer, { headers }: StubRequest): Reply {
  const etag = `"${createHash('md5').update(body).digest('hex')}"`;
  if (headers['if-match'] !== undefined && headers['if-match'] !== etag) return refuse(412, 'PreconditionFailed');
  const range = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '');
  if (range === null) return { status: 200, headers: { etag }, body };
  const from = Number(range[1]);
  const to = Math.min(body.length - 1, range[2] === '' ? body.length - 1 : Number(range[2]));
  if (from >= body.length) return refuse(416, 'InvalidRange');
  return { status: 206, headers: { etag, 'content-range': `bytes ${from}-${to}/${body.length}` }, body: body.subarray(from, to + 1) };
}
