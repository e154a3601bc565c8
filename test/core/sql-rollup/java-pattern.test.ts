import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { javaPattern, UnknownConstruct } from '../../../src/core/sql-rollup/java-pattern.ts';
import { RESOURCES } from '../../support/index-rows.ts';

describe('patterns in the syntax of Java', () => {
  test.each([
    ['^a$', '\\Aa\\z'],
    ['^a.b', '\\Aa[^\n\r\u2028\u2029]b'],
    ['^\\d+\\w?\\S', '\\A[0-9]+[A-Za-z0-9_]?[^\t\n\u000b\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]'],
    ['^(?<x>a|b)(?:c)', '\\A(?:a|b)(?:c)'],
    ['^[a[&&b-]', '\\A[a\\[\\&\\&b\\-]'],
    ['^a{2}?b{1,}?', '\\Aa{2}b{1,}?'],
    ["^it's{0,1}", "\\Ait\\'s{0,1}"],
    ['^\\x41\\u0042\\/', '\\AAB/'],
    ['a', '\\A(?s:.*?)(?:a)'],
    ['^a|b', '\\A(?s:.*?)(?:\\Aa|b)'],
    ['^(?=a)(?!b)', '\\A(?=a)(?!b)'],
  ])('%s is %s', (source, pattern) => {
    expect(javaPattern(source).pattern).toBe(pattern);
  });

  test('groups asked for stay groups, by number', () => {
    expect(javaPattern('^(?:(?<root>.+)/)?(?<name>[^/]+)-(?<n>\\d+)$', ['name', 'root'])).toEqual({
      pattern: '\\A(?:([^\n\r\u2028\u2029]+)/)?([^\\/]+)\\-(?:[0-9]+)\\z',
      groups: ['root', 'name'],
    });
  });

  test.each([
    '(?<=a)b',
    '\\bfoo',
    '(a)\\1',
    '\\k<x>',
    '[\\D]',
    '[a-\\d]',
    '\\p{L}',
    '[\\ud83d\\ude00]',
    '\u{1f600}',
    'a{',
    '*a',
    '(a',
    'a)',
    '[a',
    '[]',
    '[^]',
    '^*',
    '\\cA',
    '[\\u0000-\\uffff]',
  ])('%s is refused: it may mean something else there', (source) => {
    expect(() => javaPattern(source)).toThrow(UnknownConstruct);
  });

  test('a group that repeats cannot be kept', () => {
    expect(() => javaPattern('(?<x>a)*', ['x'])).toThrow(UnknownConstruct);
    expect(javaPattern('^(?<x>a)?', ['x']).pattern).toBe('\\A(a)?');
  });

  test('every shipped rule can be put so', () => {
    const { rules } = JSON.parse(readFileSync(join(RESOURCES, 'classification-rules.json'), 'utf8')) as { rules: { regex: string }[] };
    for (const { regex } of rules) expect(javaPattern(regex).pattern, regex).not.toBe('');
  });
});
