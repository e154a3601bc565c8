import { type AppError, appError, type ErrorCode } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { actionOf } from '../../core/rights/actions.ts';

/** What was being done, for the words of a failure. */
export interface Operation {
  /** The SDK's name of the operation, such as "ListObjectVersions". */
  readonly name: string;
  readonly bucket?: string | undefined;
  readonly key?: string | undefined;
  readonly endpoint?: string | null | undefined;
}

type Facts = { name: string; code: string; message: string; status: number | undefined; region: string | undefined };

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

function factsOf(error: unknown): Facts {
  const raw = record(error);
  const metadata = record(raw.$metadata);
  const headers = record(record(raw.$response).headers);
  const cause = record(raw.cause);
  const status = metadata.httpStatusCode;
  return {
    name: text(raw.name),
    code: text(raw.Code) || text(raw.code) || text(cause.code),
    message: text(raw.message),
    status: typeof status === 'number' ? status : undefined,
    region: text(headers['x-amz-bucket-region']) || text(raw.Region) || undefined,
  };
}

const UNREACHABLE =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN|ECONNABORTED|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS|EPROTO)/;
const DROPPED = /^(ECONNRESET|EPIPE|ERR_STREAM_PREMATURE_CLOSE)$/;
const TIMED_OUT = /^(TimeoutError|ETIMEDOUT|RequestTimeout|ESOCKETTIMEDOUT)$/;
const THROTTLED =
  /^(SlowDown|Throttling|ThrottlingException|TooManyRequests|TooManyRequestsException|RequestLimitExceeded|ServiceUnavailable)$/;
const CREDENTIALS = /^(CredentialsProviderError|TokenProviderError|NoCredentials|ProviderError)$/;
const BAD_CREDENTIALS =
  /^(InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|ExpiredTokenException|InvalidToken|TokenRefreshRequired|RequestTimeTooSkewed|InvalidClientTokenId|UnrecognizedClientException)$/;
const MOVED = /^(PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException|301)$/;

/** Servers other than AWS answer some questions with one of these. */
const NOT_HERE = /^(NotImplemented|MethodNotAllowed|NotSupported|InvalidRequest|501|405)$/;

const has = (pattern: RegExp, facts: Facts): boolean => pattern.test(facts.name) || pattern.test(facts.code);

/** Turns whatever the SDK threw into one failure in our words. Abort errors become Cancelled. */
export function remoteError(error: unknown, operation: Operation): AppError {
  const facts = factsOf(error);
  const on = operation.bucket === undefined ? '' : ` on bucket "${operation.bucket}"`;
  const what = `${operation.name}${on}${operation.key === undefined ? '' : `, key "${operation.key}"`}`;
  const endpoint = operation.endpoint ?? 'the endpoint of AWS';
  const detail = [facts.name || facts.code, facts.message].filter((part) => part !== '').join(': ') || String(error);
  const fail = (code: ErrorCode, message: string, next?: string): AppError => appError(code, message, { detail, next });

  if (facts.name === 'AbortError') return appError('Cancelled', `${what} was cancelled.`);
  if (has(CREDENTIALS, facts)) return fail('CredentialsMissing', `No usable credentials were found for ${what}.`);
  if (has(BAD_CREDENTIALS, facts)) {
    return fail(
      'AccessDenied',
      `The credentials were not accepted for ${what} (${facts.name || facts.code}).`,
      'Renew or correct the credentials, check the clock of this machine, or use another profile.',
    );
  }
  if (has(THROTTLED, facts) || facts.status === 503 || facts.status === 429)
    return fail('Throttled', `The service asked to slow down at ${what}.`);
  if (has(UNREACHABLE, facts)) return fail('EndpointUnreachable', `${endpoint} could not be reached for ${what}.`);
  if (has(TIMED_OUT, facts)) {
    return /connect/i.test(facts.message)
      ? fail('EndpointUnreachable', `${endpoint} did not accept a connection in time for ${what}.`)
      : fail('RemoteTimeout', `${endpoint} did not answer in time at ${what}.`);
  }
  if (has(DROPPED, facts)) return fail('RemoteFailed', `The connection to ${endpoint} broke off during ${what}.`);
  if (has(MOVED, facts) || facts.status === 301 || facts.status === 307) {
    const region = facts.region === undefined ? '' : ` It lies in region ${facts.region}.`;
    return fail('WrongRegion', `The bucket answers from another region than the one asked at ${what}.${region}`);
  }
  if (has(/^(NoSuchBucket|InvalidBucketName)$/, facts))
    return fail('BucketNotFound', `Bucket "${operation.bucket ?? ''}" does not exist at ${endpoint}.`);
  if (
    has(/^(AccessDenied|AccessDeniedException|Forbidden|AllAccessDisabled|AccountProblem)$/, facts) ||
    facts.status === 401 ||
    facts.status === 403
  ) {
    const action = actionOf(operation.name);
    return fail('AccessDenied', `Access was denied for ${what}.${action === undefined ? '' : ` It needs the action ${action}.`}`);
  }
  if (facts.status !== undefined && facts.status < 300)
    return fail('RemoteFailed', `The answer to ${what} was cut short or is not what S3 answers.`);
  if (facts.status === undefined) return fail('RemoteFailed', `${what} failed before the service answered.`);
  if (facts.status >= 500 && facts.status !== 501) return fail('RemoteFailed', `The service failed at ${what} (status ${facts.status}).`);
  return fail('RemoteRefused', `The service refused ${what} (${facts.name || facts.code || `status ${facts.status}`}).`);
}

/** Whether the right to do it is missing, as against credentials that are no good: both are AccessDenied. */
export const isRightMissing = (error: AppError): boolean =>
  error.code === 'AccessDenied' && /^(AccessDenied|AccessDeniedException|Forbidden|403)\b/.test(error.detail ?? '');

const UNANSWERED: ReadonlySet<ErrorCode> = new Set(['RemoteFailed', 'RemoteTimeout', 'EndpointUnreachable', 'Throttled', 'Internal']);

/** Whether a request may have reached the service all the same, or may yet. */
export const isUnanswered = ({ code }: AppError): boolean => UNANSWERED.has(code);

/** Whether a code of a service says that it has no answer to such a question at all. */
export const isNotHere = (code: string): boolean => NOT_HERE.test(code);

/** The service's own error code, such as "NoSuchKey" or "NoSuchLifecycleConfiguration"; '' where it gave none. */
export function serviceCode(error: unknown): string {
  const facts = factsOf(error);
  return facts.name === 'Error' || facts.name === '' ? facts.code : facts.name;
}

/** Runs one SDK call; its failure becomes a Result. */
export async function attempt<T>(operation: Operation, call: () => Promise<T>): Promise<Result<T>> {
  try {
    return ok(await call());
  } catch (error) {
    return err(remoteError(error, operation));
  }
}
