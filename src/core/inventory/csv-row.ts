import { decodeUtf8 } from '../cube/utf8.ts';
import type { BatchBuilder } from './batch-builder.ts';
import { createClassReader } from './class-reader.ts';
import type { ReportColumns } from './columns.ts';
import { createInstantParser, decodeKey } from './decode.ts';
import { createDetailReader } from './detail-reader.ts';
import { eTagParts } from './e-tag.ts';
import {
  IS_DELETE_MARKER,
  IS_HELD,
  IS_LATEST,
  IS_REPLICATION_BLOCKED,
  MAX_KEY_BYTES,
  MAX_VERSION_ID_BYTES,
  TEXT_ETAG,
} from './row-batch.ts';

export interface CsvRowOptions {
  readonly columns: ReportColumns;
  /** Every row must be of this bucket. */
  readonly sourceBucket: string;
  readonly builder: BatchBuilder;
}

/** Where the values of the current row lie; `doubled` where a value holds "" for a quote. */
export interface RowFields {
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly doubled: Uint8Array;
}

/** What is wrong with a value, and in which column. */
export interface FieldFailure {
  readonly column: number;
  readonly words: string;
}

const QUOTE = 0x22;
const LOWER = 0x20;

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const TRUE = ascii('true');
const FALSE = ascii('false');
const NULL = ascii('null');
const ON = ascii('on');
const PENDING = ascii('pending');
const FAILED = ascii('failed');

/** Compares ASCII text without regard to case; `word` is lower-case letters. */
function isWord(bytes: Uint8Array, start: number, end: number, word: Uint8Array): boolean {
  if (end - start !== word.length) return false;
  for (let i = 0; i < word.length; i++) if ((bytes[start + i]! | LOWER) !== word[i]) return false;
  return true;
}

function isSame(bytes: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  if (end - start !== text.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text[i]) return false;
  return true;
}

