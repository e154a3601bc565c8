import type { Counterexample, ProofPart } from '../../contract/prove.ts';
import type { Box } from './box.ts';
import type { KnownVersioning } from './context.ts';

export const proved = (basis: string): ProofPart => ({ verdict: 'PROVED', basis, counterexample: null, missing: [] });

export const refuted = (basis: string, counterexample: Counterexample): ProofPart => ({
  verdict: 'COUNTEREXAMPLE',
  basis,
  counterexample,
  missing: [],
});

export const insufficient = (basis: string, missing: readonly string[]): ProofPart => ({
  verdict: 'INSUFFICIENT',
  basis,
  counterexample: null,
  missing: [...missing],
});

/** The worse of two: a counterexample settles it, and what is not known stays open. */
export function worse(a: ProofPart, b: ProofPart): ProofPart {
  if (a.verdict === 'COUNTEREXAMPLE' || b.verdict === 'COUNTEREXAMPLE') return a.verdict === 'COUNTEREXAMPLE' ? a : b;
  if (a.verdict === 'INSUFFICIENT' && b.verdict === 'INSUFFICIENT') return { ...a, missing: [...new Set([...a.missing, ...b.missing])] };
  return a.verdict === 'INSUFFICIENT' ? a : b;
}

/** One answer for a bucket whose versioning may be in any of these states: where they do not agree it is open. */
export function agreed(parts: readonly ProofPart[], states: readonly KnownVersioning[]): ProofPart {
  const [first] = parts as [ProofPart, ...ProofPart[]];
  if (parts.every(({ verdict }) => verdict === first.verdict)) return first;
  const told = parts.map(({ verdict }, at) => `${states[at]}: ${verdict}`).join(', ');
  return insufficient(`the answer hangs on the versioning of the bucket (${told})`, [
    ...new Set(['whether versioning is enabled on the bucket', ...parts.flatMap(({ missing }) => missing)]),
  ]);
}

/** A version that need not exist: any one of a box. */
export function anyOf(
  box: Box,
  key: string,
  rest: Pick<Counterexample, 'state' | 'ruleId' | 'ageDays' | 'date' | 'words'>,
): Counterexample {
  return {
    key,
    keyShape: `${box.prefix}*`,
    versionId: null,
    tags: [...box.tags].map(([Key, Value]) => ({ Key, Value })),
    sizeFrom: box.sizeFrom,
    sizeTo: Number.isFinite(box.sizeTo) ? box.sizeTo : null,
    ...rest,
  };
}
