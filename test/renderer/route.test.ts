import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { breadcrumb, formatRoute, parseRoute } from '../../src/renderer/state/route.ts';

describe('routes', () => {
  test('an empty or unknown hash is the overview', () => {
    const overview = { view: 'overview', prefix: '', find: '', review: false };
    expect(parseRoute('')).toEqual(overview);
    expect(parseRoute('#')).toEqual(overview);
    expect(parseRoute('#nowhere?prefix=a/')).toEqual(overview);
  });

  test('a view knows only its own parameters', () => {
    expect(parseRoute('#explore?prefix=runs/a%20b/&review')).toEqual({ view: 'explore', prefix: 'runs/a b/', find: '', review: false });
    expect(parseRoute('#policies?review&prefix=x/')).toEqual({ view: 'policies', prefix: '', find: '', review: true });
  });

  test('slashes of a prefix stay readable and everything else is escaped', () => {
    expect(formatRoute({ view: 'explore', prefix: 'a&b=c/d?e#f/' })).toBe('#explore?prefix=a%26b%3Dc/d%3Fe%23f/');
    expect(formatRoute({ view: 'explore' })).toBe('#explore');
    expect(formatRoute({ view: 'policies', review: true })).toBe('#policies?review');
  });

  test('any prefix survives the way through the address bar', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1 }).filter((text) => text.isWellFormed()),
        (prefix) => {
          expect(parseRoute(formatRoute({ view: 'explore', prefix, find: prefix }))).toMatchObject({ prefix, find: prefix });
        },
      ),
      { seed: 7 },
    );
  });
});

describe('the breadcrumb', () => {
  test('has one step per directory, each with the whole path up to it', () => {
    expect(breadcrumb('a/b/')).toEqual([
      { name: 'a', path: 'a/' },
      { name: 'b', path: 'a/b/' },
    ]);
    expect(breadcrumb('')).toEqual([]);
  });

  test('an empty segment is named, not lost', () => {
    expect(breadcrumb('a//b/').map(({ name }) => name)).toEqual(['a', '(empty name)', 'b']);
  });

  test('the last step is always the prefix itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '/', 'é', ' '), minLength: 1 }), (prefix) => {
        expect(breadcrumb(prefix).at(-1)?.path).toBe(prefix);
      }),
      { seed: 7 },
    );
  });
});
