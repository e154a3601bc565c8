import fs from 'node:fs';
import { extname, join, sep } from 'node:path';
import { promisify } from 'node:util';

// Looked up when called: Electron puts a version in its place that sees into the app's archive.
const realpath = (path: string) => promisify(fs.realpath)(path);

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
};

export interface StaticFile {
  readonly path: string;
  readonly type: string;
  /** True for files whose name holds a hash of their content. */
  readonly immutable: boolean;
}

/**
 * The file below `root` that a URL path means, or undefined. Only "/" means index.html; nothing outside
 * `root`, no hidden file and no unknown kind of file is ever found.
 */
export async function findStaticFile(root: string, urlPath: string): Promise<StaticFile | undefined> {
  let path: string;
  try {
    path = decodeURIComponent(urlPath);
  } catch {
    return undefined;
  }
  if (path === '/') path = '/index.html';
  const segments = path.split('/').slice(1);
  if (segments.some((segment) => segment === '' || segment.startsWith('.') || /[\\:\0]/.test(segment))) return undefined;
  const type = TYPES[extname(path)];
  if (type === undefined) return undefined;
  try {
    const base = await realpath(root);
    const found = await realpath(join(base, ...segments));
    return found.startsWith(base + sep) ? { path: found, type, immutable: segments[0] === 'assets' } : undefined;
  } catch {
    return undefined;
  }
}
