const HOUR_MS = 3_600_000;

/** How old what is shown is, in a tone and in words. `sample`: made-up data has no age that matters. */
export interface Staleness {
  readonly tone: 'ok' | 'warn' | 'bad' | 'sample';
  readonly words: string;
}

/** Fresh below 26 hours (a daily report and its delay), ageing below 8 days (a weekly one), stale from there. */
export function staleness(asOf: string, nowMs: number, isSample: boolean): Staleness {
  if (isSample) return { tone: 'sample', words: 'sample data' };
  const hours = (nowMs - Date.parse(asOf)) / HOUR_MS;
  if (hours < 1) return { tone: 'ok', words: 'less than 1 h old' };
  if (hours < 26) return { tone: 'ok', words: `${Math.floor(hours)} h old` };
  const days = Math.floor(hours / 24);
  if (hours < 8 * 24) return { tone: 'warn', words: days === 1 ? '1 day old' : `${days} days old` };
  return { tone: 'bad', words: `${days} days old, too old to act on` };
}
