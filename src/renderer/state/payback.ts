type Totals = { readonly paybackDay: string | null; readonly oneTimeNanoUsd: string; readonly savingNanoUsd: string };

const hasFees = ({ oneTimeNanoUsd }: Totals): boolean => BigInt(oneTimeNanoUsd) > 0n;

/** When the one-time fees are earned back, as a figure. */
export function paybackValue(totals: Totals): string {
  if (!hasFees(totals)) return BigInt(totals.savingNanoUsd) > 0n ? 'at once' : 'none';
  return totals.paybackDay ?? 'not yet';
}

/** The same in words, for the line below the figure. */
export function paybackWords(totals: Totals, horizonMonths: number): string {
  if (!hasFees(totals)) return 'no one-time fees to earn back';
  return totals.paybackDay === null ? `fees not recovered in ${horizonMonths} months` : 'from then on, fees are recovered';
}
