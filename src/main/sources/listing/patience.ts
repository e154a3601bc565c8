import { setTimeout as sleep } from 'node:timers/promises';
import type { AppError } from '../../../contract/errors.ts';
import { err, type Result } from '../../../contract/result.ts';
import type { CallLimit } from '../../../core/listing/call-limit.ts';
import { cancelled } from '../cancelled.ts';

/** A service that has never answered is not there; one that has may be away for a while. */
const TRIES_IN_VAIN = 3;
const PATIENCE_MS = 180_000;
/** Of one call after another; doubles from try to try. */
const FIRST_WAIT_MS = 100;

/**
 * When a crawl of many calls goes on in spite of failures. A call is repeated however often the service asks to slow down or
 * breaks off, until nothing at all came through for three minutes.
 */
export class Patience {
  readonly limit: CallLimit;
  private readonly signal: AbortSignal;
  private readonly patienceMs: number;
  private hasAnswered = false;
  private failures = 0;
  private failingSinceMs: number | undefined;

  constructor(limit: CallLimit, signal: AbortSignal, patienceMs = PATIENCE_MS) {
    this.limit = limit;
    this.signal = signal;
    this.patienceMs = patienceMs;
  }

  answered(): void {
    this.hasAnswered = true;
    this.failures = 0;
    this.failingSinceMs = undefined;
    this.limit.succeeded();
  }

  /** Whether the call is worth another try; how long to wait, the limit knows. */
  forgives(error: AppError): boolean {
    if (error.retryable !== true) return false;
    const now = performance.now();
    this.failingSinceMs ??= now;
    this.failures++;
    if (error.code === 'Throttled') this.hasAnswered = true;
    this.limit.failed(now);
    if (!this.hasAnswered && this.failures >= TRIES_IN_VAIN) return false;
    return now - this.failingSinceMs < this.patienceMs;
  }

  /** Waits until something may be sent again. */
  async pause(): Promise<void> {
    const waitMs = this.limit.waitMs(performance.now());
    if (waitMs > 0) await sleep(waitMs, undefined, { signal: this.signal }).catch(() => undefined);
  }

  /** Calls until there is an answer or no hope. */
  async insist<T>(call: () => Promise<Result<T>>): Promise<Result<T>> {
    for (let tries = 0; ; tries++) {
      if (this.signal.aborted) return err(cancelled());
      const answer = await call();
      if (answer.ok) {
        this.answered();
        return answer;
      }
      if (!this.forgives(answer.error)) return answer;
      await sleep(Math.random() * FIRST_WAIT_MS * 2 ** Math.min(tries, 7), undefined, { signal: this.signal }).catch(() => undefined);
      await this.pause();
    }
  }
}
