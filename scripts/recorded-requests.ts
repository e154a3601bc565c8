import { existsSync, readFileSync } from 'node:fs';

/** One HTTP request as test/support/record-requests.mjs noted it. */
export interface RecordedRequest {
  /** The script the process ran. */
  readonly program: string;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  /** Who sent it by its user agent: "read", or a writer of src/main/s3; null: not the product's client. */
  readonly mark: string | null;
  /** The operation of a JSON service, as its X-Amz-Target names it; empty elsewhere. */
  readonly target: string;
}

const PRODUCT = /[\\/]bin[\\/]isotherm$|[\\/](src|out)[\\/]main[\\/]/;
/** A configuration is written and deleted at /bucket?lifecycle, whatever else the query says (s3-domain 4.6). */
const LIFECYCLE = /[?&]lifecycle(=|&|$)/;
const CONTROL = /^\/v20180820\/jobs([/?]|$)/;
/** The list that a batch job reads. */
const MANIFEST = /\.manifest\.csv(\?|$)/;

/** Athena is asked, and told to stop; its own results are all it writes. */
const QUERY = /^AmazonAthena\.(StartQueryExecution|StopQueryExecution|Get\w+|List\w+)$/;

/** Why a request should not have been, or null. Reads are free; only two modules write, and each only what is its own. */
export function faultOf({ program, method, path, mark, target }: RecordedRequest): string | null {
  if (mark === null) return PRODUCT.test(program) ? 'a request past the one S3 client' : null;
  if (mark === 'read') return method === 'GET' || method === 'HEAD' ? null : 'a write that is marked as a read';
  if (mark === 'lifecycle') return LIFECYCLE.test(path) && (method === 'PUT' || method === 'DELETE') ? null : 'not a lifecycle write';
  if (mark === 'control') return CONTROL.test(path) || (method === 'PUT' && MANIFEST.test(path)) ? null : 'not a batch job';
  if (mark === 'query') return method === 'POST' && path === '/' && QUERY.test(target) ? null : 'not a query';
  return 'an unknown writer';
}

/** Counts by mark, and every request that should not have been. */
export function judgeRequests(file: string): { readonly counts: Record<string, number>; readonly faults: string[] } {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  const counts: Record<string, number> = {};
  const faults: string[] = [];
  for (const line of lines) {
    const request = JSON.parse(line) as RecordedRequest;
    if (request.mark !== null) counts[request.mark] = (counts[request.mark] ?? 0) + 1;
    const why = faultOf(request);
    if (why !== null) faults.push(`${request.method} ${request.host}${request.path}: ${why}`);
  }
  return { counts, faults };
}
