import { useEffect, useRef, useState } from 'react';
import type { Window } from '../../components/virtual-rows.ts';
import type { Row, Rows } from './rows.ts';

/** What is drawn: rows from `first` on, the list moved up by `top`. */
interface Steady {
  readonly first: number;
  readonly top: number;
  readonly rows: readonly Row[];
}

/** How long rows that were passed over stay in sight while the right ones are under way. */
const PATIENCE_MS = 400;

/**
 * The rows of a window. Where some are not loaded yet, the last whole window stays for a moment, so that scrolling through
 * millions of rows shows rows in every frame and never a blank one; after that, empty rows keep the places.
 */
export function useSteadyRows(rows: Rows, { top, first, last }: Window, scope: string, rowPx: number): Steady {
  const whole = useRef<{ readonly scope: string; readonly rowPx: number; readonly steady: Steady } | null>(null);
  const missingSince = useRef(0);
  const [, wake] = useState(0);

  const now: Row[] = [];
  let isWhole = true;
  for (let at = first; at < last; at++) {
    const row = rows.at(at);
    if (row === null) continue;
    now.push(row);
    if (row.node === null) isWhole = false;
  }
  const steady = { first, top, rows: now };
  const before = whole.current;
  const isKeepable = before !== null && before.scope === scope && before.rowPx === rowPx && before.steady.rows.length > 0;
  if (isWhole) {
    missingSince.current = 0;
    whole.current = { scope, rowPx, steady };
  } else if (missingSince.current === 0) missingSince.current = performance.now();
  const isPatient = !isWhole && isKeepable && performance.now() - missingSince.current < PATIENCE_MS;

  useEffect(() => {
    if (!isPatient) return;
    const timer = setTimeout(() => wake((count) => count + 1), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isPatient]);
  return isPatient && before !== null ? before.steady : steady;
}
