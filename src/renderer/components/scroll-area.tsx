import type { ReactNode } from 'react';

/** A region that scrolls by itself: named, and reachable by keyboard, since nothing inside may take the focus. */
export function ScrollArea({ label, className = '', children }: { label: string; className?: string; children: ReactNode }) {
  const reachable = { tabIndex: 0, role: 'group', 'aria-label': label };
  return (
    <div {...reachable} className={`scroll ${className}`.trim()}>
      {children}
    </div>
  );
}
