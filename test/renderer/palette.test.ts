import { describe, expect, test, vi } from 'vitest';
import { ok } from '../../src/contract/result.ts';

vi.mock('../../src/renderer/api/client.ts', () => ({ client: { call: async () => ok({ desk: null }) } }));
const { scoreOf } = await import('../../src/renderer/frame/palette/match.ts');
const { questionIn } = await import('../../src/renderer/frame/palette/questions.ts');

describe('what is typed', () => {
  test('is found at the beginning of a word rather than within one', () => {
    expect(scoreOf('pol', 'Policies')).toBeGreaterThan(scoreOf('lic', 'Policies'));
    expect(scoreOf('dark', 'Colour the map by dark bytes')).toBe(3);
  });

  test('must be there with every word', () => {
    expect(scoreOf('map zebra', 'Colour the map')).toBe(0);
    expect(scoreOf('map col', 'Colour the map')).toBeGreaterThan(0);
  });

  test('may leave letters out, but not be scattered over the line', () => {
    expect(scoreOf('ovrvw', 'Overview')).toBeGreaterThan(0);
    expect(scoreOf('chec', 'Switch between compact and cosy rows')).toBe(0);
  });
});

describe('a question', () => {
  test.each([
    ['how much would 90 days to glacier save on datasets', { days: 90, storageClass: 'GLACIER', target: 'dataset' }],
    ['90 glacier datasets', { days: 90, storageClass: 'GLACIER', target: 'dataset' }],
    ['checkpoints deep archive 365d', { days: 365, storageClass: 'DEEP_ARCHIVE', target: 'checkpoint' }],
    ['60 days glacier instant checkpoints', { days: 60, storageClass: 'GLACIER_IR', target: 'checkpoint' }],
    ['how much could I save on logs?', { days: 90, storageClass: 'GLACIER', target: 'log' }],
    ['experiments to ia after 99999', { days: 90, storageClass: 'STANDARD_IA', target: 'experiment' }],
  ] as const)('%s', (text, question) => {
    expect(questionIn(text)).toEqual(question);
  });

  test.each(['', 'overview', 'datasets', 'dark theme', '90'])('"%s" is none', (text) => {
    expect(questionIn(text)).toBeUndefined();
  });
});
