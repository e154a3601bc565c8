import { type ReactNode, useId } from 'react';

/**
 * A region of a view: a heading, a quiet note beside it, an action at the end. Panels touch; the grid around them draws the hairlines.
 * `bleed`: a table inside runs to the panel's edges.
 */
export function Panel({
  title,
  note,
  action,
  bleed = false,
  className = '',
  children,
}: {
  title: string;
  note?: ReactNode;
  action?: ReactNode;
  bleed?: boolean;
  className?: string;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className={`panel ${bleed ? 'bleed' : ''} ${className}`} aria-labelledby={id}>
      <div className="panel-head">
        <h2 id={id}>{title}</h2>
        <span className="panel-note">{note}</span>
        {action}
      </div>
      {children}
    </section>
  );
}
