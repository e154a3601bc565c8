/** What a person allowed questions about rows that lie elsewhere to cost, in nano-USD; "any": whatever they come to. */
let left: bigint | 'any' = 0n;

export const allow = (nanoUsd: bigint | 'any'): void => {
  left = nanoUsd;
};

/** Takes a cost from what is allowed; false where it is not. A cost that is not known is only covered by "any". */
export function spend(nanoUsd: bigint | null): boolean {
  if (left === 'any') return true;
  if (nanoUsd === null || nanoUsd > left) return false;
  left -= nanoUsd;
  return true;
}
