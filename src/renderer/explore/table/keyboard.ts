import type { Rows } from './rows.ts';

/** What a key does in the treegrid (https://www.w3.org/WAI/ARIA/apg/patterns/treegrid/, rows first). */
export type Act =
  | { readonly do: 'move'; readonly to: number }
  | { readonly do: 'expand' | 'collapse' | 'drill'; readonly path: string }
  | { readonly do: 'up' };

type Key = { readonly key: string; readonly altKey: boolean; readonly ctrlKey: boolean; readonly metaKey: boolean };

/** Decides what a key press on row `at` means; null leaves the key to others. `pageRows` is how many rows the view holds. */
export function actOn(key: Key, rows: Rows, at: number, expanded: ReadonlySet<string>, pageRows: number): Act | null {
  if (key.ctrlKey || key.metaKey) return null;
  if (key.altKey) return key.key === 'ArrowUp' ? { do: 'up' } : null;
  const move = (to: number): Act | null => (rows.count === 0 ? null : { do: 'move', to: Math.max(0, Math.min(rows.count - 1, to)) });
  const node = rows.at(at)?.node ?? null;
  const isDirectory = node?.type === 'directory';
  switch (key.key) {
    case 'ArrowDown':
      return move(at + 1);
    case 'ArrowUp':
      return move(at - 1);
    case 'Home':
      return move(0);
    case 'End':
      return move(rows.count - 1);
    case 'PageDown':
      return move(at + pageRows);
    case 'PageUp':
      return move(at - pageRows);
    case 'ArrowRight':
      if (!isDirectory || node.childCount === 0) return null;
      return expanded.has(node.path) ? move(at + 1) : { do: 'expand', path: node.path };
    case 'ArrowLeft':
      if (isDirectory && expanded.has(node.path)) return { do: 'collapse', path: node.path };
      return parentRow(rows, at) < 0 ? null : move(parentRow(rows, at));
    case 'Enter':
      return isDirectory ? { do: 'drill', path: node.path } : null;
    case 'Backspace':
      return { do: 'up' };
    default:
      return null;
  }
}

/** The row of the directory a row lies in; -1 on the first level. */
export function parentRow(rows: Rows, at: number): number {
  const row = rows.at(at);
  return row === null || row.level === 1 ? -1 : rows.indexOf(row.parent);
}
