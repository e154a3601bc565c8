import { File, Grid3x2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ParamsIn, ResultOf } from '../../../contract/methods.ts';
import { formatBytes, formatCount } from '../../../core/report/format.ts';
import { client } from '../../api/client.ts';
import { visibleKey } from '../../explore/key-text.ts';
import { navigate } from '../../state/route.ts';
import { useAt } from '../../state/session.ts';
import type { Hit } from './hits.ts';

type Search = ResultOf<'objects.search'>;
const LEAST_CHARACTERS = 2;
const MOST_KEYS = 12;
const MOST_DIRECTORIES = 8;

interface Found {
  readonly text: string;
  readonly keys: Search['hits'];
  readonly directories: Search['directories'];
  /** Rows looked at, of all; undefined when the search is at its end. */
  readonly seen: { readonly rows: number; readonly total: number } | undefined;
}

/** Keys and directories of the whole bucket that hold what is typed; a stretch at a time, until there are enough. A newer text ends the search before. */
export function useKeys(query: string): { readonly hits: readonly Hit[]; readonly seen: Found['seen'] } {
  const at = useAt();
  const text = query.trim();
  const [found, setFound] = useState<Found>();
  useEffect(() => {
    if (at === null || text.length < LEAST_CHARACTERS) return;
    let isWanted = true;
    void search({ ...at, text, isGlob: /[*?]/.test(text), box: 'palette', limit: MOST_KEYS }, (part) => {
      if (isWanted) setFound({ text, ...part });
      return isWanted;
    });
    return () => {
      isWanted = false;
    };
  }, [at, text]);
  if (found === undefined || found.text !== text) return { hits: [], seen: undefined };
  return { hits: [...found.directories.slice(0, MOST_DIRECTORIES).map(directoryHit), ...found.keys.map(keyHit)], seen: found.seen };
}

/** Asks stretch after stretch and hands on all that was found by then, for as long as somebody wants it. */
async function search(asked: ParamsIn<'objects.search'>, onFound: (found: Omit<Found, 'text'>) => boolean): Promise<void> {
  const keys: Search['hits'] = [];
  let directories: Search['directories'] = [];
  let after: string | undefined;
  for (;;) {
    const answer = await client.call('objects.search', after === undefined ? asked : { ...asked, after });
    if (!answer.ok) return;
    const { hits, directories: first, next, rowsSeen, rowsTotal } = answer.value;
    keys.push(...hits.slice(0, MOST_KEYS - keys.length));
    if (after === undefined) directories = first;
    const isDone = next === null || keys.length >= MOST_KEYS;
    if (!onFound({ keys: [...keys], directories, seen: isDone ? undefined : { rows: rowsSeen, total: rowsTotal } }) || isDone) return;
    after = next;
  }
}

const directoryHit = ({ path, bytes }: Search['directories'][number]): Hit => ({
  id: `place ${path}`,
  group: 'Prefixes',
  title: visibleKey(path),
  aside: formatBytes(bytes),
  Icon: Grid3x2,
  isKey: false,
  run: () => navigate({ view: 'explore', prefix: path }),
});

const keyHit = ({ key, rows, sizeBytes, state }: Search['hits'][number]): Hit => ({
  id: `key ${key}`,
  group: 'Keys',
  title: visibleKey(key),
  aside: `${state === 'marker' ? 'deleted' : formatBytes(sizeBytes)}${rows > 1 ? `, ${formatCount(rows)} versions` : ''}`,
  Icon: File,
  isKey: false,
  run: () => navigate({ view: 'explore', prefix: key.slice(0, key.lastIndexOf('/') + 1) }),
});