/** Makes the function that turns the values of one row into one row of the batch; null when all is well. */
export function createRowReader(options: CsvRowOptions, fields: RowFields): (bytes: Uint8Array) => FieldFailure | null {
  const { columns, builder } = options;
  const { start, end, doubled } = fields;
  const parseInstant = createInstantParser();
  const classOf = createClassReader(builder);
  const detailsOf = createDetailReader(builder, columns.details, start, end);
  const markerClass = () => builder.classIdOf('', '');
  const bucket = ascii(options.sourceBucket);
  const hasVersions = columns.isLatest >= 0;

  const fail = (column: number, words: string): FieldFailure => ({ column, words });

  function undouble(bytes: Uint8Array): void {
    for (let column = 0; column < doubled.length; column++) {
      if (doubled[column] === 0) continue;
      let to = start[column]!;
      const stop = end[column]!;
      for (let from = to; from < stop; from++) {
        bytes[to++] = bytes[from]!;
        if (bytes[from] === QUOTE) from++;
      }
      end[column] = to;
    }
  }

  /** 1 true, 0 false, 2 blank, -1 neither. */
  function bool(bytes: Uint8Array, column: number): number {
    const from = start[column]!;
    const to = end[column]!;
    if (from === to) return 2;
    if (isWord(bytes, from, to, TRUE)) return 1;
    return isWord(bytes, from, to, FALSE) ? 0 : -1;
  }

  function size(bytes: Uint8Array, column: number): number {
    const to = end[column]!;
    let value = 0;
    for (let from = start[column]!; from < to; from++) {
      const digit = bytes[from]! - 0x30;
      if (digit < 0 || digit > 9) return -1;
      value = value * 10 + digit;
    }
    return value <= Number.MAX_SAFE_INTEGER ? value : -1;
  }

  const isBlank = (column: number): boolean => column < 0 || start[column] === end[column];

  const isOn = (bytes: Uint8Array, column: number): boolean => !isBlank(column) && isWord(bytes, start[column]!, end[column]!, ON);

  function readETag(bytes: Uint8Array): void {
    const from = start[columns.eTag]!;
    const to = end[columns.eTag]!;
    const parts = eTagParts(bytes, from, to);
    if (parts === TEXT_ETAG) builder.setETagText(decodeUtf8(bytes, from, to));
    else builder.setETag(bytes, from, parts);
  }

  return (bytes) => {
    if (doubled.includes(1)) undouble(bytes);
    if (columns.bucket >= 0 && !isSame(bytes, start[columns.bucket]!, end[columns.bucket]!, bucket)) {
      return fail(columns.bucket, `The row is not of the report's bucket "${options.sourceBucket}".`);
    }

    let flags = IS_LATEST;
    if (hasVersions) {
      // S3 always writes IsLatest; a writer that leaves it blank claims no successor.
      const latest = bool(bytes, columns.isLatest);
      if (latest < 0) return fail(columns.isLatest, 'The value is neither true nor false.');
      const marker = bool(bytes, columns.isDeleteMarker);
      if (marker < 0) return fail(columns.isDeleteMarker, 'The value is neither true nor false.');
      flags = (latest === 0 ? 0 : IS_LATEST) | (marker === 1 ? IS_DELETE_MARKER : 0);
    }
    const isMarker = (flags & IS_DELETE_MARKER) !== 0;

    if (!isMarker && isBlank(columns.size)) return fail(columns.size, 'The size is blank.');
    const sizeBytes = isMarker ? 0 : size(bytes, columns.size);
    if (sizeBytes < 0) return fail(columns.size, 'The value is not a size in bytes.');
    const lastModifiedMs = parseInstant(bytes, start[columns.lastModified]!, end[columns.lastModified]!);
    if (Number.isNaN(lastModifiedMs)) return fail(columns.lastModified, 'The value is not a time.');

    let classId: number;
    if (isMarker) {
      classId = markerClass();
    } else {
      if (isBlank(columns.storageClass)) return fail(columns.storageClass, 'The storage class is blank.');
      const tier = columns.accessTier;
      classId = classOf(
        bytes,
        start[columns.storageClass]!,
        end[columns.storageClass]!,
        tier < 0 ? 0 : start[tier]!,
        tier < 0 ? 0 : end[tier]!,
      );
      if (classId < 0) return fail(columns.storageClass, 'The report names more storage classes than S3 has.');
      if (isOn(bytes, columns.legalHold) || isOn(bytes, columns.eventHold)) flags |= IS_HELD;
    }
    if (!isBlank(columns.retainUntil)) {
      const until = parseInstant(bytes, start[columns.retainUntil]!, end[columns.retainUntil]!);
      if (Number.isNaN(until)) return fail(columns.retainUntil, 'The value is not a time.');
      builder.setRetainUntil(until);
    }
    if (!isBlank(columns.eTag)) readETag(bytes);
    const replication = columns.replicationStatus;
    if (!isBlank(replication)) {
      const from = start[replication]!;
      const to = end[replication]!;
      if (isWord(bytes, from, to, PENDING) || isWord(bytes, from, to, FAILED)) flags |= IS_REPLICATION_BLOCKED;
    }

    const keyFrom = start[columns.key]!;
    const keyTo = end[columns.key]!;
    const idFrom = hasVersions ? start[columns.versionId]! : 0;
    const idTo = hasVersions ? end[columns.versionId]! : 0;
    if (keyFrom === keyTo) return fail(columns.key, 'The key is blank.');
    if (keyTo - keyFrom > MAX_KEY_BYTES * 3) return fail(columns.key, 'The key is longer than any S3 has.');
    if (idTo - idFrom > MAX_VERSION_ID_BYTES) return fail(columns.versionId, 'The version id is longer than any S3 gives.');
    builder.reserve(keyTo - keyFrom, idTo - idFrom);
    const keyEnd = decodeKey(bytes, keyFrom, keyTo, builder.keyBytes, builder.keyEnd);
    if (keyEnd < 0) return fail(columns.key, 'The key holds a percent sign that is not followed by two hex digits.');
    if (keyEnd - builder.keyEnd > MAX_KEY_BYTES) return fail(columns.key, 'The key is longer than any S3 has.');
    builder.keyEnd = keyEnd;
    if (!isWord(bytes, idFrom, idTo, NULL)) {
      let to = builder.versionIdEnd;
      for (let from = idFrom; from < idTo; from++) builder.versionIdBytes[to++] = bytes[from]!;
      builder.versionIdEnd = to;
    }
    builder.add(flags, sizeBytes, lastModifiedMs, classId, detailsOf(bytes));
    return null;
  };
}
