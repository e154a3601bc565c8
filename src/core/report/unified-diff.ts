const CONTEXT_LINES = 3;
const MOST_DIFFERENCES = 2_000;

type Edit = { readonly kind: ' ' | '-' | '+'; readonly line: string };

/** The shortest list of kept, removed and added lines (E. Myers, "An O(ND) Difference Algorithm", 1986), common ends taken off first. */
function edits(a: readonly string[], b: readonly string[]): Edit[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const middle = between(a.slice(start, a.length - end), b.slice(start, b.length - end));
  const kept = (line: string): Edit => ({ kind: ' ', line });
  return [...a.slice(0, start).map(kept), ...middle, ...a.slice(a.length - end).map(kept)];
}

function between(a: readonly string[], b: readonly string[]): Edit[] {
  const most = a.length + b.length;
  // The trace takes memory with the square of the differences; texts that share little are simply replaced.
  const bound = Math.min(most, MOST_DIFFERENCES);
  const trace: Int32Array[] = [];
  const furthest = new Int32Array(2 * most + 3);
  for (let steps = 0; steps <= bound; steps += 1) {
    trace.push(furthest.slice());
    for (let k = -steps; k <= steps; k += 2) {
      const isDown = k === -steps || (k !== steps && (furthest[most + k] as number) < (furthest[most + k + 2] as number));
      let x = isDown ? (furthest[most + k + 2] as number) : (furthest[most + k] as number) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      furthest[most + k + 1] = x;
      if (x >= a.length && x - k >= b.length) return backtrack(a, b, trace, most);
    }
  }
  return [...a.map((line): Edit => ({ kind: '-', line })), ...b.map((line): Edit => ({ kind: '+', line }))];
}

function backtrack(a: readonly string[], b: readonly string[], trace: readonly Int32Array[], most: number): Edit[] {
  const found: Edit[] = [];
  let x = a.length;
  let y = b.length;
  for (let steps = trace.length - 1; steps >= 0; steps -= 1) {
    const furthest = trace[steps] as Int32Array;
    const k = x - y;
    const isDown = k === -steps || (k !== steps && (furthest[most + k] as number) < (furthest[most + k + 2] as number));
    const before = isDown ? k + 1 : k - 1;
    const fromX = steps === 0 ? 0 : (furthest[most + before + 1] as number);
    const fromY = steps === 0 ? 0 : fromX - before;
    while (x > fromX && y > fromY) {
      x -= 1;
      y -= 1;
      found.push({ kind: ' ', line: a[x] as string });
    }
    if (steps === 0) break;
    if (isDown) {
      y -= 1;
      found.push({ kind: '+', line: b[y] as string });
    } else {
      x -= 1;
      found.push({ kind: '-', line: a[x] as string });
    }
  }
  return found.reverse();
}

/** Two texts as a patch that "patch" and "git apply" take; empty where they are the same. Both end in a line break, or count as if they did. */
export function unifiedDiff(before: string, after: string, fileName: string): string {
  const lines = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
  const all = edits(lines(before), lines(after));
  const hunks: string[] = [];
  let oldLine = 1;
  let newLine = 1;
  for (let at = 0; at < all.length; ) {
    if (all[at]?.kind === ' ') {
      oldLine += 1;
      newLine += 1;
      at += 1;
      continue;
    }
    const from = Math.max(0, at - CONTEXT_LINES);
    let to = at;
    // Changes that are no further apart than two contexts share a hunk.
    for (let gap = 0; to < all.length && gap <= 2 * CONTEXT_LINES; to += 1) gap = all[to]?.kind === ' ' ? gap + 1 : 0;
    let tail = 0;
    while (tail < to - at && all[to - 1 - tail]?.kind === ' ') tail += 1;
    to -= Math.max(0, tail - CONTEXT_LINES);
    const part = all.slice(from, to);
    const lead = at - from;
    const olds = part.filter(({ kind }) => kind !== '+').length;
    const news = part.filter(({ kind }) => kind !== '-').length;
    const range = (line: number, count: number): string => `${count === 0 ? line - lead - 1 : line - lead},${count}`;
    hunks.push(`@@ -${range(oldLine, olds)} +${range(newLine, news)} @@`, ...part.map(({ kind, line }) => `${kind}${line}`));
    oldLine += olds - lead;
    newLine += news - lead;
    at = to;
  }
  return hunks.length === 0 ? '' : `--- a/${fileName}\n+++ b/${fileName}\n${hunks.join('\n')}\n`;
}
