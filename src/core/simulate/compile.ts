import type { LifecycleConfiguration } from '../../contract/lifecycle.ts';
import { DAY_MS, SMALL_OBJECT_BYTES } from '../../contract/units.ts';
import { type CanonicalRule, canonicalRule, type Due, type Scope } from '../policy/canonical.ts';

/** When an action on a current version is due: so many days after its clock, or from a UTC day on. */
export interface DueDay {
  readonly days: number | null;
  readonly dateDay: number | null;
}

/** A rule as the simulation runs it: enabled, and with a filter the cube can tell. */
export interface CompiledRule {
  readonly prefix: string;
  /** Sizes it matches: all, those of 128 KiB and more, or those below. */
  readonly sizes: 'all' | 'large' | 'small';
  /** A size filter of a rule's own takes the place of the bucket's minimum size (s3-domain 4.2). */
  readonly hasSizeFilter: boolean;
  readonly transitions: readonly (DueDay & { readonly target: string })[];
  readonly expiration: DueDay | null;
  readonly noncurrentTransitions: readonly { readonly days: number; readonly target: string }[];
  readonly noncurrentExpirationDays: number | null;
}

export interface Compiled {
  readonly rules: readonly CompiledRule[];
  readonly notCovered: readonly string[];
}

const dueDay = ({ days, date }: Due): DueDay => ({ days, dateDay: date === null ? null : Math.floor(Date.parse(date) / DAY_MS) });

/** The sizes a filter matches, or null where it cuts inside what the cube keeps together. */
function sizesOf({ sizeGreaterThan, sizeLessThan }: Scope): CompiledRule['sizes'] | null {
  if (sizeGreaterThan === null) return sizeLessThan === null ? 'all' : sizeLessThan === SMALL_OBJECT_BYTES ? 'small' : null;
  return sizeGreaterThan === SMALL_OBJECT_BYTES - 1 && sizeLessThan === null ? 'large' : null;
}

function compileRule(rule: CanonicalRule, name: string, notCovered: string[]): CompiledRule | null {
  const leftOut = (why: string) => {
    notCovered.push(`Rule "${name}" is left out: ${why}.`);
    return null;
  };
  const { scope } = rule;
  if (scope.tags.length > 0) return leftOut('it filters by tags, which an inventory does not list');
  const sizes = sizesOf(scope);
  if (sizes === null) return leftOut('it filters by a size other than 128 KiB, and the cost cube tells sizes apart only there');
  const { noncurrentExpiration } = rule;
  const ranked = rule.noncurrentTransitions.some((step) => step.newerNoncurrentVersions > 0);
  const rankedExpiration = noncurrentExpiration !== null && noncurrentExpiration.newerNoncurrentVersions > 0;
  if (ranked || rankedExpiration) {
    const what = ranked && rankedExpiration ? 'transitions and expiration' : ranked ? 'transitions' : 'expiration';
    notCovered.push(
      `Rule "${name}": its ${what} of noncurrent versions that keep the newest ones are left out; the rank of a version is not in the cost cube.`,
    );
  }
  return {
    prefix: scope.prefix,
    sizes,
    hasSizeFilter: sizes !== 'all',
    transitions: rule.transitions.map((step) => ({ ...dueDay(step), target: step.storageClass })),
    expiration: rule.expiration === null ? null : dueDay(rule.expiration),
    noncurrentTransitions: rule.noncurrentTransitions
      .filter((step) => step.newerNoncurrentVersions === 0)
      .map((step) => ({ days: step.noncurrentDays ?? 0, target: step.storageClass })),
    noncurrentExpirationDays: noncurrentExpiration === null || rankedExpiration ? null : noncurrentExpiration.noncurrentDays,
  };
}

/** The rules that would act, and what of them the simulation leaves out. Disabled rules do nothing. */
export function compile(configuration: LifecycleConfiguration | null): Compiled {
  const notCovered: string[] = [];
  const rules: CompiledRule[] = [];
  for (const [index, rule] of (configuration?.Rules ?? []).entries()) {
    if (rule.Status !== 'Enabled') continue;
    const compiled = compileRule(canonicalRule(rule), rule.ID ?? `no. ${index + 1}`, notCovered);
    if (compiled !== null) rules.push(compiled);
  }
  return { rules, notCovered };
}
