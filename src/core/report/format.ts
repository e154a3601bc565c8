import { DAY_MS } from '../../contract/units.ts';

/** The only formatter of sizes, money, counts and dates, for every shell (design notes: three significant digits, binary units). */

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;

/** "1.90 PiB": three significant digits; the unit changes at 1,000 so that no figure has four digits before its point. */
export function formatBytes(bytes: number): string {
  if (bytes < 0) return `−${formatBytes(-bytes)}`;
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${threeDigits(value)} ${BYTE_UNITS[unit]}`;
}

/** "2,088,763,392 B", for tooltips and copies. */
export const formatExactBytes = (bytes: number): string => `${formatCount(bytes)} B`;

/** "12,345,678". */
export function formatCount(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

const COUNT_UNITS = ['', 'k', 'M', 'G'] as const;

/** "48.2 M", for tiles; whole below 10,000. */
export function formatCountShort(count: number): string {
  if (count < 10_000) return formatCount(count);
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < COUNT_UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${threeDigits(value)} ${COUNT_UNITS[unit]}`;
}

function threeDigits(value: number): string {
  if (value < 9.995) return value.toFixed(2);
  return value < 99.95 ? value.toFixed(1) : value.toFixed(0);
}

/** Nano-USD (decimal string or bigint) -> "$35,153" or "$21.75"; cents below $100, whole dollars above, never a false zero. */
export function formatMoney(nanoUsd: string | bigint): string {
  const amount = BigInt(nanoUsd);
  if (amount < 0n) return `−${formatMoney(-amount)}`;
  if (amount === 0n) return '$0.00';
  const cents = roundDivide(amount, 10_000_000n);
  if (cents === 0n) return '< $0.01';
  if (cents < 10_000n) return `$${cents / 100n}.${(cents % 100n).toString().padStart(2, '0')}`;
  return `$${groupDigits(roundDivide(amount, 1_000_000_000n))}`;
}

/** Dollars as a float -> the same words as formatMoney, for what is drawn of many things at once. */
export const formatUsd = (usd: number): string => formatMoney(BigInt(Math.round(usd * 1e9)));

/** "$40k", for axes only. */
export function formatMoneyAxis(usd: number): string {
  const size = Math.abs(usd);
  const sign = usd < 0 ? '−' : '';
  if (size >= 1e6) return `${sign}$${trimZeros(size / 1e6)}M`;
  if (size >= 1e3) return `${sign}$${trimZeros(size / 1e3)}k`;
  return `${sign}$${trimZeros(size)}`;
}

/** "saves $28,658" or "costs $312 more": a negative saving is said in words. */
export function formatSaving(nanoUsd: string | bigint): string {
  const amount = BigInt(nanoUsd);
  if (amount === 0n) return 'saves nothing';
  return amount < 0n ? `costs ${formatMoney(-amount)} more` : `saves ${formatMoney(amount)}`;
}

/** Nano-USD -> dollars as a float, for chart geometry only. */
export const toUsd = (nanoUsd: string | bigint): number => Number(BigInt(nanoUsd)) / 1e9;

/** 0.1634 -> "16 %"; one digit below 10 %, "< 0.1 %" rather than a false zero. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent === 0) return '0 %';
  if (percent < 0.1) return '< 0.1 %';
  if (percent < 9.95) return `${percent.toFixed(1)} %`;
  // A part that is not all of it must not read 100 %.
  return `${percent < 100 ? Math.min(99, Math.round(percent)) : 100} %`;
}

/** UTC day number -> "2026-11-21". */
export const formatDay = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** Milliseconds since the epoch -> UTC day number. */
export const dayOf = (ms: number): number => Math.floor(ms / DAY_MS);

/** ISO instant -> "2026-11-21 10:14 UTC". */
export const formatInstant = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;

/** An age in days -> "today", "15 d", "5 mo", "2.0 y". */
export function formatAge(days: number): string {
  if (days <= 0) return 'today';
  if (days < 90) return `${days} d`;
  if (days < 730) return `${Math.floor(days / 30.4375)} mo`;
  return `${(days / 365.25).toFixed(1)} y`;
}

/** Seconds -> "48 s", "2 min 03 s", "1 h 20 min". */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const two = (part: number): string => part.toString().padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

function roundDivide(amount: bigint, by: bigint): bigint {
  return (amount * 2n + by) / (by * 2n);
}

const groupDigits = (amount: bigint): string => amount.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ',');

const trimZeros = (value: number): string => Number(value.toPrecision(3)).toString();
