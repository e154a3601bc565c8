import type { LifecycleConfiguration, Rule, Tag } from '../../../contract/lifecycle.ts';
import { DAY_MS, SMALL_OBJECT_BYTES } from '../../../contract/units.ts';
import type { RunOptions } from '../options.ts';

/**
 * The slow engine, written to be read: every version by itself, every day by itself, from the words of s3-domain 3 and 4.
 * It shares no code with the fast engine beside the price list, so that each can be held against the other.
 */

/** One version or delete marker as a report tells it. */
export interface OracleVersion {
  /** null for the null version. */
  readonly versionId: string | null;
  readonly isMarker: boolean;
  readonly isLatest: boolean;
  readonly sizeBytes: number;
  readonly lastModifiedMs: number;
  /** When its successor was created; null while it is the latest. */
  readonly noncurrentSinceMs: number | null;
  readonly storageClass: string;
  readonly accessTier: string;
  /** null where nobody knows. */
  readonly tags: readonly Tag[] | null;
  /** As in `Cube`: a lock keeps it from being deleted while this is later than the day. */
  readonly lockedUntilDay: number;
  readonly isReplicationBlocked: boolean;
}

/** A key with its versions and delete markers, newest first. */
export interface OracleKey {
  readonly key: string;
  readonly versions: readonly OracleVersion[];
}

/** What is left of a multipart upload that was never completed. */
export interface OracleUpload {
  readonly key: string;
  readonly initiatedMs: number;
  readonly storageClass: string;
  readonly bytes: number;
}

/** A version while its story is told. */
export interface Told {
  readonly version: OracleVersion;
  /** Created by lifecycle: a delete marker of its own making. */
  readonly isMade: boolean;
  storageClass: string;
  accessTier: string;
  /** When the clock of its rules started. */
  clockMs: number;
  isCurrent: boolean;
  isGone: boolean;
  /** The day it came into its class; null where no report tells. */
  enteredDay: number | null;
  /** The rules whose filters match it. */
  readonly about: readonly Rule[];
  /** What kept lifecycle from acting when it was due. */
  readonly kept: { bySize: boolean; byLock: boolean; byReplication: boolean };
}

/** What lifecycle did to a version in a run. */
export type Deed =
  | {
      readonly kind: 'transition';
      readonly told: Told;
      readonly from: string;
      readonly fromTier: string;
      readonly target: string;
      readonly rule: Rule;
    }
  | { readonly kind: 'removed' | 'hidden' | 'cleaned'; readonly told: Told; readonly rule: Rule };

/** Cold after warm; Intelligent-Tiering is preferred to all but the two archives (s3-domain 4.5). */
const PREFERENCE = ['STANDARD_IA', 'ONEZONE_IA', 'GLACIER_IR', 'INTELLIGENT_TIERING', 'GLACIER', 'DEEP_ARCHIVE'];
const ARCHIVES = ['GLACIER', 'DEEP_ARCHIVE'];

/** Where lifecycle can move a version to (s3-domain 4.3). */
function mayMove(storageClass: string, tier: string, target: string): boolean {
  switch (storageClass) {
    case 'STANDARD':
    case 'REDUCED_REDUNDANCY':
      return PREFERENCE.includes(target);
    case 'STANDARD_IA':
      return ['INTELLIGENT_TIERING', 'ONEZONE_IA', 'GLACIER_IR', ...ARCHIVES].includes(target);
    case 'INTELLIGENT_TIERING':
      if (tier === 'DEEP_ARCHIVE') return target === 'DEEP_ARCHIVE';
      if (tier === 'ARCHIVE') return ARCHIVES.includes(target);
      if (tier === 'ARCHIVE_INSTANT_ACCESS') return ['GLACIER_IR', ...ARCHIVES].includes(target);
      return ['ONEZONE_IA', 'GLACIER_IR', ...ARCHIVES].includes(target);
    case 'ONEZONE_IA':
    case 'GLACIER_IR':
      return ARCHIVES.includes(target);
    case 'GLACIER':
      return target === 'DEEP_ARCHIVE';
    default:
      return false;
  }
}

/** A text that begins as another does exactly where their UTF-8 bytes do. */
const utf8 = (text: string): string => encodeURIComponent(text.toWellFormed());

type FilterParts = ReturnType<typeof readFilter>;
const filters = new WeakMap<Rule, FilterParts>();

/** What a rule's filter says, read once. */
function filterOf(rule: Rule): FilterParts {
  const known = filters.get(rule) ?? readFilter(rule);
  filters.set(rule, known);
  return known;
}

