import type { MinimumSize } from '../../contract/lifecycle.ts';
import { formatBytes, formatCount, formatDay } from '../report/format.ts';
import type { Engine } from './engine.ts';
import type { Asked, Request } from './request.ts';
import { type ActiveRule, activeRules } from './rules.ts';
import type { Block, Effects } from './side.ts';

const KEPT_SIZES: Readonly<Record<string, string>> = {
  all_storage_classes_128K: 'smaller than 128 KiB: the bucket moves no small objects',
  varies_by_storage_class: 'smaller than 128 KiB: the bucket moves small objects to GLACIER and DEEP_ARCHIVE only',
};

/** What keeps versions from what is due, in words. */
export const blockReasons = (minimumSize: MinimumSize): readonly { readonly code: Block; readonly reason: string }[] => [
  { code: 'smallObject', reason: KEPT_SIZES[minimumSize ?? ''] ?? 'smaller than 128 KiB' },
  { code: 'objectLock', reason: 'object lock or legal hold: not deleted while it lasts' },
  { code: 'replication', reason: 'replication pending or failed: lifecycle does not act on them' },
];

const MINIMUM_SIZE_WORDS: Readonly<Record<string, string>> = {
  all_storage_classes_128K: 'Objects below 128 KiB are not moved, unless a rule has a size filter of its own.',
  varies_by_storage_class: 'Objects below 128 KiB are moved to GLACIER and DEEP_ARCHIVE only, unless a rule has a size filter of its own.',
};

const VERSIONING_WORDS: Readonly<Record<string, string>> = {
  unversioned: 'The bucket is not versioned: expiration removes for good, and rules for noncurrent versions do nothing.',
  enabled:
    'The bucket is versioned: expiration hides current versions behind a delete marker, and they stay billed until noncurrent ones are removed.',
  suspended: 'Versioning is suspended: expiration removes null versions for good and hides others behind a delete marker.',
};

function readsWords(ppm: number, observed: Asked['readsObserved']): string {
  if (ppm === 0 && observed === null) return 'Nothing is read back: there are no retrieval charges.';
  const share = `${ppm / 10_000} % of the bytes of every class are read back a month`;
  const source =
    observed === null
      ? share
      : `${share}: the access logs of ${formatCount(observed.days)} days tell of ${formatBytes(observed.bytes)} sent, here spread over all that is stored, cold or not`;
  return `${source}; archived ones are restored at standard speed. Requests and restored copies are not counted.`;
}

/** What the figures of a simulation rest on, and what they leave out. */
export function assumptionsOf(
  { request, readsPpm, readsObserved, versioningAssumed, regionAssumed }: Asked,
  dependsOn: Engine['dependsOn'],
): string[] {
  const { asOfDay, lagDays, months, reported, list, plan, baseline, already, inflowDays, versioning } = request;
  const [first] = months;
  const late = lagDays === 0 ? '' : `, and ${lagDays === 1 ? 'a day' : `${lagDays} days`} late each time`;
  const lines = [
    `The configuration is put on ${formatDay(asOfDay)}; S3 acts from 00:00 UTC of the next day on, at the first midnight after each age is reached${late}, once a day at most.`,
    `${VERSIONING_WORDS[versioning]}${versioningAssumed ? ' Nobody said so: the report suggests it.' : ''}`,
    baseline.configuration === null || baseline.configuration.Rules.length === 0
      ? 'The baseline has no rules.'
      : "The baseline is the bucket's configuration of today, which goes on acting; its own fees are set against the plan's.",
    inflowDays === 0
      ? 'Nothing is added, overwritten or removed but by the rules.'
      : `New data comes as in the ${inflowDays} days before: what was written then and is still current is written again, over and over, in the same places; what was overwritten or removed since is not.`,
    `Each day of storage costs the month's price divided by its days, at list prices of ${list.asOf} in ${list.region}${regionAssumed ? ', a region nobody named' : ''}; ${already === undefined ? 'all volume pays the first band' : 'the average of a month fills the bands above what is already stored'}.`,
    MINIMUM_SIZE_WORDS[plan.minimumSize ?? ''] ?? 'Small objects are moved like any other: the endpoint has no minimum size.',
    readsWords(readsPpm, readsObserved),
    'Versions found in a class with minimum storage days are taken as having entered it on the first day, for no report says when they did; the range takes them as entered when they were written.',
    'Locks end when the report says and are not renewed; what has not replicated stays so.',
  ];
  if (first !== undefined && reported > 0 && first.days < first.monthDays) {
    lines.push(`The first month is the ${first.days} days from ${formatDay(asOfDay)} on.`);
  }
  if (dependsOn.tiers) {
    lines.push(
      'Intelligent-Tiering leaves objects in the access tier the report states, else the frequent one; the range lets them sink as if nobody read them.',
    );
  }
  if (dependsOn.tags) {
    lines.push(
      'Tags are not in an inventory: rules that filter by tags match nothing in the figures, and everything else their filters match at the other end of the range.',
    );
  }
  lines.push('Requests, data transfer, tags, inventories and incomplete uploads that were not listed are in no figure.');
  return lines;
}

const nameOf = ({ id, index }: ActiveRule): string => (id === null ? `rule ${index + 1}` : `rule "${id}"`);

/** Deletions that tags nobody knows could cause. */
export function redFlagsOf({ plan }: Request, certain: Effects, withTags: Effects | null): string[] {
  const rules = activeRules(plan.configuration).filter(
    ({ scope, expiration, noncurrentExpiration }) => scope.tags.length > 0 && (expiration !== null || noncurrentExpiration !== null),
  );
  if (withTags === null || rules.length === 0) return [];
  const versions = withTags.expired.versions + withTags.hidden.versions - certain.expired.versions - certain.hidden.versions;
  const bytes = withTags.expired.bytes + withTags.hidden.bytes - certain.expired.bytes - certain.hidden.bytes;
  if (versions <= 0) return [];
  const names = rules.map(nameOf).join(', ');
  return [
    `Tags are not known: ${names} could remove or hide up to ${formatCount(versions)} more versions with ${formatBytes(bytes)} that no figure shows.`,
  ];
}
