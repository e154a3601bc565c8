/** Compiles the kernel, unless that was done for the same sources; any warning is a failure. With a path, writes it there too. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { builtKernel } from '../src/main/kernel/build.ts';
import { KERNEL_CACHE, KERNEL_SOURCES } from '../src/main/kernel/load.ts';

const wasm = await builtKernel(KERNEL_SOURCES, KERNEL_CACHE);
const [path] = process.argv.slice(2);
if (path !== undefined) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, wasm);
}
