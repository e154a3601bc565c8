import { expect, test } from 'vitest';
import { linkAmong, placeOfLink } from '../../../src/main/electron/links.ts';
import { parseRoute } from '../../../src/renderer/state/route.ts';

test.each([
  ['isotherm://explore?prefix=runs/a%20b/', '#explore?prefix=runs/a%20b/'],
  ['isotherm://explore/?prefix=runs/', '#explore?prefix=runs/'],
  ['ISOTHERM://policies', '#policies'],
])('%s is a place', (link, place) => {
  expect(placeOfLink(link)).toBe(place);
});

test.each([
  'https://example.org/',
  'isotherm:explore',
  'isotherm://../../etc',
  'isotherm://explore#x',
  `isotherm://explore?prefix=${'a'.repeat(5000)}`,
  '',
])('%s is none', (link) => {
  expect(placeOfLink(link)).toBeUndefined();
});

test('a second start hands over the link among its words', () => {
  expect(linkAmong(['/usr/bin/isotherm', '--flag', 'isotherm://overview'])).toBe('#overview');
  expect(linkAmong(['/usr/bin/isotherm'])).toBeUndefined();
});

test('whatever a link holds, the window takes a view and its own parameters from it, no act', () => {
  const place = placeOfLink('isotherm://policies?apply=1&review&bucket=x') ?? '';
  expect(Object.keys(parseRoute(place)).sort()).toEqual(['find', 'prefix', 'review', 'view']);
});
