/**
 * The one zip a bundle can be: entries stored as they are, in the order given, with a fixed time and no extra fields
 * (PKWARE APPNOTE 6.3). Every byte of it follows from names and contents, so that any other byte can be named.
 */
export interface ZipEntry {
  /** ASCII, no folders that climb. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A stretch of the file and what it is. */
export interface ZipPart {
  readonly where: string;
  readonly bytes: Uint8Array;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
const VERSION = 20;
/** 1980-01-01, the first day the format knows. */
const DATE = 0x21;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = ((CRC_TABLE[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8)) >>> 0;
  return (crc ^ 0xffffffff) >>> 0;
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

function number(value: number, width: 2 | 4): Uint8Array {
  const bytes = new Uint8Array(width);
  const view = new DataView(bytes.buffer);
  if (width === 2) view.setUint16(0, value, true);
  else view.setUint32(0, value, true);
  return bytes;
}

type Field = readonly [name: string, value: number, width: 2 | 4];

const fieldsOf = (where: string, fields: readonly Field[]): ZipPart[] =>
  fields.map(([name, value, width]) => ({ where: `${where}: ${name}`, bytes: number(value, width) }));

const common = (crc: number, size: number, name: string): Field[] => [
  ['version needed', VERSION, 2],
  ['flags', 0, 2],
  ['method', 0, 2],
  ['time', 0, 2],
  ['date', DATE, 2],
  ['CRC-32', crc, 4],
  ['compressed size', size, 4],
  ['size', size, 4],
  ['length of the name', name.length, 2],
  ['length of extra fields', 0, 2],
];

/** The parts of the zip of these entries, in order; their bytes one after the other are the file. */
export function zipParts(entries: readonly ZipEntry[]): ZipPart[] {
  const parts: ZipPart[] = [];
  const directory: ZipPart[] = [];
  let offset = 0;
  for (const { name, bytes } of entries) {
    const crc = crc32(bytes);
    const local = `zip: header of ${name}`;
    parts.push(
      ...fieldsOf(local, [['signature', LOCAL, 4], ...common(crc, bytes.length, name)]),
      { where: `${local}: name`, bytes: ascii(name) },
      { where: name, bytes },
    );
    const central = `zip: directory entry of ${name}`;
    directory.push(
      ...fieldsOf(central, [
        ['signature', CENTRAL, 4],
        ['version made by', VERSION, 2],
        ...common(crc, bytes.length, name),
        ['length of the comment', 0, 2],
        ['disk', 0, 2],
        ['internal attributes', 0, 2],
        ['external attributes', 0, 4],
        ['offset of the header', offset, 4],
      ]),
      { where: `${central}: name`, bytes: ascii(name) },
    );
    offset += LOCAL_BYTES + name.length + bytes.length;
  }
  const directoryBytes = directory.reduce((sum, part) => sum + part.bytes.length, 0);
  const end = fieldsOf('zip: end of the directory', [
    ['signature', END, 4],
    ['disk', 0, 2],
    ['disk of the directory', 0, 2],
    ['entries on this disk', entries.length, 2],
    ['entries', entries.length, 2],
    ['size of the directory', directoryBytes, 4],
    ['offset of the directory', offset, 4],
    ['length of the comment', 0, 2],
  ]);
  return [...parts, ...directory, ...end];
}

export function joinParts(parts: readonly ZipPart[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.bytes.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part.bytes, at);
    at += part.bytes.length;
  }
  return bytes;
}

/** Every part of a file that differs from what it should be, each with its first byte that does. */
export function differences(file: Uint8Array, parts: readonly ZipPart[]): { readonly where: string; readonly offset: number }[] {
  const found: { where: string; offset: number }[] = [];
  let offset = 0;
  for (const { where, bytes } of parts) {
    const at = bytes.findIndex((byte, index) => file[offset + index] !== byte);
    if (at >= 0) found.push({ where, offset: offset + at });
    offset += bytes.length;
  }
  if (file.length > offset) found.push({ where: 'zip: after the end', offset });
  return found;
}

/** The parts that hold the checksum of an entry. */
export const checksumsOf = (name: string): string[] => [`zip: header of ${name}: CRC-32`, `zip: directory entry of ${name}: CRC-32`];

const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** Entries by the directory at the end of the file; null where that does not lead to whole entries. */
export function entriesByDirectory(file: Uint8Array): ZipEntry[] | null {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const end = file.length - END_BYTES;
  if (end < 0 || view.getUint32(end, true) !== END) return null;
  const count = view.getUint16(end + 10, true);
  const entries: ZipEntry[] = [];
  let at = view.getUint32(end + 16, true);
  for (let index = 0; index < count; index += 1) {
    if (at + CENTRAL_BYTES > end || view.getUint32(at, true) !== CENTRAL) return null;
    const size = view.getUint32(at + 24, true);
    const nameLength = view.getUint16(at + 28, true);
    const name = text(file.subarray(at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameLength));
    const from = view.getUint32(at + 42, true) + LOCAL_BYTES + nameLength;
    if (from + size > file.length) return null;
    entries.push({ name, bytes: file.subarray(from, from + size) });
    at += CENTRAL_BYTES + nameLength;
  }
  return entries;
}

/** Entries by their own headers from the front, as far as those lead; null where there are none. */
export function entriesByHeaders(file: Uint8Array): ZipEntry[] | null {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const entries: ZipEntry[] = [];
  let at = 0;
  while (at + 4 <= file.length && view.getUint32(at, true) === LOCAL) {
    if (at + LOCAL_BYTES > file.length) return null;
    const size = view.getUint32(at + 22, true);
    const nameLength = view.getUint16(at + 26, true);
    const from = at + LOCAL_BYTES + nameLength;
    if (from + size > file.length) return null;
    entries.push({ name: text(file.subarray(at + LOCAL_BYTES, from)), bytes: file.subarray(from, from + size) });
    at = from + size;
  }
  return entries.length === 0 ? null : entries;
}
