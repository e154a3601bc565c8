import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parseCloudTrail } from '../../core/access/cloudtrail.ts';
import type { AccessEvent } from '../../core/access/event.ts';
import { parseLogLine } from '../../core/access/log-line.ts';

/** What is held in memory of one file; a longer one is read twice. CloudTrail writes far smaller ones. */
export const HELD_BYTES = 64 * 2 ** 20;

export interface LogCounts {
  lines: number;
  malformed: number;
  partial: number;
}

/** A log file by what is in it; `content` is null where it is too long to be held. */
export interface DigestedLog {
  readonly digest: string;
  readonly content: Buffer | null;
}

/** Unpacks gzip where it is gzip, whatever the file is called. */
export async function* unpacked(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  let ended = false;
  while (head.length < 2 && !ended) {
    const next = await iterator.next();
    if (next.done) ended = true;
    else head = Buffer.concat([head, next.value]);
  }
  const rest = async function* (): AsyncGenerator<Uint8Array> {
    yield head;
    for (let next = ended ? undefined : await iterator.next(); next && !next.done; next = await iterator.next()) yield next.value;
  };
  if (head[0] === 0x1f && head[1] === 0x8b) {
    const source = Readable.from(rest(), { objectMode: false });
    const gunzip = createGunzip({ chunkSize: 1 << 18 });
    source.on('error', (error) => gunzip.destroy(error));
    yield* source.pipe(gunzip) as AsyncIterable<Uint8Array>;
  } else yield* rest();
}

/** Digest of what a file holds, unpacked, so that the same log counts once however it is packed or called. */
export async function digestLog(chunks: AsyncIterable<Uint8Array>): Promise<DigestedLog> {
  const hash = createHash('sha256');
  const held: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of unpacked(chunks)) {
    hash.update(chunk);
    bytes += chunk.length;
    if (bytes <= HELD_BYTES) held.push(chunk);
    else held.length = 0;
  }
  return { digest: hash.digest('hex'), content: bytes <= HELD_BYTES ? Buffer.concat(held) : null };
}

/** Reads server access log lines, or one CloudTrail file, and hands over every request. */
export async function readLog(content: Buffer | AsyncIterable<Uint8Array>, onEvent: (event: AccessEvent) => void): Promise<LogCounts> {
  const counts: LogCounts = { lines: 0, malformed: 0, partial: 0 };
  if (Buffer.isBuffer(content)) {
    const text = content.toString('utf8');
    if (text.trimStart().startsWith('{')) {
      const file = parseCloudTrail(text);
      if (file === null) return { lines: 1, malformed: 1, partial: 0 };
      for (const event of file.events) onEvent(event);
      return { lines: file.records, malformed: file.malformed, partial: 0 };
    }
    for (const line of text.split('\n')) readLine(line, counts, onEvent);
    return counts;
  }
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of content) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) readLine(line, counts, onEvent);
  }
  readLine(rest + decoder.decode(), counts, onEvent);
  return counts;
}

function readLine(line: string, counts: LogCounts, onEvent: (event: AccessEvent) => void): void {
  if (line === '' || line === '\r') return;
  counts.lines += 1;
  const event = parseLogLine(line);
  if (event === null) {
    counts.malformed += 1;
    return;
  }
  if (event.isPartial) counts.partial += 1;
  onEvent(event);
}
