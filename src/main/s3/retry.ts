import type { S3ClientConfig } from '@aws-sdk/client-s3';

type RetryStrategy = Extract<NonNullable<S3ClientConfig['retryStrategy']>, { acquireInitialRetryToken: unknown }>;
type Token = Awaited<ReturnType<RetryStrategy['acquireInitialRetryToken']>>;
type ErrorInfo = Parameters<RetryStrategy['refreshRetryTokenForRetry']>[1];

const UNREACHABLE_ATTEMPTS = 3;
const MAX_DELAY_MS = 20_000;

const token = (count: number, delayMs: number): Token => ({ getRetryCount: () => count, getRetryDelay: () => delayMs });

/**
 * The SDK's standard backoff (full jitter, 100 ms base, 500 ms when throttled, 20 s cap; s3-domain 5.3)
 * with one difference: an endpoint that never answered is given up after three attempts, so a wrong
 * address fails in a second instead of after the whole ladder.
 */
export function createRetryStrategy(maxAttempts: number, random: () => number = Math.random, backoffMs = 100): RetryStrategy {
  let everAnswered = false;
  return {
    acquireInitialRetryToken: async () => token(0, 0),
    async refreshRetryTokenForRetry(previous: Token, info: ErrorInfo): Promise<Token> {
      const error: unknown = info.error;
      const answered = typeof error === 'object' && error !== null && '$response' in error && error.$response !== undefined;
      if (answered) everAnswered = true;
      const attempts = previous.getRetryCount() + 1;
      const limit = everAnswered ? maxAttempts : Math.min(maxAttempts, UNREACHABLE_ATTEMPTS);
      if (info.errorType === 'CLIENT_ERROR' || attempts >= limit) throw new Error('no attempt left');
      const base = info.errorType === 'THROTTLING' ? backoffMs * 5 : backoffMs;
      return token(attempts, Math.floor(random() * Math.min(MAX_DELAY_MS, base * 2 ** (attempts - 1))));
    },
    recordSuccess: () => {
      everAnswered = true;
    },
  };
}
