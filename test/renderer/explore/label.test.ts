import { describe, expect, test } from 'vitest';
import { middleEllipsis, rowName, visibleKey } from '../../../src/renderer/explore/key-text.ts';
import { fitText, headerLabel, tileLabel } from '../../../src/renderer/explore/map/label.ts';
import { contrast, INK, inkOn, luminance, WHITE } from '../../../src/renderer/theme/ink.ts';

const sixPx = (text: string): number => Array.from(text).length * 6;

describe('labels of tiles', () => {
  test('a text that fits is kept, a longer one ends in an ellipsis within the width', () => {
    expect(fitText('step-65000', 60, sixPx)).toBe('step-65000');
    expect(fitText('step-65000', 59, sixPx)).toBe('step-650…');
    expect(sixPx(fitText('step-65000', 41, sixPx))).toBeLessThanOrEqual(41);
  });

  test('rather no text than a single letter', () => {
    expect(fitText('step-65000', 15, sixPx)).toBe('');
  });

  test('a surrogate pair is never cut in half', () => {
    expect(fitText('🧊🧊🧊🧊🧊', 24, sixPx)).toBe('🧊🧊🧊…');
  });

  test('the size comes first, the name only from 92 x 34 px', () => {
    expect(tileLabel({ w: 91, h: 34 }, '8.55 TiB', 'step', sixPx)).toEqual({ bytes: '8.55 TiB', name: '' });
    expect(tileLabel({ w: 92, h: 33 }, '8.55 TiB', 'step', sixPx)).toEqual({ bytes: '8.55 TiB', name: '' });
    expect(tileLabel({ w: 92, h: 34 }, '8.55 TiB', 'step', sixPx)).toEqual({ bytes: '8.55 TiB', name: 'step' });
  });

  test('a size that does not fit whole is left out, never cut', () => {
    expect(tileLabel({ w: 57, h: 40 }, '8.55 TiB', 'step', sixPx)).toEqual({ bytes: '', name: '' });
    expect(tileLabel({ w: 200, h: 17 }, '8.55 TiB', 'step', sixPx)).toEqual({ bytes: '', name: '' });
  });

  test('a header gives up its size before its name', () => {
    expect(headerLabel(200, 'checkpoints', '673 TiB', sixPx, sixPx)).toMatchObject({ name: 'checkpoints', bytes: '673 TiB' });
    expect(headerLabel(90, 'checkpoints', '673 TiB', sixPx, sixPx)).toMatchObject({ name: 'checkpoints', bytes: '' });
  });
});

describe('ink on tiles', () => {
  test('luminance runs from black 0 to white 1', () => {
    expect(luminance('#000000')).toBe(0);
    expect(luminance('#ffffff')).toBeCloseTo(1, 10);
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  });

  test.each([
    ['#f5c84e', INK],
    ['#e29948', INK],
    ['#8b5a76', WHITE],
    ['#4a4582', WHITE],
    ['#142d60', WHITE],
    ['#fcce55', INK],
  ])('on %s the label is %s', (tile, ink) => {
    expect(inkOn(tile)).toBe(ink);
  });

  test('on every tile colour of both themes the label reads at 4.5:1 at least', () => {
    const tiles = 'f5c84e e29948 ba7861 8b5a76 4a4582 142d60 fcce55 eaa150 c27f68 9a6684 5b569c 233f78'.split(' ');
    const classes = '12908e a9b545 74bdf0 dc8fb6 2f6fb5 5a3b8f 3c4452 27a5a0 b4bf55 82c6f4 e09cc0 3d78c4 b39be6 566072'.split(' ');
    for (const hex of [...tiles, ...classes]) expect([hex, contrast(`#${hex}`, inkOn(`#${hex}`)) >= 4.5]).toEqual([hex, true]);
  });
});

describe('keys as text', () => {
  test('control characters become visible', () => {
    expect(visibleKey('a\u0000b\nc\u007f\u0085')).toBe('a‹0000›b‹000A›c‹007F›‹0085›');
  });

  test('characters that reorder or hide text become visible', () => {
    expect(visibleKey('exe\u202egpj.\u200bx\u2066\ufeff\ud800')).toBe('exe‹202E›gpj.‹200B›x‹2066›‹FEFF›‹D800›');
  });

  test('markup, spaces, emoji and right-to-left letters stay as they are', () => {
    expect(visibleKey('<img src=x onerror=alert(1)> 🧊 שלום')).toBe('<img src=x onerror=alert(1)> 🧊 שלום');
  });

  test('a long key keeps its beginning and its end', () => {
    const key = `${'a'.repeat(500)}/shard-00017`;
    const short = middleEllipsis(key, 40);
    expect(Array.from(short)).toHaveLength(40);
    expect(short.startsWith('aaaa')).toBe(true);
    expect(short.endsWith('/shard-00017')).toBe(true);
    expect(middleEllipsis('short', 40)).toBe('short');
  });

  test('a directory ends in one slash, an empty segment is its slash alone', () => {
    expect(rowName({ type: 'directory', name: 'run-1' })).toBe('run-1/');
    expect(rowName({ type: 'directory', name: 'run-1/' })).toBe('run-1/');
    expect(rowName({ type: 'directory', name: '' })).toBe('/');
    expect(rowName({ type: 'version', name: 'x' })).toBe('x');
  });
});
