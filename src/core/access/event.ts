/** What was done to an object, as far as it says something of its age. */
export type AccessKind = 'read' | 'write' | 'other';

/** One request, from whatever log. Times in ms, UTC. */
export interface AccessEvent {
  readonly timeMs: number;
  readonly bucket: string;
  /** As the log spells it: percent-encoded in server access logs, plain in CloudTrail. */
  readonly key: string;
  readonly isKeyEncoded: boolean;
  readonly kind: AccessKind;
  readonly requester: string;
  readonly userAgent: string;
  /** Bytes sent to the reader; 0 where the log does not say. */
  readonly bytesSent: number;
  /** Whether the whole object was sent at once. */
  readonly isWhole: boolean;
  /** The AWS Region that the request came from; '' where the log does not say. */
  readonly sourceRegion: string;
}

/** Reads of server access logs (s3-domain 2.2): what sends an object's bytes. HEAD, tagging, ACL and lists are none. */
export const READS: ReadonlySet<string> = new Set([
  'REST.GET.OBJECT',
  'WEBSITE.GET.OBJECT',
  'REST.COPY.OBJECT_GET',
  'REST.COPY.PART_GET',
  'REST.SELECT.OBJECT',
  'SOAP.GetObject',
]);
export const WRITES: ReadonlySet<string> = new Set([
  'REST.PUT.OBJECT',
  'REST.COPY.OBJECT',
  'REST.POST.OBJECT',
  'REST.POST.UPLOAD',
  'REST.PUT.PART',
  'REST.COPY.PART',
]);

/** `status`: 206 is part of an object; 304 sent nothing, but whoever asks whether a copy is still good uses it. */
export function kindOfOperation(operation: string, status: number): AccessKind {
  if (status === 304) return READS.has(operation) ? 'read' : 'other';
  if (status !== 200 && status !== 206) return 'other';
  return READS.has(operation) ? 'read' : WRITES.has(operation) ? 'write' : 'other';
}

const EVENT_READS = new Set(['GetObject', 'SelectObjectContent', 'GetObjectTorrent']);
const EVENT_WRITES = new Set(['PutObject', 'CopyObject', 'CompleteMultipartUpload', 'PostObject']);

export function kindOfEvent(eventName: string, hasError: boolean): AccessKind {
  if (hasError) return 'other';
  return EVENT_READS.has(eventName) ? 'read' : EVENT_WRITES.has(eventName) ? 'write' : 'other';
}
