import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { builtKernel } from './build.ts';
import { Kernel } from './kernel.ts';

let compiled: Promise<WebAssembly.Module> | undefined;

const isSource = import.meta.url.endsWith('.ts');
const beside = (path: string): string => fileURLToPath(new URL(path, import.meta.url.replace('/app.asar/', '/app.asar.unpacked/')));

/** Where the kernel's sources are, and where what is made of them is kept. */
export const KERNEL_SOURCES = beside('../../kernel/');
export const KERNEL_CACHE = beside('../../../out/kernel/');

/** Makes kernels, each with memory of its own. Running from the sources, the first one after a change is compiled, which takes some seconds. */
export async function loadKernel(): Promise<() => Kernel> {
  compiled ??= bytes().then((wasm) => new WebAssembly.Module(wasm));
  const module = await compiled;
  return () => new Kernel(module);
}

async function bytes(): Promise<Uint8Array<ArrayBuffer>> {
  return isSource ? builtKernel(KERNEL_SOURCES, KERNEL_CACHE) : new Uint8Array(readFileSync(beside('./kernel.wasm')));
}
