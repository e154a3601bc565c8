import type { ButtonHTMLAttributes, ReactNode } from 'react';

type Kind = 'plain' | 'primary' | 'danger' | 'quiet' | 'icon';

/** The one button. `danger` is outlined red and for acts on a bucket only; `icon` needs an aria-label. */
export function Button({
  kind = 'plain',
  className = '',
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { kind?: Kind; children?: ReactNode }) {
  return <button type="button" {...rest} className={`btn ${kind === 'plain' ? '' : kind} ${className}`.trim()} />;
}
