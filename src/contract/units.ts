import * as v from 'valibot';

/** A count or a number of bytes: a whole number below 2^53. */
export const Whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** Money: whole nano-dollars (1e-9 USD) as a decimal string, never a float. */
export const NanoUsd = v.pipe(v.string(), v.regex(/^-?\d+$/));
/** A UTC calendar day as a count of days since 1970-01-01. */
export const Day = v.pipe(v.number(), v.safeInteger());
/** A UTC date, "2026-11-22". */
export const UtcDate = v.pipe(v.string(), v.isoDate());
/** An instant, ISO 8601 in UTC with milliseconds. */
export const Instant = v.pipe(v.string(), v.isoTimestamp());

export const DAY_MS = 86_400_000;
/** S3 bills a GB as 2^30 bytes (s3-domain 3; https://aws.amazon.com/s3/pricing/). */
export const BILLING_GB_BYTES = 1_073_741_824;
/** The floor of STANDARD_IA, ONEZONE_IA and GLACIER_IR, and the default lower bound of transitions. */
export const SMALL_OBJECT_BYTES = 131_072;
