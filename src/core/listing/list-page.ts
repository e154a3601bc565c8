import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { compareBytes, decodeUtf8 } from '../cube/utf8.ts';
import type { BatchBuilder } from '../inventory/batch-builder.ts';
import { createClassReader } from '../inventory/class-reader.ts';
import { createInstantParser, decodeKey } from '../inventory/decode.ts';
import { createDetailReader } from '../inventory/detail-reader.ts';
import { eTagParts } from '../inventory/e-tag.ts';
import { IS_DELETE_MARKER, IS_LATEST, TEXT_ETAG } from '../inventory/row-batch.ts';
import { walkXml } from './xml-elements.ts';
import { unescapeXml } from './xml-text.ts';

/**
 * What one answer of ListObjectsV2 or ListObjectVersions says besides its entries
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html). Markers are as the server wrote them.
 */
export interface ListPage {
  readonly isTruncated: boolean;
  /** Whether keys were written with EncodingType "url"; some servers do not, asked or not. */
  readonly isEncoded: boolean;
  readonly nextKeyMarker: string | undefined;
  readonly nextVersionIdMarker: string | undefined;
  readonly nextToken: string | undefined;
  /** Decoded; only where a delimiter was asked for. */
  readonly commonPrefixes: readonly string[];
  /** Key of the last entry as the server wrote it, undefined without entries. */
  readonly lastRawKey: string | undefined;
  /** Whether every key is at least as great as the one before, in bytes, as S3 promises. */
  readonly isOrdered: boolean;
}

export interface ListPageReader {
  /** Puts the entries of an answer to `what` into the builder, in the answer's order. RemoteFailed where it is no such answer. */
  read(body: Uint8Array, what: string): Result<ListPage>;
}

const ELEMENTS = [
  'Contents',
  'Version',
  'DeleteMarker',
  'CommonPrefixes',
  'Key',
  'VersionId',
  'IsLatest',
  'LastModified',
  'ETag',
  'Size',
  'StorageClass',
  'ChecksumAlgorithm',
  'Owner',
  'ID',
  'Prefix',
  'EncodingType',
  'IsTruncated',
  'NextKeyMarker',
  'NextVersionIdMarker',
  'NextContinuationToken',
] as const;
type Element = (typeof ELEMENTS)[number];
const codeOf = (name: Element): number => ELEMENTS.indexOf(name) + 1;
const CONTENTS = codeOf('Contents');
const VERSION = codeOf('Version');
const DELETE_MARKER = codeOf('DeleteMarker');
const COMMON_PREFIXES = codeOf('CommonPrefixes');
const KEY = codeOf('Key');
const ID = codeOf('VersionId');
const LATEST = codeOf('IsLatest');
const LAST_MODIFIED = codeOf('LastModified');
const E_TAG = codeOf('ETag');
const SIZE = codeOf('Size');
const CLASS = codeOf('StorageClass');
const CHECKSUM = codeOf('ChecksumAlgorithm');
const OWNER = codeOf('Owner');
const OWNER_ID = codeOf('ID');
const ENCODING_TYPE = codeOf('EncodingType');
const IS_TRUNCATED = codeOf('IsTruncated');
const isEntry = (code: number): boolean => code === CONTENTS || code === VERSION || code === DELETE_MARKER;

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const NAMES = ELEMENTS.map(ascii);
const TRUE = ascii('true');
const FALSE = ascii('false');
const NULL = ascii('null');
const RESULT = ascii('Result');
const QUOTE = ascii('&quot;');
const URL_ENCODING = ascii('<EncodingType>url<');

const isText = (bytes: Uint8Array, start: number, end: number, text: Uint8Array): boolean =>
  compareBytes(bytes, start, end, text, 0, text.length) === 0;

/** 0 for an element nobody asks for. */
function elementAt(bytes: Uint8Array, start: number, end: number): number {
  for (let i = 0; i < NAMES.length; i++) {
    const name = NAMES[i]!;
    if (name.length === end - start && name[0] === bytes[start] && isText(bytes, start, end, name)) return i + 1;
  }
  return 0;
}

/** What entries say besides what a batch has columns for, by the names an inventory gives it. */
export const LISTED_DETAILS = ['ChecksumAlgorithm', 'ObjectOwner'] as const;

