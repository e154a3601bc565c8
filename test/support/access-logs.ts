/** A line of a server access log; times in ms. */
export interface PlainRead {
  readonly key: string;
  readonly timeMs: number;
  readonly requester?: string;
  readonly agent?: string;
  readonly operation?: string;
  readonly status?: number;
  readonly bytesSent?: number;
  readonly objectSize?: number;
  readonly region?: string;
  readonly bucket?: string;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "06/Feb/2019:00:00:38 +0000" */
function logTime(ms: number): string {
  const at = new Date(ms);
  return `${String(at.getUTCDate()).padStart(2, '0')}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}:${at.toISOString().slice(11, 19)} +0000`;
}

export function logLine({
  key,
  timeMs,
  requester = 'arn:aws:iam::111122223333:role/train',
  agent = 'Boto3/1.34 md/Botocore#1.34',
  operation = 'REST.GET.OBJECT',
  status = 200,
  bytesSent = 100,
  objectSize = bytesSent,
  region = '-',
  bucket = 'ml-bucket',
}: PlainRead): string {
  const encoded = key === '' ? '-' : encodeURIComponent(key).replaceAll('%2F', '/');
  return [
    `owner ${bucket} [${logTime(timeMs)}] 192.0.2.3 ${requester} 3E57427F3EXAMPLE ${operation} ${encoded}`,
    `"GET /${encoded} HTTP/1.1" ${status} - ${bytesSent} ${objectSize} 7 3 "-" "${agent}" - HOST= SigV4`,
    `ECDHE-RSA-AES128-GCM-SHA256 AuthHeader ${bucket}.s3.us-east-1.amazonaws.com TLSv1.3 - - ${region}`,
  ].join(' ');
}
