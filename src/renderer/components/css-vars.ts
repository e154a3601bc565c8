import type { CSSProperties } from 'react';

/** Custom properties for `style`: React sets them through the CSSOM, which the content security policy allows. */
export function cssVars(vars: Record<string, string | number>): CSSProperties {
  return Object.fromEntries(Object.entries(vars).map(([name, value]) => [`--${name}`, value])) as CSSProperties;
}
