type Totals = { readonly paybackMonth: number | null; readonly transitionNanoUsd: string; readonly savingNanoUsd: string };

/** When the one-time fees are earned back, as a figure. */
export function paybackValue({ paybackMonth, transitionNanoUsd, savingNanoUsd }: Totals): string {
  if (transitionNanoUsd === '0') return BigInt(savingNanoUsd) > 0n ? 'at once' : 'none';
  return paybackMonth === null ? 'not yet' : `month ${paybackMonth}`;
}

/** The same in words, for the line below the figure. */
export function paybackWords({ paybackMonth, transitionNanoUsd }: Totals, horizonMonths: number): string {
  if (transitionNanoUsd === '0') return 'no one-time fees to earn back';
  return paybackMonth === null ? `fees not recovered in ${horizonMonths} months` : 'after apply, fees recovered';
}
