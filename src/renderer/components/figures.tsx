import type { ReactNode } from 'react';

/** A strip of small figures with their names above them. */
export function Figures({ children }: { children: ReactNode }) {
  return <dl className="figures">{children}</dl>;
}

export function Figure({ term, value, title }: { term: string; value: ReactNode; title?: string }) {
  return (
    <div title={title}>
      <dt>{term}</dt>
      <dd>{value}</dd>
    </div>
  );
}
