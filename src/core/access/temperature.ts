import type { EvidenceKind, Temperature } from '../../contract/unit-views.ts';
import { DAY_MS } from '../../contract/units.ts';
import { formatCount } from '../report/format.ts';
import type { Days } from './days.ts';

export interface TemperatureBounds {
  /** Below so many days since the last access: hot. */
  readonly hotDays: number;
  /** From so many days on: cold. */
  readonly coldDays: number;
}
export const USUAL_BOUNDS: TemperatureBounds = { hotDays: 30, coldDays: 90 };

/** What is known of one unit. */
export interface Known {
  /** Of its current objects. */
  readonly lastWriteMs: number;
  /** Of any of its objects, by a reader that counts; null where none was seen. */
  readonly lastReadMs: number | null;
  /** Days without access that Intelligent-Tiering's own tiers prove, at the snapshot; 0 where they prove nothing. */
  readonly tierDays: number;
}

/** How long ago the last access was, as far as it is known, and what that makes of it. */
export interface Age {
  readonly temperature: Temperature;
  /** The last access was at least and at most so many whole days before the snapshot. */
  readonly leastDays: number;
  readonly mostDays: number;
  readonly evidence: EvidenceKind;
  /** Days since the last known access that logs tell of, and how many there are; equal where nothing can have been missed. */
  readonly daysSeen: number;
  readonly daysSince: number;
}

const dayOf = (ms: number): number => Math.floor(ms / DAY_MS);

/**
 * The age of a unit's last access, as bounds: at most the time since the last known access, and at least the time since the last day
 * without a log, on which it may have been read unseen. Taking a day away from the logs can only widen them, so cold can become
 * unknown, and nothing becomes colder. The day of the snapshot itself is not asked for: its log is not written yet.
 */
export function ageOf(known: Known, days: Days, asOfMs: number, bounds: TemperatureBounds): Age {
  const lastKnownMs = Math.max(known.lastWriteMs, known.lastReadMs ?? Number.NEGATIVE_INFINITY);
  const mostDays = Math.max(0, Math.floor((asOfMs - lastKnownMs) / DAY_MS));
  const today = dayOf(asOfMs);
  const firstDay = dayOf(lastKnownMs);
  const gap = firstDay >= today ? null : days.lastGap(firstDay, today - 1);
  // Read at the very end of that day, at the latest.
  const sinceGap = gap === null ? mostDays : Math.max(0, Math.floor((asOfMs - (gap + 1) * DAY_MS) / DAY_MS));
  const fromTier = Math.min(known.tierDays, mostDays);
  const leastDays = Math.max(Math.min(sinceGap, mostDays), fromTier);
  const daysSince = Math.max(0, today - firstDay);
  const daysSeen = days.within(firstDay, today - 1);
  const byLogs = sinceGap >= fromTier && daysSeen > 0;
  return {
    temperature: temperatureOf(leastDays, mostDays, bounds),
    leastDays,
    mostDays,
    evidence: known.lastReadMs !== null || byLogs ? 'logs' : fromTier > 0 ? 'tier' : 'modifiedOnly',
    daysSeen,
    daysSince,
  };
}

/** Hot, warm or cold only where every age within the bounds is. */
export function temperatureOf(leastDays: number, mostDays: number, { hotDays, coldDays }: TemperatureBounds): Temperature {
  if (mostDays < hotDays) return 'hot';
  if (leastDays >= coldDays) return 'cold';
  return leastDays >= hotDays && mostDays < coldDays ? 'warm' : 'unknown';
}

/** Days without access that a tier of Intelligent-Tiering proves (s3-domain 2.1); the archive tiers' days can be set higher, not lower. */
export function tierDays(accessTier: string): number {
  return { INFREQUENT: 30, ARCHIVE_INSTANT_ACCESS: 90, ARCHIVE: 90, DEEP_ARCHIVE: 180 }[accessTier] ?? 0;
}

/** "no read seen in 143 of 143 logged days" and its like. */
export function ageInWords(age: Age, known: Known): string {
  const days = (count: number): string => `${formatCount(count)} ${count === 1 ? 'day' : 'days'}`;
  if (known.lastReadMs !== null && known.lastReadMs >= known.lastWriteMs) {
    const unseen = age.daysSince - age.daysSeen;
    return `last read seen ${days(age.mostDays)} ago${unseen > 0 ? `; ${days(unseen)} since have no log` : ''}`;
  }
  if (age.evidence === 'logs') return `no read seen in ${formatCount(age.daysSeen)} of ${days(age.daysSince)} since it was written`;
  if (age.evidence === 'tier') return `not accessed for at least ${days(age.leastDays)}, by its access tier`;
  return `written ${days(age.mostDays)} ago, reads unknown`;
}
