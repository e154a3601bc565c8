import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How the kernel is compiled. Any warning is a failure: in AssemblyScript they are about numbers that do not fit. */
const FLAGS = [
  '--optimizeLevel',
  '3',
  '--shrinkLevel',
  '0',
  '--noAssert',
  '--runtime',
  'minimal',
  '--enable',
  'simd',
  '--enable',
  'bulk-memory',
];
const COMPILER = ['assemblyscript', 'asc'].join('/');

/** Names the kernel that these sources and flags make. */
function kernelHash(sources: string): string {
  const hash = createHash('sha256').update(FLAGS.join(' '));
  for (const name of readdirSync(sources).sort()) hash.update(`\0${name}\0`).update(readFileSync(join(sources, name)));
  return hash.digest('hex').slice(0, 16);
}

/** Compiles the kernel from the folder of its sources; throws what the compiler says against them. */
async function compileKernel(sources: string): Promise<Uint8Array<ArrayBuffer>> {
  // Named at run time, so that a bundle of the app does not hold a compiler.
  const asc = (await import(/* @vite-ignore */ COMPILER)) as typeof import('assemblyscript/asc');
  const said: string[] = [];
  let wasm: Uint8Array<ArrayBuffer> | undefined;
  const { error, stderr } = await asc.main(['index.ts', ...FLAGS, '--outFile', 'kernel.wasm'], {
    readFile: (name) => (/^[\w-]+\.ts$/.test(name) ? readOrNull(join(sources, name)) : null),
    listFiles: () => null,
    writeFile: (name, contents) => {
      if (name === 'kernel.wasm' && typeof contents !== 'string') wasm = new Uint8Array(contents);
    },
    reportDiagnostic: (diagnostic) => void said.push(String(diagnostic)),
  });
  if (error !== null || said.length > 0 || wasm === undefined) {
    throw new Error(['the kernel does not compile', ...said, stderr.toString(), error?.message ?? ''].join('\n'));
  }
  return wasm;
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** The compiled kernel of a folder of sources, compiled only once for the same sources; `cache` is where it is kept. */
export async function builtKernel(sources: string, cache: string): Promise<Uint8Array<ArrayBuffer>> {
  const file = join(cache, `kernel-${kernelHash(sources)}.wasm`);
  try {
    return new Uint8Array(readFileSync(file));
  } catch {
    // Not compiled yet.
  }
  const wasm = await compileKernel(sources);
  try {
    mkdirSync(cache, { recursive: true });
    const temporary = `${file}.${process.pid}`;
    writeFileSync(temporary, wasm);
    renameSync(temporary, file);
  } catch {
    // It serves this process all the same.
  }
  return wasm;
}
