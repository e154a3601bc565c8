import { describe, expect, test } from 'vitest';
import { compileGlob } from '../../../src/core/classify/glob.ts';

const matches = (glob: string, key: string): boolean => {
  const compiled = compileGlob(glob);
  if (!compiled.ok) throw new Error(compiled.error.message);
  // The prefix is what lets whole directories be passed over: it may never lie.
  if (compiled.value.matches(key)) expect(key.startsWith(compiled.value.prefix), `${glob} ${key}`).toBe(true);
  return compiled.value.matches(key);
};

describe('globs', () => {
  test.each([
    ['a/*', 'a/b', true],
    ['a/*', 'a/b/c', false],
    ['a/**', 'a/b/c', true],
    ['a/**', 'a', false],
    ['a/', 'a/b/c', true],
    ['**/b', 'b', true],
    ['**/b', 'x/y/b', true],
    ['**/b', 'xb', false],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['a/**/b', 'axb', false],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['a?c', 'a\u{1F525}c', true],
    ['a[0-9]', 'a5', true],
    ['a[!0-9]', 'a5', false],
    ['a[!0-9]', 'ax', true],
    ['a[!x]', 'a/', false],
    ['{x,y/z}/k', 'y/z/k', true],
    ['{x,y}/k', 'z/k', false],
    ['a.b', 'axb', false],
    ['a\\*b', 'a*b', true],
    ['a\\*b', 'axb', false],
    ['=1+(2)', '=1+(2)', true],
    ['line*end', 'line\nend', true],
    ['א*', 'אב', true],
  ])('%s on %s: %s', (glob, key, expected) => expect(matches(glob, key)).toBe(expected));

  test.each(['', 'a[b', '{a', 'a\\', 'a[z-a]'])('refuse-%s', (glob) => {
    const compiled = compileGlob(glob);
    expect(compiled.ok ? null : compiled.error.code).toBe('Usage');
  });
});
