/** Characters that would hide, reorder or break a line of text: C0 and C1 controls, bidi controls, zero-width, lone surrogates. */
const UNSEEN = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|\p{Cs}/gu;

/** A key as it can be shown: every unseen character becomes its code point in angle quotes, ‹0000›. Nothing else is changed. */
export function visibleKey(text: string): string {
  return text.replace(UNSEEN, (character) => `‹${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`);
}

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
