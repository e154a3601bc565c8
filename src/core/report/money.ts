/** Decimal dollars of at most nine digits behind the point -> nano-USD: "49.5" -> 49,500,000,000. */
export function nanoOfUsd(usd: string): bigint {
  const [dollars = '0', fraction = ''] = usd.split('.');
  return BigInt(dollars) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'));
}

/** amount / by, rounded half away from zero. */
export function divideNano(amount: bigint, by: bigint): bigint {
  return amount < 0n ? -divideNano(-amount, by) : (amount * 2n + by) / (by * 2n);
}
