import type { CanonicalRule } from '../../src/core/policy/canonical.ts';
import { isAllowed, preferenceOf } from '../../src/core/simulate/transitions.ts';

/**
 * One key of a bucket, day by day, written to be read: what S3 does to each of its versions under a few rules
 * (s3-domain 4.5). Times are days since the configuration was put, in halves; S3's runs are at whole days from 1 on.
 */
export interface Put {
  readonly at: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly sizeBytes: number;
  /** In a suspended bucket: whether it has the null version id, or one from the time before. */
  readonly isNull: boolean;
  /** A delete marker set by a person. */
  readonly isMarker?: boolean;
  /** The first day a lock no longer keeps it. */
  readonly lockedUntil?: number;
  /** Replication pending or failed: lifecycle does not act. */
  readonly isBlocked?: boolean;
  readonly storageClass?: string;
}

export type Versioning = 'unversioned' | 'enabled' | 'suspended';

export interface Version {
  readonly at: number;
  /** null: a delete marker that lifecycle set. */
  readonly put: Put | null;
  readonly isMarker: boolean;
  readonly isNull: boolean;
  storageClass: string;
  noncurrentSince: number | null;
  hiddenOn: number | null;
  removedOn: number | null;
  /** The run that removed it; null while it is there, or when a person wrote over it. */
  removedByRun: number | null;
}

const dateDay = (iso: string): number => Date.parse(iso) / 86_400_000;

export function filterMatches({ scope, enabled }: CanonicalRule, key: string, put: Pick<Put, 'tags' | 'sizeBytes'> | null): boolean {
  if (!enabled || !key.startsWith(scope.prefix)) return false;
  // A delete marker has neither tags nor a size.
  if (put === null) return scope.tags.length === 0 && scope.sizeGreaterThan === null && scope.sizeLessThan === null;
  if (scope.tags.some((tag) => put.tags[tag.key] !== tag.value)) return false;
  if (scope.sizeGreaterThan !== null && !(put.sizeBytes > scope.sizeGreaterThan)) return false;
  return scope.sizeLessThan === null || put.sizeBytes < scope.sizeLessThan;
}

/** Whether a rule acts on a version of the key, or (put null) on its delete marker. */
export type Matches = (rule: CanonicalRule, put: Put | null) => boolean;

/** Plays a key's history, person's writes and S3's runs; dates in rules are days of the same count (1970-01-01 is day 0). */
export function playKey(
  puts: readonly Put[],
  rules: readonly CanonicalRule[],
  matches: Matches,
  versioning: Versioning,
  days: number,
): Version[] {
  const versions: Version[] = [];
  const alive = (): Version[] => versions.filter((version) => version.removedOn === null);
  const add = (at: number, put: Put | null, isNull: boolean, run: number | null = null): void => {
    const before = alive().find((version) => version.noncurrentSince === null);
    if (before !== undefined && versioning === 'unversioned') before.removedOn = at;
    else if (before !== undefined) before.noncurrentSince = at;
    // There is one null version of a key at most: a new one takes the place of the one before.
    for (const version of alive()) {
      if (!isNull || !version.isNull || versioning === 'unversioned') continue;
      version.removedOn = at;
      version.removedByRun = run;
    }
    versions.push({
      at,
      put,
      isMarker: put === null || put.isMarker === true,
      isNull,
      storageClass: put?.storageClass ?? 'STANDARD',
      noncurrentSince: null,
      hiddenOn: null,
      removedOn: null,
      removedByRun: null,
    });
  };
  const isDue = (run: number, since: number, dueDays: number | null, date: string | null): boolean =>
    date === null ? Math.ceil(since + (dueDays ?? 0)) <= run : dateDay(date) <= run && since <= run;

  const act = (version: Version, run: number, newer: number, isSole: boolean): void => {
    if (version.removedOn !== null) return;
    const own = rules.filter((rule) => matches(rule, version.isMarker ? null : version.put));
    if (version.put?.isBlocked) return;
    const remove = (): void => {
      if ((version.put?.lockedUntil ?? run) > run) return;
      version.removedOn = run;
      version.removedByRun = run;
    };
    if (version.noncurrentSince !== null) {
      const since = version.noncurrentSince;
      const isOver = ({ noncurrentExpiration: end }: CanonicalRule): boolean =>
        end !== null && newer >= end.newerNoncurrentVersions && isDue(run, since, end.noncurrentDays, null);
      if (own.some(isOver)) remove();
      return;
    }
    const wanted = own
      .flatMap((rule) => rule.transitions.filter((step) => isDue(run, version.at, step.days, step.date)))
      .map((step) => step.storageClass)
      .filter((target) => target === version.storageClass || isAllowed(version.storageClass, '', target))
      .sort((one, other) => preferenceOf(other) - preferenceOf(one));
    const [target] = version.isMarker ? [] : wanted;
    const moves = target !== undefined && target !== version.storageClass;
    const expires = own.some(({ expiration }) => expiration !== null && isDue(run, version.at, expiration.days, expiration.date));
    if (version.isMarker) {
      if (isSole && (expires || own.some((rule) => rule.expiredObjectDeleteMarker))) remove();
      return;
    }
    // One thing a run: removal for good goes before a move, a move before a delete marker.
    const removes = versioning === 'unversioned' || (versioning === 'suspended' && version.isNull);
    if (expires && removes) {
      remove();
      if (version.removedOn !== null && versioning === 'suspended') add(run, null, true, run);
      if (version.removedOn !== null) {
        version.hiddenOn = run;
        return;
      }
    }
    if (moves) version.storageClass = target;
    else if (expires && !removes) {
      version.hiddenOn = run;
      add(run, null, versioning === 'suspended', run);
    }
  };

  const waiting = [...puts].sort((a, b) => a.at - b.at);
  for (let run = Math.floor(waiting[0]?.at ?? 0); run <= days; run += 1) {
    while (waiting[0] !== undefined && waiting[0].at <= run) {
      const put = waiting.shift() as Put;
      add(put.at, put, put.isNull);
    }
    // Before the configuration is put nothing happens.
    if (run < 1) continue;
    const seen = alive();
    const noncurrent = seen.filter((version) => version.noncurrentSince !== null);
    const newerThan = new Map(
      seen.map((version) => [
        version,
        noncurrent.filter(
          (other) => other.at > version.at || (other.at === version.at && versions.indexOf(other) > versions.indexOf(version)),
        ).length,
      ]),
    );
    for (const version of seen) act(version, run, newerThan.get(version) ?? 0, seen.length === 1);
    // A marker that this run leaves alone is taken by this run.
    const [last] = alive();
    if (last?.isMarker && alive().length === 1) act(last, run, 0, true);
  }
  return versions;
}
