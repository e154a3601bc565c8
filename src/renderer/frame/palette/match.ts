/** How well a text answers what was typed; 0 where it does not. Every word typed must begin a word or run through the text. */
export function scoreOf(query: string, text: string): number {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return 1;
  const target = text.toLowerCase();
  let score = 0;
  for (const word of words) {
    const one = scoreOfWord(word, target);
    if (one === 0) return 0;
    score += one;
  }
  return score / words.length;
}

/** 4 for the beginning of the text, 3 for the beginning of a word, 2 for anywhere, below 1 for letters in order. */
function scoreOfWord(word: string, target: string): number {
  const at = target.indexOf(word);
  if (at === 0) return 4;
  if (at > 0) {
    for (let from = at; from >= 0; from = target.indexOf(word, from + 1)) if (!/[\p{L}\p{N}]/u.test(target[from - 1] ?? ' ')) return 3;
    return 2;
  }
  if (word.length < 3) return 0;
  let from = -1;
  let first = -1;
  for (const letter of word) {
    from = target.indexOf(letter, from + 1);
    if (from < 0) return 0;
    if (first < 0) first = from;
  }
  // Letters far apart are a coincidence.
  const spread = from - first + 1;
  return spread > word.length * 2 ? 0 : word.length / spread;
}
