/**
 * A key as the list of a batch job has it: URL-encoded, "/" left as it is
 * (s3-domain 5.4, https://docs.aws.amazon.com/AmazonS3/latest/userguide/specify-batchjob-manifest.html).
 */
const encodeKey = (key: string): string =>
  encodeURIComponent(key)
    .replaceAll('%2F', '/')
    .replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);

/** Reads it back: the inverse, which also takes "+" for a space as S3's own lists have it. */
export const decodeManifestKey = (text: string): string => decodeURIComponent(text.replaceAll('+', '%20'));

/**
 * One line of an S3BatchOperations_CSV_20180820 list. Encoded keys and version ids hold nothing a CSV would have to quote. The null version has
 * no id in the index and "null" here; without `withVersion` S3 acts on whatever is latest when the job runs.
 */
export function manifestLine(bucket: string, key: string, versionId: string | null, withVersion: boolean): string {
  return `${bucket},${encodeKey(key)}${withVersion ? `,${versionId ?? 'null'}` : ''}\n`;
}
