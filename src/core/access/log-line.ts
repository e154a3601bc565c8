import { type AccessEvent, kindOfOperation } from './event.ts';

/**
 * One line of an S3 server access log (https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html): 27 fields today, more
 * tomorrow. `isPartial`: the line breaks off or is garbled after its eighth field, which is enough to tell who read what when.
 */
export interface LogLine extends AccessEvent {
  readonly operation: string;
  readonly isPartial: boolean;
}

const FIELDS_NEEDED = 8;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Places of fields, from 0. */
const [BUCKET, TIME, REQUESTER, OPERATION, KEY, STATUS, BYTES_SENT, OBJECT_SIZE, USER_AGENT, SOURCE_REGION] = [
  1, 2, 4, 6, 7, 9, 11, 12, 16, 26,
];

/** Reads a line; null for one that is malformed before its ninth field, or empty. */
export function parseLogLine(line: string): LogLine | null {
  const fields = split(line);
  if (fields.length < FIELDS_NEEDED) return null;
  const field = (place: number): string => {
    const text = fields[place] ?? '-';
    return text === '-' ? '' : text;
  };
  const timeMs = timeOf(field(TIME as number));
  const operation = field(OPERATION as number);
  if (Number.isNaN(timeMs) || !/^[A-Z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)+$/.test(operation)) return null;
  const status = field(STATUS as number);
  const sizes = [BYTES_SENT, OBJECT_SIZE].map((place) => field(place as number));
  // Whoever sends a user agent may write into it what looks like other fields: figures are believed only where all fit.
  const isPartial = fields.length < 18 || !/^\d{3}$/.test(status) || !sizes.every((size) => /^\d*$/.test(size));
  const [bytesSent, objectSize] = isPartial ? [0, 0] : sizes.map((size) => (size.length > 15 ? 0 : Number(size)));
  return {
    timeMs,
    bucket: field(BUCKET as number),
    key: field(KEY as number),
    isKeyEncoded: true,
    operation,
    // Without a status nobody can tell whether it was served: it is taken as read, never as not.
    kind: kindOfOperation(operation, isPartial ? 200 : Number(status)),
    requester: field(REQUESTER as number),
    userAgent: isPartial ? '' : field(USER_AGENT as number),
    bytesSent: bytesSent as number,
    isWhole: !isPartial && status === '200' && (objectSize as number) > 0 && bytesSent === objectSize,
    sourceRegion: isPartial ? '' : regionOf(field(SOURCE_REGION as number)),
    isPartial,
  };
}

const regionOf = (text: string): string => (/^[a-z]{2}(?:-[a-z]+)+-\d$/.test(text) ? text : '');

/** Fields by spaces; "[…]" and "\"…\"" are one field each. What a quote does not close ends the list there. */
function split(line: string): string[] {
  const fields: string[] = [];
  const { length } = line;
  let at = 0;
  while (at < length) {
    const character = line[at];
    if (character === ' ' || character === '\r') {
      at += 1;
      continue;
    }
    if (character === '[' || character === '"') {
      const end = character === '[' ? line.indexOf(']', at) : closingQuote(line, at + 1);
      if (end < 0) return fields;
      fields.push(line.slice(at + 1, end));
      at = end + 1;
      continue;
    }
    let end = line.indexOf(' ', at);
    if (end < 0) end = length;
    fields.push(line.slice(at, end));
    at = end;
  }
  return fields;
}

/** The quote that ends a field: one that a space or the end of the line follows, and no backslash precedes. */
function closingQuote(line: string, from: number): number {
  for (let at = from; at < line.length; at++) {
    const character = line[at];
    if (character === '\\') at += 1;
    else if (character === '"' && (at + 1 === line.length || line[at + 1] === ' ' || line[at + 1] === '\r')) return at;
  }
  return -1;
}

/** "06/Feb/2019:00:00:38 +0000" */
function timeOf(text: string): number {
  const found = /^(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})$/.exec(text);
  if (!found) return Number.NaN;
  const [, day, month, year, hour, minute, second, sign, zoneHours, zoneMinutes] = found;
  const monthIndex = MONTHS.indexOf(month as string);
  if (monthIndex < 0) return Number.NaN;
  const local = Date.UTC(Number(year), monthIndex, Number(day), Number(hour), Number(minute), Number(second));
  const zone = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000;
  return new Date(local).getUTCDate() === Number(day) ? local - (sign === '-' ? -zone : zone) : Number.NaN;
}

/**
 * The keys that an encoded key may mean, the likeliest first: decoded once, decoded twice (some lines are encoded twice), and without
 * a leading "/" that older lines have. Whoever knows the keys of the bucket takes the first that is there.
 */
export function keysMeant(event: Pick<AccessEvent, 'key' | 'isKeyEncoded'>): string[] {
  if (!event.isKeyEncoded) return [event.key];
  const once = decoded(event.key);
  const twice = decoded(once);
  const all = [once, twice, once.replace(/^\//, ''), twice.replace(/^\//, ''), event.key];
  return [...new Set(all.filter((key) => key !== ''))];
}

function decoded(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', '%20'));
  } catch {
    return text;
  }
}
