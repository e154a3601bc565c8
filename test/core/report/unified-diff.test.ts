import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unifiedDiff } from '../../../src/core/report/unified-diff.ts';

/** What "patch" does, written to be read: every hunk's old lines have to be where it says. */
function patched(before: string, diff: string): string {
  const old = before === '' ? [] : before.replace(/\n$/, '').split('\n');
  const result: string[] = [];
  let at = 0;
  for (const line of diff.split('\n').slice(2, -1)) {
    const hunk = /^@@ -(\d+),(\d+) \+(\d+),(\d+) @@$/.exec(line);
    if (hunk !== null) {
      const start = Number(hunk[2]) === 0 ? Number(hunk[1]) : Number(hunk[1]) - 1;
      while (at < start) result.push(old[at++] as string);
      expect(result.length).toBe(Number(hunk[4]) === 0 ? Number(hunk[3]) : Number(hunk[3]) - 1);
    } else if (line.startsWith('+')) result.push(line.slice(1));
    else {
      expect(old[at]).toBe(line.slice(1));
      if (line.startsWith(' ')) result.push(line.slice(1));
      at += 1;
    }
  }
  while (at < old.length) result.push(old[at++] as string);
  return result.length === 0 ? '' : `${result.join('\n')}\n`;
}

const lines = fc
  .array(fc.constantFrom('a', 'b', 'c', '', '  rule {'), { maxLength: 40 })
  .map((all) => all.map((line) => `${line}\n`).join(''));

test('applied to the one text it gives the other', () => {
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const diff = unifiedDiff(before, after, 'x');
      expect(diff === '').toBe(before === after);
      expect(diff === '' ? before : patched(before, diff)).toBe(after);
    }),
    { numRuns: process.env.ISOTHERM_DEEP === '1' ? 20_000 : 1_000 },
  );
});

test('a change in the middle is one hunk with three lines around it', () => {
  const text = Array.from({ length: 12 }, (_, at) => `line ${at}\n`).join('');
  expect(unifiedDiff(text, text.replace('line 6', 'line six'), 'main.tf')).toBe(
    [
      '--- a/main.tf',
      '+++ b/main.tf',
      '@@ -4,7 +4,7 @@',
      ' line 3',
      ' line 4',
      ' line 5',
      '-line 6',
      '+line six',
      ' line 7',
      ' line 8',
      ' line 9',
      '',
    ].join('\n'),
  );
});

test('two thousand rules are compared in no time', () => {
  const rules = (days: number) =>
    Array.from({ length: 2_000 }, (_, at) => `rule {\n  id = "${at}"\n  days = ${at % 7 === 0 ? days : 3}\n}\n`).join('');
  expect(patched(rules(4), unifiedDiff(rules(4), rules(5), 'x'))).toBe(rules(5));
});

test('texts that share nothing are replaced as a whole', () => {
  const text = (letter: string) => Array.from({ length: 1_500 }, (_, at) => `${letter}${at}\n`).join('');
  expect(patched(text('a'), unifiedDiff(text('a'), text('b'), 'x'))).toBe(text('b'));
});
