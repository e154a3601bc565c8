import { visibleKey } from '../../core/report/visible-text.ts';

export { visibleKey };

/** Keeps the first and last characters of a text longer than `max`, so that both the run and the shard stay readable. */
export function middleEllipsis(text: string, max: number): string {
  const characters = Array.from(text);
  if (characters.length <= max) return text;
  const tail = Math.floor((max - 1) * 0.4);
  const head = max - 1 - tail;
  return `${characters.slice(0, head).join('')}…${characters.slice(characters.length - tail).join('')}`;
}

/** The last segment as a row shows it: directories end in "/", an empty segment is shown as its slash alone. */
export const rowName = (node: { readonly type: 'directory' | 'version'; readonly name: string }): string => {
  const bare = node.name.endsWith('/') ? node.name.slice(0, -1) : node.name;
  return visibleKey(node.type === 'directory' ? `${bare}/` : node.name);
};
