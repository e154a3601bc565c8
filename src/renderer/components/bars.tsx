import type { ReactNode } from 'react';
import { cssVars } from './css-vars.ts';

/** A grey measuring bar behind a figure in a table cell; `share` of the column's largest, 0..1. */
export function InCellBar({ share, children }: { share: number; children: ReactNode }) {
  return (
    <span className="in-cell" style={cssVars({ share: clamp(share) })}>
      <i />
      <span>{children}</span>
    </span>
  );
}

/** A composition as one bar. `share` scales its whole length, 0..1; `height` in px. Says nothing to a screen reader: give the figures beside it. */
export function MixBar({
  parts,
  share = 1,
  height = 8,
}: {
  parts: readonly { key: string; value: number; token: string }[];
  share?: number;
  height?: number;
}) {
  return (
    <span className="mix" aria-hidden="true" style={cssVars({ share: clamp(share), 'mix-height': `${height}px` })}>
      {parts
        .filter(({ value }) => value > 0)
        .map(({ key, value, token }) => (
          <i key={key} style={cssVars({ weight: value, c: `var(${token})` })} />
        ))}
    </span>
  );
}

const clamp = (share: number) => (Number.isFinite(share) ? Math.min(Math.max(share, 0), 1) : 0);
