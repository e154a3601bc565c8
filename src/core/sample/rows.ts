import { DAY_MS } from '../../contract/units.ts';
import type { Random } from './random.ts';

/** When the sample's report began: every age in it is counted from here. */
export const SAMPLE_AS_OF_MS = Date.UTC(2026, 10, 21);
/** The bucket is four years old. */
export const SAMPLE_SPAN_DAYS = 1461;

export const KIB = 1024;
export const MIB = 1024 * KIB;
export const GIB = 1024 * MIB;

/** A checkpoint as the generator means it; all rows of one share it. */
export interface SampleCheckpoint {
  readonly run: string;
  /** From the first of its run to the last; null for one that is overwritten again and again. */
  readonly place: number | null;
  /** How many objects it has once it is whole. */
  readonly objects: number;
}

/** One version, before it is written as a line of the report. */
export interface SampleRow {
  readonly key: string;
  readonly isLatest: boolean;
  readonly isDeleteMarker: boolean;
  readonly sizeBytes: number;
  readonly lastModifiedMs: number;
  readonly storageClass: string;
  /** Intelligent-Tiering's access tier, else ''. */
  readonly accessTier: string;
  readonly checkpoint?: SampleCheckpoint;
}

/** How an area moves its objects to colder classes as they age: the first entry whose age is reached wins. */
export type Ladder = readonly (readonly [fromDays: number, storageClass: string, share: number])[];

export interface AreaContext {
  readonly random: Random;
  /** Multiplied into every size so that very large samples still add up below 2^53. */
  readonly scale: number;
}

export type AreaRows = Generator<SampleRow, never, void>;

/** An instant so many days before the report, at a time of day drawn by chance; an hour is left for what is written next. */
export function daysBefore(random: Random, days: number): number {
  return SAMPLE_AS_OF_MS - Math.floor(days * DAY_MS) - random.between(3_600_000, DAY_MS - 1);
}

/** More was written lately than long ago. */
export function anyAge(random: Random): number {
  return Math.floor(SAMPLE_SPAN_DAYS * random.unit() ** 1.6);
}

export function dateParts(ms: number): { year: string; month: string; day: string; compact: string } {
  const iso = new Date(ms).toISOString();
  return {
    year: iso.slice(0, 4),
    month: iso.slice(5, 7),
    day: iso.slice(8, 10),
    compact: iso.slice(0, 19).replace(/[-:]/g, '').replace('T', '_'),
  };
}

const TIERS = [
  [30, 'FREQUENT'],
  [90, 'INFREQUENT'],
  [270, 'ARCHIVE_INSTANT_ACCESS'],
  [Number.POSITIVE_INFINITY, 'ARCHIVE'],
] as const;

/** Objects below 128 KiB stay in FREQUENT (s3-domain 2.1). */
function tierOf(ageDays: number, sizeBytes: number): string {
  if (sizeBytes < 128 * KIB) return 'FREQUENT';
  return TIERS.find(([below]) => ageDays < below)?.[1] ?? 'ARCHIVE';
}

export function classAt(random: Random, ladder: Ladder, lastModifiedMs: number): string {
  const ageDays = (SAMPLE_AS_OF_MS - lastModifiedMs) / DAY_MS;
  for (const [fromDays, storageClass, share] of ladder) if (ageDays >= fromDays && random.chance(share)) return storageClass;
  return 'STANDARD';
}

/** The one version of a key. */
export function current(context: AreaContext, key: string, meanBytes: number, lastModifiedMs: number, storageClass: string): SampleRow {
  return exact(key, Math.max(1, Math.round(context.random.around(meanBytes) * context.scale)), lastModifiedMs, storageClass);
}

/** A current version of exactly this size. */
export function exact(key: string, sizeBytes: number, lastModifiedMs: number, storageClass: string): SampleRow {
  return {
    key,
    isLatest: true,
    isDeleteMarker: false,
    sizeBytes,
    lastModifiedMs,
    storageClass,
    accessTier: storageClass === 'INTELLIGENT_TIERING' ? tierOf((SAMPLE_AS_OF_MS - lastModifiedMs) / DAY_MS, sizeBytes) : '',
  };
}

/** The versions an overwritten key left behind, from the newest to the oldest, each some time before the one after it. */
export function* history(context: AreaContext, latest: SampleRow, count: number, everyDays: number): Generator<SampleRow, void, void> {
  let successorMs = latest.lastModifiedMs;
  for (let i = 0; i < count; i++) {
    successorMs -= Math.floor(everyDays * DAY_MS * (0.5 + context.random.unit())) + 1000;
    yield { ...latest, isLatest: false, isDeleteMarker: false, lastModifiedMs: successorMs };
  }
}

/** A delete marker as the latest version, and what it hides behind it. */
export function* deleted(context: AreaContext, hidden: SampleRow, afterDays: number): Generator<SampleRow, void, void> {
  const markerMs = Math.min(
    SAMPLE_AS_OF_MS - 1000,
    hidden.lastModifiedMs + Math.floor(afterDays * DAY_MS * (0.5 + context.random.unit())) + 1000,
  );
  yield { ...hidden, isDeleteMarker: true, sizeBytes: 0, lastModifiedMs: markerMs, storageClass: '', accessTier: '' };
  yield { ...hidden, isLatest: false };
}