/** Reads answers into one builder made for LISTED_DETAILS, which the caller empties between them. */
export function createListPageReader(builder: BatchBuilder): ListPageReader {
  const start = new Int32Array(ELEMENTS.length + 1);
  const end = new Int32Array(ELEMENTS.length + 1);
  const tools: Tools = {
    builder,
    start,
    end,
    parseInstant: createInstantParser(),
    classOf: createClassReader(builder),
    detailOf: createDetailReader(builder, [CHECKSUM, OWNER_ID], start, end),
  };
  return { read: (body, what) => new Reading(tools, body).run(what) };
}

interface Tools {
  readonly builder: BatchBuilder;
  /** Where the text of each element of the current entry lies, by code; nowhere where it has none. */
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly parseInstant: ReturnType<typeof createInstantParser>;
  readonly classOf: ReturnType<typeof createClassReader>;
  readonly detailOf: ReturnType<typeof createDetailReader>;
}

class Reading {
  private readonly tools: Tools;
  private readonly bytes: Uint8Array;
  private readonly open = new Uint8Array(32);
  private readonly facts = new Map<number, string>();
  private readonly commonPrefixes: string[] = [];
  private isEncoded: boolean | undefined;
  private isListing = false;
  private isOrdered = true;
  /** Of the entry before: its key in the builder, and as the server wrote it. */
  private keyFrom = 0;
  private keyTo = 0;
  private rawFrom = 0;
  private rawTo = 0;
  private failure: string | undefined;

  constructor(tools: Tools, bytes: Uint8Array) {
    this.tools = tools;
    this.bytes = bytes;
  }

  run(what: string): Result<ListPage> {
    const isWhole = walkXml(this.bytes, {
      open: (nameStart, nameEnd, depth) => {
        this.open[depth] = elementAt(this.bytes, nameStart, nameEnd);
        if (depth === 1) this.isListing = isText(this.bytes, nameEnd - RESULT.length, nameEnd, RESULT);
        if (depth === 2) this.forget();
      },
      close: (depth, textStart, textEnd) => this.close(depth, textStart, textEnd),
    });
    const odd = this.failure ?? (isWhole ? (this.isListing ? undefined : 'with something that is no listing') : 'with half an answer');
    if (odd !== undefined) return err(appError('RemoteFailed', `${what} was answered ${odd}.`));
    return ok({
      isTruncated: this.facts.get(IS_TRUNCATED) === 'true',
      isEncoded: this.encoded(),
      nextKeyMarker: this.facts.get(codeOf('NextKeyMarker')),
      nextVersionIdMarker: this.facts.get(codeOf('NextVersionIdMarker')),
      nextToken: this.facts.get(codeOf('NextContinuationToken')),
      commonPrefixes: this.commonPrefixes,
      lastRawKey: this.rawTo > this.rawFrom ? this.text(this.rawFrom, this.rawTo) : undefined,
      isOrdered: this.isOrdered,
    });
  }

  private close(depth: number, textStart: number, textEnd: number): void {
    if (this.failure !== undefined) return;
    const code = this.open[depth]!;
    const isOfEntry = depth === 3 || (depth === 4 && this.open[3] === OWNER);
    if (isOfEntry && code !== 0) {
      this.tools.start[code] = textStart;
      this.tools.end[code] = textEnd;
      if (this.open[2] === COMMON_PREFIXES) this.commonPrefix(textStart, textEnd);
    } else if (depth === 2 && isEntry(code)) {
      this.failure = this.entry(code === DELETE_MARKER);
    } else if (depth === 2 && code !== 0 && code !== COMMON_PREFIXES) {
      const text = this.text(textStart, textEnd);
      if (code === ENCODING_TYPE) this.isEncoded = text === 'url';
      this.facts.set(code, text);
    }
  }

  /** The encoding is said once, before the entries or after them. */
  private encoded(): boolean {
    this.isEncoded ??= includes(this.bytes, URL_ENCODING);
    return this.isEncoded;
  }

  private text(start: number, end: number): string {
    const out = new Uint8Array(end - start);
    const to = unescapeXml(this.bytes, start, end, out, 0);
    return decodeUtf8(out, 0, Math.max(0, to));
  }

  private commonPrefix(start: number, end: number): void {
    const plain = new Uint8Array(end - start);
    const to = this.keyInto(start, end, plain, 0);
    if (to < 0) this.failure = `with a common prefix that is not encoded as it should be, "${this.text(start, end)}"`;
    else this.commonPrefixes.push(decodeUtf8(plain, 0, to));
  }

  /** A key's bytes as they are in the bucket; -1 where it is not encoded as it should be. */
  private keyInto(start: number, end: number, out: Uint8Array, at: number): number {
    const to = unescapeXml(this.bytes, start, end, out, at);
    return to < 0 || !this.encoded() ? to : decodeKey(out, at, to, out, at);
  }

