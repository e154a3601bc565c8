import fc from 'fast-check';
import type { LifecycleConfiguration, Rule } from '../../src/contract/lifecycle.ts';
import { errorsOf } from '../../src/core/policy/validate/validate.ts';

/** Text as keys and tags hold it: hostile, but what every spelling can carry (XML has no control characters). */
const NASTY = [
  'logs/',
  'a b+c%2F',
  'ünïcödé/',
  '‮rtl',
  '😀/',
  '\u0024{x}',
  '%{if}',
  '\u0024\u0024{y}',
  '"quoted\\',
  '=SUM(A1)',
  "it's",
  '#no',
  '<&>',
  'a//b/',
  '  sp ',
  'yes',
  'null',
  '007',
  'x: y',
  '- z',
  '!Ref',
  '\ttab',
  'line\nend',
  'cr\rend',
];
const nastyText = (maxLength: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom(...NASTY),
    fc.string({ unit: 'grapheme', maxLength }).filter((text) => !/[\p{Cs}\uFFFE\uFFFF]|[^\P{Cc}\t\n\r]/u.test(text)),
  );

const tag = fc.record({ Key: nastyText(20).filter((key) => key !== ''), Value: nastyText(20) });
const sizes = fc
  .tuple(
    fc.option(fc.integer({ min: 0, max: 2_000_000 }), { nil: undefined }),
    fc.option(fc.integer({ min: 1, max: 2_000_000 }), { nil: undefined }),
  )
  .filter(([greater, less]) => greater === undefined || less === undefined || less > greater)
  .map(([greater, less]) => ({
    ...(greater === undefined ? {} : { ObjectSizeGreaterThan: greater }),
    ...(less === undefined ? {} : { ObjectSizeLessThan: less }),
  }));

const filter = fc
  .tuple(fc.option(nastyText(30), { nil: undefined }), fc.uniqueArray(tag, { selector: ({ Key }) => Key, maxLength: 3 }), sizes)
  .map(([Prefix, Tags, bounds]): NonNullable<Rule['Filter']> => {
    const singles = { ...(Prefix === undefined ? {} : { Prefix }), ...bounds };
    const [first] = Tags;
    if (Object.keys(singles).length + Tags.length > 1) return { And: { ...singles, ...(Tags.length > 0 ? { Tags } : {}) } };
    return first === undefined ? singles : { Tag: first };
  });

/** Days for a chain of classes that S3 takes, from warm to cold. */
const chain = fc
  .tuple(
    fc.subarray(['STANDARD_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'] as const),
    fc.integer({ min: 30, max: 60 }),
    fc.integer({ min: 90, max: 300 }),
  )
  .map(([classes, first, gap]) => classes.map((storageClass, at) => ({ storageClass, days: first + at * gap })));

const isoDay = fc.integer({ min: 10_000, max: 40_000 }).map((day) => new Date(day * 86_400_000).toISOString());

const current = fc.oneof(
  fc.tuple(chain, fc.option(fc.integer({ min: 1, max: 500 }), { nil: undefined })).map(([steps, after]) => ({
    ...(steps.length === 0 ? {} : { Transitions: steps.map(({ storageClass, days }) => ({ Days: days, StorageClass: storageClass })) }),
    ...(after === undefined ? {} : { Expiration: { Days: (steps.at(-1)?.days ?? 0) + after } }),
  })),
  isoDay.map((date) => ({ Expiration: { Date: date } })),
  isoDay.map((date) => ({ Transitions: [{ Date: date, StorageClass: 'GLACIER' }] })),
  fc.boolean().map((marker) => ({ Expiration: { ExpiredObjectDeleteMarker: marker } })),
);
const newer = fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined });
const withNewer = (count: number | undefined) => (count === undefined ? {} : { NewerNoncurrentVersions: count });
const noncurrent = fc
  .tuple(chain, fc.option(fc.integer({ min: 1, max: 500 }), { nil: undefined }), newer, newer)
  .map(([steps, after, keep, kept]) => ({
    ...(steps.length === 0
      ? {}
      : {
          NoncurrentVersionTransitions: steps.map(({ storageClass, days }) => ({
            NoncurrentDays: days,
            StorageClass: storageClass,
            ...withNewer(keep),
          })),
        }),
    ...(after === undefined
      ? {}
      : { NoncurrentVersionExpiration: { NoncurrentDays: (steps.at(-1)?.days ?? 0) + after, ...withNewer(kept) } }),
  }));
const abort = fc
  .option(fc.integer({ min: 1, max: 30 }), { nil: undefined })
  .map((days) => (days === undefined ? {} : { AbortIncompleteMultipartUpload: { DaysAfterInitiation: days } }));

const rule = fc
  .record({ Status: fc.constantFrom('Enabled' as const, 'Disabled' as const), Filter: filter, current, noncurrent, abort })
  .map(({ Status, Filter, current: now, noncurrent: then, abort: uploads }) => ({ Status, Filter, ...now, ...then, ...uploads }));

/** Configurations S3 would take, in the newer spelling; every rule with an ID unless `unnamed`. */
export const validConfiguration = (unnamed = false): fc.Arbitrary<LifecycleConfiguration> =>
  fc
    .array(fc.tuple(rule, nastyText(12)), { minLength: 1, maxLength: 5 })
    .map((rules) => ({
      Rules: rules.map(([one, name], at) => (unnamed && at % 2 === 0 ? one : { ID: `${at}${name}`, ...one })),
    }))
    .filter((configuration) => errorsOf(configuration).length === 0);

export const minimumSize = fc.constantFrom(null, 'all_storage_classes_128K' as const, 'varies_by_storage_class' as const);
