/** Every class that lifecycle moves to. */
export const TARGETS = ['INTELLIGENT_TIERING', 'STANDARD_IA', 'ONEZONE_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'];

/**
 * Which class lifecycle may move to which (s3-domain 4.3,
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html).
 */
const FROM: Readonly<Record<string, readonly string[]>> = {
  STANDARD: TARGETS,
  REDUCED_REDUNDANCY: TARGETS,
  STANDARD_IA: ['INTELLIGENT_TIERING', 'ONEZONE_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'],
  ONEZONE_IA: ['GLACIER', 'DEEP_ARCHIVE'],
  GLACIER_IR: ['GLACIER', 'DEEP_ARCHIVE'],
  GLACIER: ['DEEP_ARCHIVE'],
};
const FROM_TIER: Readonly<Record<string, readonly string[]>> = {
  ARCHIVE_INSTANT_ACCESS: ['GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'],
  ARCHIVE: ['GLACIER', 'DEEP_ARCHIVE'],
  DEEP_ARCHIVE: ['DEEP_ARCHIVE'],
};
const FROM_HOT_TIER = ['ONEZONE_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'];

export function isAllowed(storageClass: string, accessTier: string, target: string): boolean {
  const targets = storageClass === 'INTELLIGENT_TIERING' ? (FROM_TIER[accessTier] ?? FROM_HOT_TIER) : FROM[storageClass];
  return targets?.includes(target) ?? false;
}

/** Which of several due transitions wins: the colder; Intelligent-Tiering before all but the two archives (s3-domain 4.5). */
const PREFERENCE = ['STANDARD_IA', 'ONEZONE_IA', 'GLACIER_IR', 'INTELLIGENT_TIERING', 'GLACIER', 'DEEP_ARCHIVE'];
export const preferenceOf = (target: string): number => PREFERENCE.indexOf(target);

export interface Descent {
  readonly days: number;
  readonly tier: string;
}

const UNREAD: readonly Descent[] = [
  { days: 30, tier: 'INFREQUENT' },
  { days: 90, tier: 'ARCHIVE_INSTANT_ACCESS' },
];
/** The soonest an object whose last read nobody knows could sink, counted from the as-of day, by the tier the report states. */
const SOONEST: Readonly<Record<string, readonly Descent[]>> = {
  '': [{ days: 0, tier: 'ARCHIVE_INSTANT_ACCESS' }],
  FREQUENT: [
    { days: 1, tier: 'INFREQUENT' },
    { days: 61, tier: 'ARCHIVE_INSTANT_ACCESS' },
  ],
  INFREQUENT: [{ days: 1, tier: 'ARCHIVE_INSTANT_ACCESS' }],
};

/**
 * How Intelligent-Tiering moves an object down that nobody reads: after 30 and 90 days
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/intelligent-tiering-overview.html), counted from the day it came in where
 * that is known. The two archive tiers have to be opted into and are left alone.
 */
export const descentOf = (accessTier: string, isEntryKnown: boolean): readonly Descent[] =>
  isEntryKnown && (accessTier === '' || accessTier === 'FREQUENT') ? UNREAD : (SOONEST[accessTier] ?? []);