/** Whichever way it is spelled. */
function readFilter(rule: Rule) {
  const filter = rule.Filter ?? {};
  const and = filter.And ?? {};
  return {
    prefixes: [rule.Prefix, filter.Prefix, and.Prefix].filter((prefix) => prefix !== undefined),
    tags: [...(filter.Tag === undefined ? [] : [filter.Tag]), ...(and.Tags ?? [])],
    greater: [filter.ObjectSizeGreaterThan, and.ObjectSizeGreaterThan].filter((size) => size !== undefined),
    less: [filter.ObjectSizeLessThan, and.ObjectSizeLessThan].filter((size) => size !== undefined),
  };
}

/** Whether a rule is about a version. Prefixes match bytes; size bounds exclude their own value; every tag must be there. */
function isAbout(rule: Rule, key: string, version: OracleVersion, tags: RunOptions['tags']): boolean {
  if (rule.Status !== 'Enabled') return false;
  const filter = filterOf(rule);
  if (!filter.prefixes.every((prefix) => utf8(key).startsWith(utf8(prefix)))) return false;
  // A delete marker has no tags, and is without data.
  if (version.isMarker && filter.tags.length > 0) return false;
  if (!filter.greater.every((size) => version.sizeBytes > size) || !filter.less.every((size) => version.sizeBytes < size)) return false;
  const known = version.tags;
  if (known === null) return filter.tags.length === 0 || tags === 'all';
  return filter.tags.every((wanted) => known.some((tag) => tag.Key === wanted.Key && tag.Value === wanted.Value));
}

interface Due {
  readonly target: string;
  readonly rule: Rule;
}
const NOTHING: readonly Due[] = [];

/** One key under one configuration, told day by day. */
export class KeyStory {
  readonly told: Told[];
  private readonly key: string;
  private readonly rules: readonly Rule[];
  private readonly options: RunOptions;

  constructor({ key, versions }: OracleKey, configuration: LifecycleConfiguration | null, options: RunOptions) {
    this.key = key;
    this.rules = configuration?.Rules ?? [];
    this.options = options;
    this.told = versions.map((version) => this.tell(version, false));
  }

  private tell(version: OracleVersion, isMade: boolean): Told {
    return {
      version,
      isMade,
      storageClass: version.storageClass,
      accessTier: version.accessTier,
      clockMs: version.noncurrentSinceMs ?? version.lastModifiedMs,
      isCurrent: version.isLatest,
      isGone: false,
      enteredDay: null,
      about: this.rules.filter((rule) => isAbout(rule, this.key, version, this.options.tags)),
      kept: { bySize: false, byLock: false, byReplication: false },
    };
  }

  private there: readonly Told[] | null = null;
  /** What is there, newest first. */
  get alive(): readonly Told[] {
    this.there ??= this.told.filter(({ isGone }) => !isGone);
    return this.there;
  }

  private remove(told: Told): void {
    told.isGone = true;
    this.there = null;
  }

  /** Eligible at the first 00:00 UTC not before the clock and so many days; S3 runs from the day after the configuration was put. */
  private isDue(day: number, clockMs: number, days: number | undefined, date?: string | undefined): boolean {
    if (date === undefined && days === undefined) return false;
    const instant = date === undefined ? clockMs + (days as number) * DAY_MS : Math.max(Date.parse(date), clockMs);
    const eligibleDay = Math.max(Math.ceil(instant / DAY_MS), this.options.asOfDay + 1);
    return day >= eligibleDay + this.options.lagDays;
  }

  /** How many newer noncurrent versions and delete markers of the key there are. */
  private newerNoncurrent(told: Told): number {
    return this.alive.slice(0, this.alive.indexOf(told)).filter(({ isCurrent }) => !isCurrent).length;
  }

  /** The rule that removes it for good on this day, if one does. */
  private remover(told: Told, day: number): Rule | undefined {
    return told.about.find((rule) => {
      if (!told.isCurrent) {
        if (this.options.versioning === 'unversioned') return false;
        const { NoncurrentDays: days, NewerNoncurrentVersions: newer = 0 } = rule.NoncurrentVersionExpiration ?? {};
        return this.isDue(day, told.clockMs, days) && this.newerNoncurrent(told) >= newer;
      }
      if (told.version.isMarker || !this.isExpired(rule, told, day)) return false;
      // A suspended bucket puts its null delete marker in the place of a null version.
      return this.options.versioning === 'unversioned' || (this.options.versioning === 'suspended' && told.version.versionId === null);
    });
  }

