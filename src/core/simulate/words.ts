import type { MinimumSize } from '../../contract/lifecycle.ts';
import type { Month } from './calendar.ts';

interface AssumptionFacts {
  readonly firstMonth: Month | undefined;
  readonly hasBaselineRules: boolean;
  readonly isVersioned: boolean;
  readonly versioning: string;
  readonly minimumSize: MinimumSize;
  readonly tierAssumed: boolean;
}

const MINIMUM_SIZE_WORDS = {
  all_storage_classes_128K: 'Objects below 128 KiB are not moved, unless a rule has a size filter of its own.',
  varies_by_storage_class: 'Objects below 128 KiB are moved only to GLACIER and DEEP_ARCHIVE, unless a rule has a size filter of its own.',
};

/** What the figures of a simulation rest on. */
export function assumptionsOf({
  firstMonth,
  hasBaselineRules,
  isVersioned,
  versioning,
  minimumSize,
  tierAssumed,
}: AssumptionFacts): string[] {
  const lines = [
    `The bucket stays as it was in the snapshot: nothing is added, overwritten or removed but by the rules${hasBaselineRules ? '; the baseline is the configuration the bucket has now' : '; the baseline has no rules'}.`,
    "Each day of storage costs the month's price divided by its days; volume prices apply to this bucket alone.",
    'A rule acts at the first midnight UTC after its days have passed, at the earliest on the day after the snapshot, once a day at most; billing changes on that day.',
    minimumSize === null ? 'Small objects are moved like any other: the endpoint has no minimum size.' : MINIMUM_SIZE_WORDS[minimumSize],
  ];
  if (firstMonth !== undefined && firstMonth.days < firstMonth.monthDays) {
    lines.push(`The first month is the ${firstMonth.days} days that were left of ${firstMonth.name}.`);
  }
  const known = versioning === 'unknown' ? 'The versioning of the bucket is not known; going by the snapshot, expiration' : 'Expiration';
  lines.push(
    isVersioned
      ? `${known} hides current versions behind a delete marker; they stay billed until a rule for noncurrent versions removes them.`
      : `${known} removes current versions for good.`,
  );
  if (tierAssumed) lines.push('Where the access tier of Intelligent-Tiering is not given, the frequent tier is taken.');
  lines.push('Versions under retention or legal hold in the snapshot stay so.');
  return lines;
}

interface Gaps {
  readonly rules: readonly string[];
  readonly unpriced: readonly string[];
  readonly allVersions: boolean;
  /** Prefixes that cut inside names where the cube was not split. */
  readonly unrefined: readonly string[];
}

/** What the figures of a simulation leave out. */
export function notCoveredOf({ rules, unpriced, allVersions, unrefined }: Gaps): string[] {
  return [
    ...rules,
    ...unrefined.map(
      (prefix) => `Keys that start with "${prefix}" and lie directly in its directory are left out; the directories that start so are in.`,
    ),
    ...unpriced.map((what) => `There is no price for ${what}: it is in none of the sums.`),
    ...(allVersions ? [] : ['Noncurrent versions are not in the snapshot.']),
    'Early deletion charges, retrieval and other requests are not in the sums.',
    'Growth of the bucket is not foreseen.',
    "Intelligent-Tiering's own moves between its tiers are not foreseen.",
    'Incomplete uploads and delete markers are not in the sums.',
  ];
}
