/** Endings of names of text that nothing has packed. */
const ENDINGS = ['.csv', '.tsv', '.json', '.jsonl', '.ndjson', '.txt', '.xml'].map((ending) =>
  [...ending].map((letter) => letter.charCodeAt(0)),
);
const LAST = new Set(ENDINGS.map((ending) => ending.at(-1) as number));

/** Whether a name says that its bytes are text as it is. */
export function isPlainText(names: Uint8Array, start: number, end: number): boolean {
  return end > start && LAST.has(names[end - 1] as number) && ENDINGS.some((ending) => endsWith(names, start, end, ending));
}

function endsWith(names: Uint8Array, start: number, end: number, ending: readonly number[]): boolean {
  const from = end - ending.length;
  if (from < start) return false;
  for (let i = 0; i < ending.length; i++) if (names[from + i] !== ending[i]) return false;
  return true;
}