  private isExpired(rule: Rule, told: Told, day: number): boolean {
    return this.isDue(day, told.clockMs, rule.Expiration?.Days, rule.Expiration?.Date);
  }

  /** Every transition that is due and that filters and ranks allow, with its rule. */
  private dueTransitions(told: Told, day: number): readonly Due[] {
    if (told.version.isMarker) return NOTHING;
    let due: Due[] | null = null;
    for (const rule of told.about) {
      if (told.isCurrent) {
        for (const step of rule.Transitions ?? []) {
          if (this.isDue(day, told.clockMs, step.Days, step.Date)) due = [...(due ?? []), { target: step.StorageClass, rule }];
        }
      } else if (this.options.versioning !== 'unversioned') {
        for (const step of rule.NoncurrentVersionTransitions ?? []) {
          const isRanked =
            this.isDue(day, told.clockMs, step.NoncurrentDays) && this.newerNoncurrent(told) >= (step.NewerNoncurrentVersions ?? 0);
          if (isRanked) due = [...(due ?? []), { target: step.StorageClass, rule }];
        }
      }
    }
    return due ?? NOTHING;
  }

  /** Objects below 128 KiB stay where they are unless the setting or a size filter of the rule says otherwise (s3-domain 4.2). */
  private isTooSmall(told: Told, rule: Rule, target: string): boolean {
    const { minimumSize } = this.options;
    const filter = filterOf(rule);
    if (told.version.sizeBytes >= SMALL_OBJECT_BYTES || minimumSize === null) return false;
    if (filter.greater.length > 0 || filter.less.length > 0) return false;
    return minimumSize === 'all_storage_classes_128K' || !ARCHIVES.includes(target);
  }

  /** Where the rules about a version could move it from where it is, some day. */
  targetsOf(version: OracleVersion, isVersioned: boolean): string[] {
    const told = this.told.find((one) => one.version === version);
    if (told === undefined) return [];
    return told.about.flatMap((rule) =>
      [...(version.isLatest ? (rule.Transitions ?? []) : []), ...(isVersioned ? (rule.NoncurrentVersionTransitions ?? []) : [])]
        .map(({ StorageClass: target }) => target)
        .filter((target) => mayMove(version.storageClass, version.accessTier, target) && !this.isTooSmall(told, rule, target)),
    );
  }

  /** The tier Intelligent-Tiering has an object in: as the report says, or as deep as it could have sunk unread. */
  tierOn(told: Told, day: number): string {
    const { asOfDay, tiers } = this.options;
    const { version, accessTier } = told;
    if (tiers === 'stay' || told.storageClass !== 'INTELLIGENT_TIERING' || version.sizeBytes < SMALL_OBJECT_BYTES) return accessTier;
    const writtenDay = Math.floor(version.lastModifiedMs / DAY_MS);
    const since = told.enteredDay ?? (writtenDay >= asOfDay ? writtenDay : null);
    if (since !== null && (accessTier === '' || accessTier === 'FREQUENT')) {
      return day >= since + 90 ? 'ARCHIVE_INSTANT_ACCESS' : day >= since + 30 ? 'INFREQUENT' : accessTier;
    }
    if (accessTier === '') return 'ARCHIVE_INSTANT_ACCESS';
    if (accessTier === 'FREQUENT') return day > asOfDay + 60 ? 'ARCHIVE_INSTANT_ACCESS' : day > asOfDay ? 'INFREQUENT' : accessTier;
    return accessTier === 'INFREQUENT' && day > (since ?? asOfDay) ? 'ARCHIVE_INSTANT_ACCESS' : accessTier;
  }

