/** Days of storage that are paid at least, whenever a version leaves the class (s3-domain 3.1, https://aws.amazon.com/s3/pricing/). */
export const MINIMUM_DAYS: Readonly<Record<string, number>> = {
  STANDARD_IA: 30,
  ONEZONE_IA: 30,
  GLACIER_IR: 90,
  GLACIER: 90,
  DEEP_ARCHIVE: 180,
};
