import type { ReactNode } from 'react';
import { classBadge, classToken } from '../theme/colors.ts';
import { cssVars } from './css-vars.ts';

export function Badge({ tone, title, children }: { tone?: 'ok' | 'warn' | 'bad' | 'accent'; title?: string; children: ReactNode }) {
  return (
    <span className={`badge ${tone ?? ''}`.trim()} title={title}>
      {children}
    </span>
  );
}

/** The letters of a storage class on its own tint, so that a class is never told by colour alone. */
export function ClassBadge({ storageClass }: { storageClass: string }) {
  return (
    <abbr className="class-badge" title={storageClass} style={cssVars({ c: `var(${classToken(storageClass)})` })}>
      {classBadge(storageClass)}
    </abbr>
  );
}
