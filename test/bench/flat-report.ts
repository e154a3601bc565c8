import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

const SCHEMA = 'Bucket, Key, Size, LastModifiedDate, StorageClass';
const CLASSES = ['STANDARD', 'STANDARD', 'STANDARD_IA', 'GLACIER_IR'];
const LINES_PER_CHUNK = 20_000;

function* lines(rows: number): Iterable<string> {
  const asOfMs = Date.parse('2026-11-21T00:00:00Z');
  for (let from = 0; from < rows; from += LINES_PER_CHUNK) {
    let text = '';
    for (let at = from; at < Math.min(rows, from + LINES_PER_CHUNK); at++) {
      const bytes = 1000 + ((at * 7919) % 90_000_000);
      const written = new Date(asOfMs - ((at * 31) % 1000) * 86_400_000).toISOString();
      text += `"flat","one-prefix/part-${String(at).padStart(8, '0')}.bin","${bytes}","${written}","${CLASSES[at % 4]}"\n`;
    }
    yield text;
  }
}

/** An inventory report whose keys all lie in one prefix: what a directory listing must survive. */
export async function writeFlatReport(folder: string, rows: number): Promise<void> {
  const prefix = join(folder, 'inventory', 'flat', 'all');
  const stamp = join(prefix, '2026-11-21T00-00Z');
  mkdirSync(join(prefix, 'data'), { recursive: true });
  mkdirSync(stamp, { recursive: true });
  const hash = createHash('md5');
  let size = 0;
  await pipeline(
    Readable.from(lines(rows)),
    createGzip({ level: 1 }),
    async function* measured(chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    },
    createWriteStream(join(prefix, 'data', 'part.csv.gz')),
  );
  const manifest = JSON.stringify({
    sourceBucket: 'flat',
    destinationBucket: 'arn:aws:s3:::flat-inventory',
    version: '2016-11-30',
    creationTimestamp: String(Date.parse('2026-11-21T00:00:00Z')),
    fileFormat: 'CSV',
    fileSchema: SCHEMA,
    files: [{ key: 'inventory/flat/all/data/part.csv.gz', size, MD5checksum: hash.digest('hex') }],
  });
  writeFileSync(join(stamp, 'manifest.json'), manifest);
  writeFileSync(join(stamp, 'manifest.checksum'), createHash('md5').update(manifest).digest('hex'));
}