  /**
   * S3's run of a day: permanent deletion before transition, transition before a delete marker, at most one of them for each version
   * (s3-domain 4.5), all judged on the key as the run finds it; then delete markers that are left alone go in the same pass.
   */
  run(day: number): Deed[] {
    const deeds: Deed[] = [];
    const found: {
      readonly told: Told;
      readonly remover: Rule | undefined;
      readonly hider: Rule | undefined;
      readonly due: readonly Due[];
    }[] = [];
    for (const told of this.alive) {
      const remover = this.remover(told, day);
      const due = this.dueTransitions(told, day);
      const hider = told.isCurrent && !told.version.isMarker ? told.about.find((rule) => this.isExpired(rule, told, day)) : undefined;
      if (remover !== undefined || hider !== undefined || due.length > 0) found.push({ told, remover, hider, due });
    }
    for (const { told, remover, hider, due } of found) {
      // A null delete marker of this run may have taken its place.
      if (told.isGone) continue;
      const tier = this.tierOn(told, day);
      const isLocked = remover !== undefined && day < told.version.lockedUntilDay;
      const allowed = due.filter(({ target }) => target === told.storageClass || mayMove(told.storageClass, tier, target));
      const moves = allowed.filter(({ target, rule }) => !this.isTooSmall(told, rule, target));
      const best = moves.sort((a, b) => PREFERENCE.indexOf(b.target) - PREFERENCE.indexOf(a.target))[0];
      const hides = hider !== undefined && remover === undefined && this.options.versioning !== 'unversioned';
      if (told.version.isReplicationBlocked) {
        const acts = (remover !== undefined && !isLocked) || (best !== undefined && best.target !== told.storageClass) || hides;
        if (acts) told.kept.byReplication = true;
        continue;
      }
      if (remover !== undefined && !isLocked) {
        this.remove(told);
        deeds.push({ kind: 'removed', told, rule: remover });
        if (told.isCurrent && this.options.versioning === 'suspended') this.putMarker(day);
        continue;
      }
      if (isLocked) told.kept.byLock = true;
      if (allowed.some(({ target, rule }) => target !== told.storageClass && this.isTooSmall(told, rule, target))) told.kept.bySize = true;
      if (best !== undefined && best.target !== told.storageClass) {
        deeds.push({ kind: 'transition', told, from: told.storageClass, fromTier: tier, target: best.target, rule: best.rule });
        told.storageClass = best.target;
        told.accessTier = '';
        told.enteredDay = day;
      } else if (hides) {
        told.isCurrent = false;
        told.clockMs = day * DAY_MS;
        deeds.push({ kind: 'hidden', told, rule: hider });
        if (this.options.versioning === 'suspended') deeds.push(...this.replaceNull(told, hider));
        this.putMarker(day);
      }
    }
    return [...deeds, ...this.cleanMarker(day)];
  }

  /** A suspended bucket has one null version at most: its new null delete marker replaces it. */
  private replaceNull(hidden: Told, rule: Rule): Deed[] {
    const replaced = this.alive.filter((told) => told !== hidden && !told.isMade && told.version.versionId === null);
    return replaced.map((told) => {
      this.remove(told);
      return { kind: told.version.isMarker ? 'cleaned' : 'removed', told, rule };
    });
  }

  private putMarker(day: number): void {
    this.there = null;
    this.told.unshift(
      this.tell(
        {
          versionId: null,
          isMarker: true,
          isLatest: true,
          sizeBytes: 0,
          lastModifiedMs: day * DAY_MS,
          noncurrentSinceMs: null,
          storageClass: '',
          accessTier: '',
          tags: [],
          lockedUntilDay: day,
          isReplicationBlocked: false,
        },
        true,
      ),
    );
  }

  /** A delete marker with nothing behind it goes when a rule says so, or when it is as old as versions are when they expire. */
  private cleanMarker(day: number): Deed[] {
    const [told] = this.alive;
    if (told === undefined || this.alive.length > 1 || !told.version.isMarker || !told.isCurrent || told.version.isReplicationBlocked)
      return [];
    if (this.options.versioning === 'unversioned') return [];
    const isDue = (one: Rule): boolean =>
      this.isExpired(one, told, day) || (one.Expiration?.ExpiredObjectDeleteMarker === true && this.isDue(day, told.clockMs, 0));
    const asksNoSize = (one: Rule): boolean => filterOf(one).greater.length + filterOf(one).less.length === 0;
    const rule = told.about.find((one) => asksNoSize(one) && isDue(one));
    if (rule === undefined) return [];
    this.remove(told);
    return [{ kind: 'cleaned', told, rule }];
  }
}

/** Whether a rule aborts an upload on this day (s3-domain 4.1): a prefix is all such a rule may filter by. */
export function isAborted(upload: OracleUpload, configuration: LifecycleConfiguration | null, day: number, options: RunOptions): boolean {
  return (configuration?.Rules ?? []).some((rule) => {
    const days = rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation;
    const filter = filterOf(rule);
    if (rule.Status !== 'Enabled' || days === undefined || filter.tags.length + filter.greater.length + filter.less.length > 0)
      return false;
    if (!filter.prefixes.every((prefix) => utf8(upload.key).startsWith(utf8(prefix)))) return false;
    const eligibleDay = Math.max(Math.ceil((upload.initiatedMs + days * DAY_MS) / DAY_MS), options.asOfDay + 1);
    return day >= eligibleDay + options.lagDays;
  });
}
