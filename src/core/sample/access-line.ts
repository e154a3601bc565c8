/** One request as S3 writes it into a server access log; times in ms. */
export interface LoggedRequest {
  readonly bucket: string;
  /** '' where a request is for the bucket itself. */
  readonly key: string;
  readonly timeMs: number;
  readonly requester: string;
  readonly agent: string;
  readonly operation: string;
  readonly status: number;
  readonly bytesSent: number;
  readonly objectSize: number;
  /** '-' where the log does not say. */
  readonly region: string;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "06/Feb/2019:00:00:38 +0000" */
function logTime(ms: number): string {
  const at = new Date(ms);
  return `${String(at.getUTCDate()).padStart(2, '0')}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}:${at.toISOString().slice(11, 19)} +0000`;
}

/** Its 27 fields (https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html). */
export function accessLine({
  bucket,
  key,
  timeMs,
  requester,
  agent,
  operation,
  status,
  bytesSent,
  objectSize,
  region,
}: LoggedRequest): string {
  const encoded = key === '' ? '-' : encodeURIComponent(key).replaceAll('%2F', '/');
  return [
    `owner ${bucket} [${logTime(timeMs)}] 192.0.2.3 ${requester} 3E57427F3EXAMPLE ${operation} ${encoded}`,
    `"GET /${encoded} HTTP/1.1" ${status} - ${bytesSent} ${objectSize} 7 3 "-" "${agent}" - HOST= SigV4`,
    `ECDHE-RSA-AES128-GCM-SHA256 AuthHeader ${bucket}.s3.us-east-1.amazonaws.com TLSv1.3 - - ${region}`,
  ].join(' ');
}
