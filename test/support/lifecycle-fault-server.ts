import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the fault server does to requests; every member may be changed while it runs. */
interface Faults {
  /** Rewrites a configuration as it is stored; the identity by default. */
  store: (xml: string) => string;
  /** Status for the next PUTs, before or after they take effect. */
  putStatus: { status: number; takesEffect: boolean } | null;
  minimumSize: string | null;
  versioning: string;
  /** Tags of the bucket; null: none. */
  tags: Readonly<Record<string, string>> | null;
  objectLock: string | null;
  replication: string | null;
  /** Questions (`?…`) that are answered 403. */
  denied: ReadonlySet<string>;
  /** Called before each GET of the configuration, with the number of the GET. */
  beforeGet: (count: number) => void;
}

export interface FaultServer {
  readonly endpoint: string;
  readonly faults: Faults;
  /** The stored configuration, raw; null when there is none. */
  xml: string | null;
  readonly puts: { readonly body: string; readonly minimumSize: string | undefined }[];
  deletes: number;
  /** Every request: its method, what it asks about ("lifecycle"), and the owner it expects. */
  readonly requests: readonly { readonly method: string; readonly asked: string; readonly owner: string }[];
  close(): Promise<void>;
}

const errorXml = (code: string, message: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;

/** The lifecycle calls of one bucket, only to inject faults that a real server does not show on demand. */
export async function startFaultServer(): Promise<FaultServer> {
  let gets = 0;
  const state: { xml: string | null; deletes: number } = { xml: null, deletes: 0 };
  const requests: { method: string; asked: string; owner: string }[] = [];
  const puts: { body: string; minimumSize: string | undefined }[] = [];
  const faults: Faults = {
    store: (xml) => xml,
    putStatus: null,
    minimumSize: null,
    versioning: 'Enabled',
    tags: null,
    objectLock: null,
    replication: null,
    denied: new Set(),
    beforeGet: () => undefined,
  };
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const answer = (status: number, xml = '', headers: Record<string, string> = {}) =>
        response.writeHead(status, { 'content-type': 'application/xml', ...headers }).end(xml);
      const asked = [...url.searchParams.keys()].find((name) => name !== 'x-id') ?? '';
      requests.push({ method: request.method ?? '', asked, owner: String(request.headers['x-amz-expected-bucket-owner'] ?? '') });
      if (faults.denied.has(asked)) return answer(403, errorXml('AccessDenied', 'denied'));
      const orNone = (xml: string | null, none: string) => (xml === null ? answer(404, errorXml(none, 'none')) : answer(200, xml));
      if (asked === 'versioning')
        return answer(200, `<VersioningConfiguration><Status>${faults.versioning}</Status></VersioningConfiguration>`);
      if (asked === 'object-lock') return orNone(faults.objectLock, 'ObjectLockConfigurationNotFoundError');
      if (asked === 'replication') return orNone(faults.replication, 'ReplicationConfigurationNotFoundError');
      if (asked === 'tagging') {
        const tags = Object.entries(faults.tags ?? {}).map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`);
        return orNone(faults.tags === null ? null : `<Tagging><TagSet>${tags.join('')}</TagSet></Tagging>`, 'NoSuchTagSet');
      }
      if (!url.searchParams.has('lifecycle')) return answer(404, errorXml('NoSuchKey', 'not here'));
      if (request.method === 'GET') {
        gets += 1;
        faults.beforeGet(gets);
        if (state.xml === null) return answer(404, errorXml('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist'));
        return answer(
          200,
          state.xml,
          faults.minimumSize === null ? {} : { 'x-amz-transition-default-minimum-object-size': faults.minimumSize },
        );
      }
      if (request.method === 'DELETE') {
        state.deletes += 1;
        state.xml = null;
        return answer(204);
      }
      const header = request.headers['x-amz-transition-default-minimum-object-size'];
      puts.push({ body, minimumSize: Array.isArray(header) ? header[0] : header });
      const fault = faults.putStatus;
      if (fault === null || fault.takesEffect) state.xml = faults.store(body);
      return fault === null
        ? answer(200)
        : answer(fault.status, errorXml(fault.status === 403 ? 'AccessDenied' : 'MalformedXML', 'refused'));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    faults,
    puts,
    requests,
    get xml() {
      return state.xml;
    },
    set xml(value) {
      state.xml = value;
    },
    get deletes() {
      return state.deletes;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
