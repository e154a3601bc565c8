import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { writerOf } from './permit.ts';

/** What every client of the SDK has, and all that is needed of it here. */
interface Guarded {
  readonly middlewareStack: {
    // biome-ignore lint/suspicious/noExplicitAny: the SDK types its stack by the union of every command of a service
    add(middleware: any, options: { readonly step: 'initialize'; readonly name: string }): void;
    // biome-ignore lint/suspicious/noExplicitAny: as above
    add(middleware: any, options: { readonly step: 'build'; readonly name: string }): void;
  };
}
type Next = (args: Args) => Promise<unknown>;
type Context = { readonly commandName?: string; userAgent?: [string, string][] };
type Args = { readonly input: object; readonly request: { readonly headers: Record<string, string> } };

const READS = /^(Get|List|Head|Describe)[A-Z]/;

/**
 * Puts two rules into a client. No command but a read leaves it unless a writer of this folder has said so (permit.ts).
 * And where the account that owns `bucket` is known, every request to it carries that account, so that a bucket which
 * changed hands answers 403 (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html).
 */
export function guardClient(client: Guarded, bucket: string | undefined, owner: string | undefined): void {
  client.middlewareStack.add(
    (next: Next, context: Context) => (args: Args) => {
      const writer = writerOf(args.input);
      const name = context.commandName ?? '';
      if (writer === undefined && !READS.test(name)) throw new Error(`${name || 'a command'} would write, and nobody permitted it`);
      context.userAgent = [...(context.userAgent ?? []), ['isotherm', writer ?? 'read']];
      return next(args);
    },
    { step: 'initialize', name: 'isothermPermit' },
  );
  if (owner === undefined || isDirectoryBucket(bucket)) return;
  client.middlewareStack.add(
    (next: Next) => (args: Args) => {
      if ((args.input as { Bucket?: string }).Bucket === bucket) args.request.headers['x-amz-expected-bucket-owner'] = owner;
      return next(args);
    },
    { step: 'build', name: 'isothermOwner' },
  );
}

/** Directory buckets do not know the header (s3-domain 4.5). */
const isDirectoryBucket = (bucket: string | undefined): boolean => bucket?.endsWith('--x-s3') ?? false;

/** How long and how often a request is tried. */
export interface Tuning {
  readonly maxAttempts: number;
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** First wait of the backoff; five times that when throttled (s3-domain 5.3). */
  readonly backoffMs: number;
  /** How many connections may be open at once; the SDK's 50 unless given. */
  readonly connections?: number;
}

export const USUAL_TUNING: Tuning = { maxAttempts: 8, connectTimeoutMs: 3_000, requestTimeoutMs: 30_000, backoffMs: 100 };

export const requestHandlerOf = ({
  connectTimeoutMs,
  requestTimeoutMs,
  connections,
}: Tuning): NonNullable<S3ClientConfig['requestHandler']> => ({
  ...(connections === undefined ? {} : { httpAgent: { maxSockets: connections }, httpsAgent: { maxSockets: connections } }),
  connectionTimeout: connectTimeoutMs,
  requestTimeout: requestTimeoutMs,
  throwOnRequestTimeout: true,
  socketTimeout: requestTimeoutMs,
});
