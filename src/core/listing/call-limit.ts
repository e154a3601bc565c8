/** How many calls may be on their way at once. */
export interface CallLimit {
  /** How many more may be sent at this time, beside those on their way. */
  room(inFlight: number, nowMs: number): number;
  /** How long nothing may be sent; 0 when something may. */
  waitMs(nowMs: number): number;
  succeeded(): void;
  /** The service asked to slow down, or could not keep up. */
  failed(nowMs: number): void;
}

const START = 32;
const LEAST = 1;
/** However many calls fail within this time, it is one sign, but for so many without an answer between them. */
const SIGN_MS = 500;
const IN_VAIN = 8;
const CUT = 0.6;
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 20_000;

/**
 * Grows by one call for each answer until the service first asks to slow down, then by one for each round of answers, and
 * falls by two fifths with a pause at every sign of trouble. Pauses double while no answer comes between, and are of random
 * length up to that (s3-domain 5.3). `random` gives numbers of [0, 1).
 */
export function createCallLimit(most: number, random: () => number): CallLimit {
  let limit = Math.min(START, most);
  let isFirstGrowth = true;
  let signMs = Number.NEGATIVE_INFINITY;
  let pausedUntilMs = 0;
  let streak = 0;
  let inVain = 0;
  return {
    room: (inFlight, nowMs) => (nowMs < pausedUntilMs ? 0 : Math.max(0, Math.floor(limit) - inFlight)),
    waitMs: (nowMs) => Math.max(0, pausedUntilMs - nowMs),
    succeeded() {
      streak = 0;
      inVain = 0;
      limit = Math.min(most, limit + (isFirstGrowth ? 1 : 1 / limit));
    },
    failed(nowMs) {
      inVain++;
      if (nowMs - signMs < SIGN_MS && inVain < IN_VAIN) return;
      inVain = 0;
      signMs = nowMs;
      isFirstGrowth = false;
      limit = Math.max(LEAST, limit * CUT);
      pausedUntilMs = nowMs + random() * Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** streak);
      streak++;
    },
  };
}