  private forget(): void {
    this.tools.start.fill(0);
    this.tools.end.fill(0);
  }

  private has(code: number): boolean {
    return this.tools.end[code]! > this.tools.start[code]!;
  }

  /** Undefined when all is well, else what is wrong. */
  private entry(isMarker: boolean): string | undefined {
    const { bytes } = this;
    const { builder, start, end, parseInstant, classOf, detailOf } = this.tools;
    if (builder.isFull) return 'with more entries than were asked for';
    if (!this.has(KEY)) return 'with an entry without a key';
    const [rawFrom, rawTo] = [start[KEY]!, end[KEY]!];
    const odd = (words: string): string => `with an entry ${words}, key "${this.text(rawFrom, rawTo)}"`;

    const lastModifiedMs = this.has(LAST_MODIFIED) ? parseInstant(bytes, start[LAST_MODIFIED]!, end[LAST_MODIFIED]!) : Number.NaN;
    if (Number.isNaN(lastModifiedMs)) return odd('without a time');
    const sizeBytes = isMarker ? 0 : this.has(SIZE) ? wholeNumber(bytes, start[SIZE]!, end[SIZE]!) : -1;
    if (sizeBytes < 0) return odd('without a size');
    const isLatest = !this.has(LATEST) || !isText(bytes, start[LATEST]!, end[LATEST]!, FALSE);
    if (isLatest && this.has(LATEST) && !isText(bytes, start[LATEST]!, end[LATEST]!, TRUE)) return odd('that may or may not be the latest');
    // A server that names no class means its only one; a delete marker has none.
    const classId = isMarker
      ? builder.classIdOf('', '')
      : this.has(CLASS)
        ? classOf(bytes, start[CLASS]!, end[CLASS]!, 0, 0)
        : builder.classIdOf('STANDARD', '');
    if (classId < 0) return odd('of one storage class too many');

    builder.reserve(rawTo - rawFrom, end[ID]! - start[ID]!);
    const keyTo = this.keyInto(rawFrom, rawTo, builder.keyBytes, builder.keyEnd);
    if (keyTo < 0) return odd('whose key is not encoded as it should be');
    // The null version is written as "null" in listings.
    if (this.has(ID) && !isText(bytes, start[ID]!, end[ID]!, NULL)) {
      const idTo = unescapeXml(bytes, start[ID]!, end[ID]!, builder.versionIdBytes, builder.versionIdEnd);
      if (idTo < 0) return odd('with a version id that cannot be read');
      builder.versionIdEnd = idTo;
    }
    const keyFrom = builder.keyEnd;
    if (compareBytes(builder.keyBytes, this.keyFrom, this.keyTo, builder.keyBytes, keyFrom, keyTo) > 0) this.isOrdered = false;
    this.keyFrom = keyFrom;
    this.keyTo = keyTo;
    this.rawFrom = rawFrom;
    this.rawTo = rawTo;
    builder.keyEnd = keyTo;
    if (this.has(E_TAG)) this.setETag(start[E_TAG]!, end[E_TAG]!);
    builder.add((isLatest ? IS_LATEST : 0) | (isMarker ? IS_DELETE_MARKER : 0), sizeBytes, lastModifiedMs, classId, detailOf(bytes));
    return undefined;
  }

  /** ETags come in quotes, which inventories leave out. */
  private setETag(start: number, end: number): void {
    const { bytes } = this;
    const { builder } = this.tools;
    const isQuoted = isText(bytes, start, Math.min(end, start + QUOTE.length), QUOTE) && end - start >= 2 * QUOTE.length;
    const [from, to] = isQuoted ? [start + QUOTE.length, end - QUOTE.length] : [start, end];
    const parts = eTagParts(bytes, from, to);
    if (parts === TEXT_ETAG) builder.setETagText(this.text(from, to).replace(/^"|"$/g, ''));
    else builder.setETag(bytes, from, parts);
  }
}

function wholeNumber(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = bytes[at]! - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value <= Number.MAX_SAFE_INTEGER ? value : -1;
}

function includes(bytes: Uint8Array, wanted: Uint8Array): boolean {
  for (let at = bytes.indexOf(wanted[0]!); at >= 0; at = bytes.indexOf(wanted[0]!, at + 1)) {
    if (isText(bytes, at, Math.min(bytes.length, at + wanted.length), wanted)) return true;
  }
  return false;
}
