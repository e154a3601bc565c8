import { describe, expect, it } from 'vitest';
import { regionOfLocation } from '../../../src/main/s3/client.ts';
import { remoteError } from '../../../src/main/s3/errors.ts';
import { createRetryStrategy } from '../../../src/main/s3/retry.ts';

const failure = (name: string, status?: number, extra: object = {}): Error =>
  Object.assign(new Error('words of the service'), {
    name,
    ...(status === undefined ? {} : { $metadata: { httpStatusCode: status } }),
    ...extra,
  });

describe('what the service or the network answers', () => {
  it.each([
    ['AccessDenied', failure('AccessDenied', 403)],
    ['AccessDenied', failure('InvalidAccessKeyId', 403)],
    ['AccessDenied', failure('Unknown', 403)],
    ['BucketNotFound', failure('NoSuchBucket', 404)],
    ['WrongRegion', failure('PermanentRedirect', 301)],
    ['WrongRegion', failure('AuthorizationHeaderMalformed', 400)],
    ['CredentialsMissing', failure('CredentialsProviderError')],
    ['EndpointUnreachable', failure('Error', undefined, { code: 'ECONNREFUSED' })],
    ['EndpointUnreachable', failure('Error', undefined, { code: 'ENOTFOUND' })],
    ['EndpointUnreachable', failure('AggregateError', undefined, { code: 'ECONNREFUSED' })],
    ['RemoteTimeout', failure('TimeoutError')],
    ['Throttled', failure('SlowDown', 503)],
    ['RemoteFailed', failure('InternalError', 500)],
    ['RemoteFailed', failure('Error', undefined, { code: 'ECONNRESET' })],
    ['RemoteRefused', failure('MalformedXML', 400)],
    ['Cancelled', failure('AbortError')],
  ])('is %s', (code, error) => {
    const told = remoteError(error, { name: 'ListObjectVersions', bucket: 'ml-data', endpoint: 'http://localhost:7480' });
    expect(told.code).toBe(code);
    expect(told.message).toContain('ml-data');
  });

  it('names the IAM action where it does not bear the name of the operation', () => {
    const told = (name: string): string => remoteError(failure('AccessDenied', 403), { name, bucket: 'b' }).message;
    expect(told('ListObjectVersions')).toContain('s3:ListBucketVersions');
    expect(told('ListObjectsV2')).toContain('s3:ListBucket.');
    expect(told('GetBucketLifecycleConfiguration')).toContain('s3:GetLifecycleConfiguration');
    expect(told('DeleteBucketLifecycle')).toContain('s3:PutLifecycleConfiguration');
  });

  it('tells the region a bucket lies in when the answer does', () => {
    const error = failure('PermanentRedirect', 301, { $response: { headers: { 'x-amz-bucket-region': 'eu-west-3' } } });
    expect(remoteError(error, { name: 'ListObjectsV2', bucket: 'b' }).message).toContain('eu-west-3');
  });
});

it('reads the old spellings of a location', () => {
  expect([undefined, null, '', 'EU', 'eu-west-3'].map(regionOfLocation)).toEqual([
    'us-east-1',
    'us-east-1',
    'us-east-1',
    'eu-west-1',
    'eu-west-3',
  ]);
});

describe('retries', () => {
  const attempts = async (errors: readonly object[], errorType: 'TRANSIENT' | 'THROTTLING' | 'CLIENT_ERROR'): Promise<number> => {
    const strategy = createRetryStrategy(8, () => 0);
    let token = await strategy.acquireInitialRetryToken('');
    for (let i = 1; ; i++) {
      try {
        token = await strategy.refreshRetryTokenForRetry(token, { error: errors[Math.min(i, errors.length) - 1], errorType } as Parameters<
          typeof strategy.refreshRetryTokenForRetry
        >[1]);
      } catch {
        return i;
      }
    }
  };

  it('give up early on an endpoint that never answered', async () => expect(await attempts([{}], 'TRANSIENT')).toBe(3));
  it('go the whole way with one that answers', async () => expect(await attempts([{ $response: {} }], 'THROTTLING')).toBe(8));
  it('are not made for what the service refused', async () => expect(await attempts([{ $response: {} }], 'CLIENT_ERROR')).toBe(1));
});
