import { Lock } from 'lucide-react';
import type { HeldBack } from '../../contract/simulation.ts';
import { formatBytes, formatCount, formatExactBytes } from '../../core/report/format.ts';
import { formatRoute } from '../state/route.ts';

/** A list of thousands is read by nobody; the rest is summed up. */
const MOST = 60;

/** What the policy would not touch although it could, largest first, each with its reason. */
export function HeldBackList({ heldBack }: { heldBack: readonly HeldBack[] }) {
  if (heldBack.length === 0) return <p className="t3">Nothing is held back.</p>;
  const largest = [...heldBack].sort((a, b) => b.bytes - a.bytes);
  const left = largest.slice(MOST);
  return (
    <ul className="held">
      {largest.slice(0, MOST).map(({ prefix, bytes, reason, category }) => (
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
      {left.length === 0 ? null : (
        <li className="t3">
          and {formatCount(left.length)} smaller ones, {formatBytes(left.reduce((sum, { bytes }) => sum + bytes, 0))} in all
        </li>
      )}
    </ul>
  );
}
