import { describe, expect, it } from 'vitest';
import {
  formatAge,
  formatBytes,
  formatCount,
  formatCountShort,
  formatDay,
  formatMoney,
  formatMoneyAxis,
  formatSaving,
  formatShare,
} from '../../../src/core/report/format.ts';

describe('figures as people read them', () => {
  it('bytes have three digits and change unit at 1,000', () => {
    expect([0, 999, 1000, 1023, 1024, 999 * 1024, 1000 * 1024, 39 * 2 ** 40, 1.9 * 2 ** 50].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '0.98 KiB',
      '1.00 KiB',
      '1.00 KiB',
      '999 KiB',
      '0.98 MiB',
      '39.0 TiB',
      '1.90 PiB',
    ]);
  });

  it('money has cents below $100 and never a false zero', () => {
    expect(['0', '1', '4999999', '5000000', '99994999999', '99995000000', '35153499999999', '-312000000000'].map(formatMoney)).toEqual([
      '$0.00',
      '< $0.01',
      '< $0.01',
      '$0.01',
      '$99.99',
      '$100',
      '$35,153',
      '−$312',
    ]);
    expect(formatSaving('-312000000000')).toBe('costs $312 more');
    expect([0, 40_000, 1_500_000, -300].map(formatMoneyAxis)).toEqual(['$0', '$40k', '$1.5M', '−$300']);
  });

  it('counts, shares, ages and days', () => {
    expect([0, 12345678].map(formatCount)).toEqual(['0', '12,345,678']);
    expect([9999, 48_200_000, 999_600].map(formatCountShort)).toEqual(['9,999', '48.2 M', '1.00 M']);
    expect([0, 0.0001, 0.051, 0.16, 0.9999, 1].map(formatShare)).toEqual(['0 %', '< 0.1 %', '5.1 %', '16 %', '99 %', '100 %']);
    expect([0, 15, 150, 800].map(formatAge)).toEqual(['today', '15 d', '4 mo', '2.2 y']);
    expect(formatDay(20778)).toBe('2026-11-21');
  });
});
