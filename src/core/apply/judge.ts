import type { LifecycleConfiguration, MinimumSize } from '../../contract/lifecycle.ts';
import { type Difference, differencesOf } from '../policy/same-meaning.ts';

/** A configuration with the setting for small objects that goes with it. */
export interface Stored {
  readonly configuration: LifecycleConfiguration | null;
  readonly minimumSize: MinimumSize;
}

/** Where a bucket differs from what was asked for. An endpoint that returns no minimum size cannot be said to differ in it. */
export function mismatch(wanted: Stored, found: Stored): Difference[] {
  const differences = differencesOf(wanted.configuration, found.configuration);
  const isTold = wanted.configuration !== null && wanted.minimumSize !== null && found.minimumSize !== null;
  if (isTold && wanted.minimumSize !== found.minimumSize) {
    const words = `${wanted.minimumSize} became ${found.minimumSize}`;
    differences.push({
      rule: '(all)',
      field: 'TransitionDefaultMinimumObjectSize',
      widens: wanted.minimumSize === 'all_storage_classes_128K',
      words,
    });
  }
  return differences;
}

export const means = (wanted: Stored, found: Stored): boolean => mismatch(wanted, found).length === 0;

/**
 * What a reading says of a write:
 * asked: the bucket holds what was asked for; earlier: it still holds what it held before;
 * altered: it holds what was asked for with something lost or changed on the way, which is the service's doing;
 * stranger: rules are there that nobody asked for, or none at all: someone else has written since.
 */
export type Verdict = 'asked' | 'earlier' | 'altered' | 'stranger';

export function judge(wanted: Stored, earlier: Stored, found: Stored): Verdict {
  if (means(wanted, found)) return 'asked';
  if (means(earlier, found)) return 'earlier';
  const rules = found.configuration?.Rules ?? [];
  const asked = wanted.configuration?.Rules ?? [];
  if (rules.length === 0) return asked.length === 0 ? 'altered' : 'stranger';
  const ids = new Set(asked.map(({ ID }) => ID));
  const hasUnnamed = asked.some(({ ID }) => ID === undefined || ID === '');
  // A service may name a rule that came without an ID, so any name may be one of those.
  return rules.length <= asked.length && rules.every(({ ID }) => ids.has(ID) || hasUnnamed) ? 'altered' : 'stranger';
}

/** Whether a reading lets more be moved or removed than was asked for: that is undone at once. */
export const widens = (wanted: Stored, found: Stored): boolean => mismatch(wanted, found).some((difference) => difference.widens);
