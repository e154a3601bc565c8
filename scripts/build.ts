import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildApp, root } from './build-app.ts';

const started = performance.now();
await buildApp();
console.log(`Built in ${((performance.now() - started) / 1000).toFixed(1)} s.`);

const kib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`.padStart(12);
for (const part of ['main', 'preload', 'renderer']) {
  const folder = join(root, 'out', part);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const sizes = files.map((file) => readFileSync(file)).map((bytes) => ({ plain: bytes.length, zipped: gzipSync(bytes).length }));
  const total = (key: 'plain' | 'zipped') => sizes.reduce((sum, size) => sum + size[key], 0);
  console.log(`${`out/${part}`.padEnd(14)}${String(files.length).padStart(4)} files${kib(total('plain'))}${kib(total('zipped'))} gzip`);
}
