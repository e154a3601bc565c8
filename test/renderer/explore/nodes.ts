import type { Node } from '../../../src/contract/index-views.ts';

/** A directory or version with the given totals and everything else plain. */
export function node(path: string, bytes: number, more: Partial<Node> = {}): Node {
  const type = path === '' || path.endsWith('/') ? 'directory' : 'version';
  const name = path.split('/').filter(Boolean).at(-1) ?? '';
  return {
    type,
    path,
    name,
    versions: 1,
    deleteMarkers: 0,
    bytes,
    noncurrentBytes: 0,
    monthlyNanoUsd: '0',
    oldestWriteDay: 20000,
    newestWriteDay: 20100,
    bytesByAge: [bytes, 0, 0, 0, 0, 0],
    bytesByClass: [['STANDARD', bytes]],
    bytesByCategory: [['dataset', bytes]],
    childCount: type === 'directory' ? 1 : 0,
    ...more,
  };
}
