import { expect, test } from 'vitest';
import { appError } from '../../../src/contract/errors.ts';
import { failureWords } from '../../../src/main/cli/failure-words.ts';
import { createProgressLine } from '../../../src/main/cli/progress-line.ts';
import { printable, table } from '../../../src/main/cli/words/table.ts';

test('nothing in a key can steer the terminal', () => {
  expect(printable('a\u001b[2Jb\nc\u202ed\u0007')).toBe('a\\u{1b}[2Jb\\u{a}c\\u{202e}d\\u{7}');
  expect(printable('Größe 模型 😀')).toBe('Größe 模型 😀');
});

test('figures stand to the right and words to the left', () => {
  const rows = [
    { key: 'a', count: '1' },
    { key: 'bbbb', count: '1000' },
  ];
  const columns = [
    { title: 'Key', of: (row: (typeof rows)[number]) => row.key },
    { title: 'Count', align: 'right' as const, of: (row: (typeof rows)[number]) => row.count },
  ];
  expect(table(columns, rows)).toBe('Key   Count\na         1\nbbbb   1000');
});

test('a failure names code, place, detail and next step', () => {
  const error = appError('RowField', 'A size is negative.', {
    file: 'part.csv.gz',
    row: 3,
    field: 'Size',
    detail: '-1',
    next: 'Ask for a new report.',
  });
  expect(failureWords(error)).toBe(
    'RowField: A size is negative.\n  In file part.csv.gz, row 3, field Size.\n  -1\n  Ask for a new report.',
  );
});

test('progress rewrites one line in a terminal and is sparse elsewhere', () => {
  const written: string[] = [];
  const terminal = createProgressLine({ isTTY: true, columns: 40, write: (text) => written.push(text) });
  terminal.show({ phase: 'read', done: 1, total: 2000 });
  terminal.clear();
  expect(written).toEqual(['\r\u001b[2Kread  1 of 2,000', '\r\u001b[2K']);

  const lines: string[] = [];
  let now = 0;
  const pipe = createProgressLine({ write: (text) => lines.push(text) }, () => now);
  for (; now < 25_000; now += 1000) pipe.show({ phase: 'read', done: now });
  pipe.show({ phase: 'write', done: 0 });
  expect(lines).toEqual(['read  0\n', 'read  10,000\n', 'read  20,000\n', 'write  0\n']);
});
