import { Grid3x2 } from 'lucide-react';
import { useMemo } from 'react';
import { formatBytes } from '../../../core/report/format.ts';
import { visibleKey } from '../../explore/key-text.ts';
import { useQuery } from '../../state/query.ts';
import { navigate } from '../../state/route.ts';
import { usePricedAt } from '../../state/session.ts';
import type { Hit } from './hits.ts';
import { scoreOf } from './match.ts';

const LISTED = 400;
const MOST_PLACES = 8;

/** The directories of the bucket's upper levels that answer what was typed, the largest first. */
export function usePlaces(query: string): Hit[] {
  const at = usePricedAt();
  const { data } = useQuery('tree.map', at === null ? null : { ...at, prefix: '', depth: 3, limit: LISTED });
  return useMemo(() => {
    if (data === undefined || query.trim() === '') return [];
    const found: { path: string; bytes: number; score: number }[] = [];
    const walk = (node: typeof data): void => {
      for (const child of node.children) {
        const score = scoreOf(query, child.path);
        if (score >= 1) found.push({ path: child.path, bytes: child.bytes, score });
        walk(child);
      }
    };
    walk(data);
    return found
      .sort((a, b) => b.score - a.score || b.bytes - a.bytes)
      .slice(0, MOST_PLACES)
      .map(({ path, bytes }) => ({
        id: `place ${path}`,
        group: 'Prefixes',
        title: visibleKey(path),
        aside: formatBytes(bytes),
        Icon: Grid3x2,
        isKey: false,
        run: () => navigate({ view: 'explore', prefix: path }),
      }));
  }, [data, query]);
}
