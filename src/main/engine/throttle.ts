import type { Progress } from '../../contract/frames.ts';

/** At most four reports a second. */
const PROGRESS_INTERVAL_MS = 250;

/** Lets a report through at most every interval, the newest of those between, and always the last one. */
export function throttleProgress(send: (progress: Progress) => void, now: () => number = () => performance.now()) {
  let lastMs = Number.NEGATIVE_INFINITY;
  let held: Progress | undefined;
  let timer: NodeJS.Timeout | undefined;

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (held === undefined) return;
    const progress = held;
    held = undefined;
    lastMs = now();
    send(progress);
  };

  return {
    report(progress: Progress): void {
      held = progress;
      const waitMs = lastMs + PROGRESS_INTERVAL_MS - now();
      if (waitMs <= 0) flush();
      else timer ??= setTimeout(flush, waitMs);
    },
    /** Sends what was held back; nothing is sent afterwards. */
    end: flush,
  };
}
