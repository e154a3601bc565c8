const PLUS = 0x2b;
const PERCENT = 0x25;
const SPACE = 0x20;

/** Value of a hex digit by its byte; 255 for anything else. */
const HEX = new Uint8Array(256).fill(255);
for (let i = 0; i < 10; i++) HEX[0x30 + i] = i;
for (let i = 0; i < 6; i++) HEX[0x41 + i] = HEX[0x61 + i] = 10 + i;

/**
 * Decodes a key as CSV inventories and LIST with EncodingType "url" write it: "+" is a space, then
 * %XX is a byte (s3-domain 1.3). Bytes are kept as they are, valid UTF-8 or not. Returns the end of what
 * was written to `out` from `at`, or -1 for a malformed percent sequence. `out` must have room for end - start.
 */
export function decodeKey(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  let to = at;
  for (let from = start; from < end; from++) {
    const byte = bytes[from]!;
    if (byte === PERCENT) {
      if (from + 2 >= end) return -1;
      const high = HEX[bytes[from + 1]!]!;
      const low = HEX[bytes[from + 2]!]!;
      if (high > 15 || low > 15) return -1;
      out[to++] = (high << 4) | low;
      from += 2;
    } else {
      out[to++] = byte === PLUS ? SPACE : byte;
    }
  }
  return to;
}

const DAY_MS = 86_400_000;

/**
 * Milliseconds of an ISO-8601 instant held as ASCII bytes; NaN when it is none. The form S3 writes
 * (2024-08-21T15:28:26.000Z) takes the fast way; other spellings of an instant are read too, a time without a zone as UTC.
 */
export function createInstantParser(): (bytes: Uint8Array, start: number, end: number) => number {
  let cachedDate = -1;
  let cachedMs = 0;

  const two = (bytes: Uint8Array, at: number): number => {
    const high = bytes[at]! - 0x30;
    const low = bytes[at + 1]! - 0x30;
    return high >= 0 && high <= 9 && low >= 0 && low <= 9 ? high * 10 + low : -1_000_000;
  };

  return (bytes, start, end) => {
    if (
      end - start === 24 &&
      bytes[start + 4] === 0x2d &&
      bytes[start + 7] === 0x2d &&
      bytes[start + 10] === 0x54 &&
      bytes[start + 13] === 0x3a &&
      bytes[start + 16] === 0x3a &&
      bytes[start + 19] === 0x2e &&
      bytes[start + 23] === 0x5a
    ) {
      const year = two(bytes, start) * 100 + two(bytes, start + 2);
      const month = two(bytes, start + 5);
      const day = two(bytes, start + 8);
      const hour = two(bytes, start + 11);
      const minute = two(bytes, start + 14);
      const second = two(bytes, start + 17);
      const milli = two(bytes, start + 20) * 10 + two(bytes, start + 21) - (bytes[start + 21]! - 0x30) * 10;
      if (year < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 || milli < 0) return Number.NaN;
      const date = year * 10_000 + month * 100 + day;
      if (date !== cachedDate) {
        const ms = dayMs(year, month, day);
        if (Number.isNaN(ms)) return Number.NaN;
        cachedDate = date;
        cachedMs = ms;
      }
      return cachedMs + ((hour * 60 + minute) * 60 + second) * 1000 + milli;
    }
    return end - start > 64 ? Number.NaN : parseInstant(String.fromCharCode(...bytes.subarray(start, end)));
  };
}

const INSTANT = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/i;

function parseInstant(text: string): number {
  const found = INSTANT.exec(text.trim());
  if (found === null) return Number.NaN;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = found;
  const h = Number(hour);
  const m = Number(minute);
  const s = Number(second);
  if (h > 23 || m > 59 || s > 59) return Number.NaN;
  const milli = Number(fraction.padEnd(3, '0').slice(0, 3));
  return dayMs(Number(year), Number(month), Number(day)) + ((h * 60 + m) * 60 + s) * 1000 + milli - zoneMs(zone);
}

function zoneMs(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 18 || minutes > 59) return Number.NaN;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** Midnight UTC of a calendar date; NaN where there is no such date. */
function dayMs(year: number, month: number, day: number): number {
  if (!(month >= 1 && month <= 12 && day >= 1)) return Number.NaN;
  const ms = Date.UTC(year, month - 1, day);
  return Date.UTC(year, month, 0) / DAY_MS >= ms / DAY_MS ? ms : Number.NaN;
}
