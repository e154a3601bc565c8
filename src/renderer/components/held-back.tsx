import { Lock } from 'lucide-react';
import type { HeldBack } from '../../contract/simulation.ts';
import { formatBytes, formatExactBytes } from '../../core/report/format.ts';
import { formatRoute } from '../state/route.ts';

/** What the policy would not touch although it could, largest first, each with its reason. */
export function HeldBackList({ heldBack }: { heldBack: readonly HeldBack[] }) {
  if (heldBack.length === 0) return <p className="t3">Nothing is held back.</p>;
  return (
    <ul className="held">
      {[...heldBack]
        .sort((a, b) => b.bytes - a.bytes)
        .map(({ prefix, bytes, reason, category }) => (
          <li key={`${category} ${prefix} ${reason}`}>
            <Lock size={12} strokeWidth={1.75} aria-hidden="true" />
            <a className="plain-link ellipsis" href={formatRoute({ view: 'explore', prefix })} title={prefix}>
              {prefix === '' ? 'whole bucket' : prefix}
            </a>
            <span className="strong nowrap" title={formatExactBytes(bytes)}>
              {formatBytes(bytes)}
            </span>
            <p className="t2">{reason}</p>
          </li>
        ))}
    </ul>
  );
}
