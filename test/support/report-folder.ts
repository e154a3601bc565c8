import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

export const md5 = (bytes: string | Uint8Array): string => createHash('md5').update(bytes).digest('hex');
const SCHEMA = 'Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size, LastModifiedDate, StorageClass';

export function line(key: string, size = 5, storageClass = 'STANDARD'): string {
  return `"src","${key}","v-${key}","true","false","${size}","2024-05-06T22:44:22.000Z","${storageClass}"\n`;
}

export interface ReportFiles {
  /** Folder of the configuration, from the copied bucket's root. */
  readonly prefix?: string;
  readonly stamp?: string;
  readonly parts?: readonly (readonly [name: string, text: string])[];
  readonly manifest?: object;
  readonly checksum?: string | null;
}

/** Writes a report as S3 lays it out in a destination bucket; answers with the path of its manifest. */
export function writeReportFolder(root: string, files: ReportFiles = {}): string {
  const { prefix = 'inv/src/all', stamp = '2024-05-07T01-00Z', parts = [['a.csv.gz', line('one') + line('two')]] } = files;
  const listed = parts.map(([name, text]) => {
    const packed = gzipSync(text);
    put(join(root, prefix, 'data', name), packed);
    return { key: `${prefix}/data/${name}`, size: packed.length, MD5checksum: md5(packed) };
  });
  const manifest = JSON.stringify({
    sourceBucket: 'src',
    destinationBucket: 'arn:aws:s3:::dest',
    version: '2016-11-30',
    creationTimestamp: String(Date.parse(stamp.replace(/T(\d\d)-(\d\d)Z/, 'T$1:$2:00Z'))),
    fileFormat: 'CSV',
    fileSchema: SCHEMA,
    files: listed,
    ...files.manifest,
  });
  const path = join(root, prefix, stamp, 'manifest.json');
  put(path, manifest);
  if (files.checksum !== null) put(path.replace(/json$/, 'checksum'), files.checksum ?? `${md5(manifest)}\n`);
  return path;
}

/** Rewrites the checksum after a manifest was changed on purpose. */
export function resign(manifest: string): void {
  writeFileSync(manifest.replace(/json$/, 'checksum'), md5(readFileSync(manifest)));
}

export function put(file: string, bytes: string | Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}

/** Every file below a folder with its MD5, to prove that nothing was touched. */
export function fingerprint(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const file = join(folder, name);
    found[name] = statSync(file).isDirectory() ? 'folder' : md5(readFileSync(file));
  }
  return found;
}
