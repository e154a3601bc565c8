import { type AccessEvent, kindOfEvent } from './event.ts';

/** What one CloudTrail file holds of a bucket's objects. */
export interface CloudTrailFile {
  readonly events: readonly AccessEvent[];
  /** Records that are data events of S3 but lack what an event needs. */
  readonly malformed: number;
  /** All records, of whatever service. */
  readonly records: number;
}

type Bag = Readonly<Record<string, unknown>>;
const bag = (value: unknown): Bag => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Bag) : {});
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * Reads a CloudTrail file: {"Records": […]} with S3 data events
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-understanding-s3-entries.html). null where it is none.
 */
export function parseCloudTrail(content: string): CloudTrailFile | null {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch {
    return null;
  }
  const records = bag(json).Records;
  if (!Array.isArray(records)) return null;
  const events: AccessEvent[] = [];
  let malformed = 0;
  for (const record of records.map(bag)) {
    if (record.eventSource !== 's3.amazonaws.com') continue;
    const parameters = bag(record.requestParameters);
    if (parameters.key === undefined) continue;
    const made = eventsOf(record, parameters);
    if (made === null) malformed += 1;
    else events.push(...made);
  }
  return { events, malformed, records: records.length };
}

function eventsOf(record: Bag, parameters: Bag): AccessEvent[] | null {
  const timeMs = Date.parse(text(record.eventTime));
  const [bucket, key] = [text(parameters.bucketName), text(parameters.key)];
  const eventName = text(record.eventName);
  if (Number.isNaN(timeMs) || bucket === '' || key === '' || eventName === '') return null;
  const more = bag(record.additionalEventData);
  const bytes = more.bytesTransferredOut;
  const hasRange = text(parameters.Range) !== '' || text(parameters.range) !== '' || parameters.partNumber !== undefined;
  const hasError = text(record.errorCode) !== '';
  const event: AccessEvent = {
    timeMs,
    bucket,
    key,
    isKeyEncoded: false,
    kind: kindOfEvent(eventName, hasError),
    requester: requesterOf(bag(record.userIdentity)),
    userAgent: text(record.userAgent).replace(/^\[|\]$/g, ''),
    bytesSent: typeof bytes === 'number' && Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : 0,
    isWhole: eventName === 'GetObject' && !hasRange && typeof bytes === 'number' && bytes > 0,
    sourceRegion: '',
  };
  const source = text(parameters['x-amz-copy-source']);
  const isCopy = (eventName === 'CopyObject' || eventName === 'UploadPartCopy') && source !== '' && !hasError;
  return isCopy ? [event, ...copySource(event, source)] : [event];
}

/** Whoever copies an object reads its source. "bucket/key?versionId=…", percent-encoded. */
function copySource(event: AccessEvent, source: string): AccessEvent[] {
  const found = /^\/?([^/]+)\/([^?]+)(?:\?versionId=.*)?$/s.exec(source);
  return found
    ? [{ ...event, bucket: found[1] as string, key: found[2] as string, isKeyEncoded: true, kind: 'read', bytesSent: 0, isWhole: false }]
    : [];
}

function requesterOf(identity: Bag): string {
  const issuer = bag(bag(identity.sessionContext).sessionIssuer);
  return text(identity.arn) || text(issuer.arn) || text(identity.invokedBy) || text(identity.principalId) || text(identity.type);
}
