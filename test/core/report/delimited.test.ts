import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLine, tsvLine } from '../../../src/core/report/delimited.ts';

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '=HYPERLINK("http://x","y")'])(
  '%j is text in a spreadsheet, not a formula',
  (hostile) => {
    expect(csvLine([hostile]).replace(/^"/, '')).toMatch(/^'/);
    expect(tsvLine([hostile])).toMatch(/^'/);
  },
);

test('numbers stay numbers, negative ones too', () => {
  expect(csvLine(['a', -12, 3.5])).toBe('a,-12,3.5\r\n');
});

/** A reader of RFC 4180, one line. */
function read(line: string): string[] {
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    let text = '';
    if (line[at] === '"') {
      for (at += 1; ; at++) {
        if (line[at] === '"' && line[at + 1] !== '"') break;
        if (line[at] === '"') at += 1;
        text += line[at];
      }
      at += 1;
    } else {
      while (line[at] !== ',' && line[at] !== '\r') text += line[at++];
    }
    cells.push(text);
    if (line[at] !== ',') return cells;
    at += 1;
  }
}

test('any text comes back out of a line, but for the apostrophe that keeps it text', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 6 }), (texts) => {
      const safe = texts.map((text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text));
      expect(read(csvLine(texts))).toEqual(safe);
    }),
    { seed: 7 },
  );
});
