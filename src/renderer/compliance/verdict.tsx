import { Check, X } from 'lucide-react';
import type { Verdict } from '../../contract/prove.ts';

/** A verdict, never by colour alone: a tick, a cross, or the hatch of what is unknown. */
export function VerdictChip({ verdict, children }: { verdict: Verdict; children?: React.ReactNode }) {
  const tone = verdict === 'PROVED' ? 'ok' : verdict === 'COUNTEREXAMPLE' ? 'bad' : '';
  return (
    <span className={`badge verdict ${tone}`.trim()}>
      {verdict === 'PROVED' ? (
        <Check size={10} strokeWidth={2.5} aria-hidden="true" />
      ) : verdict === 'COUNTEREXAMPLE' ? (
        <X size={10} strokeWidth={2.5} aria-hidden="true" />
      ) : (
        <i className="hatch" aria-hidden="true" />
      )}
      {children ?? verdict}
    </span>
  );
}
