import type { Act } from '../../contract/impact.ts';
import { MINIMUM_DAYS } from '../price/class-rules.ts';
import type { ActiveRule } from '../simulate/rules.ts';
import type { KeyEvent, KeyVersion } from '../simulate/timeline/key.ts';

/** An act of lifecycle on a version at 00:00 UTC of a day, with what it leaves: a class, and perhaps days of it that are paid all the same. */
export interface Deed {
  readonly day: number;
  readonly act: Act;
  /** The class moved to; '' unless it is a move. */
  readonly to: string;
  readonly rule: ActiveRule | null;
  readonly fromClass: string;
  readonly fromTier: string;
  readonly missingDays: number;
}

/** Everything one configuration does to a version, in order. */
export type Fate = readonly Deed[];

const NO_FATE: Fate = [];

/**
 * The events of a key, version by version. Delete markers of lifecycle's own making are nobody's. Who came into its class before the
 * as-of day counts as having come on it, for no report tells (as in the ledger of the simulation).
 */
export function fatesOf(versions: readonly KeyVersion[], events: readonly KeyEvent[], asOfDay: number): Fate[] {
  const fates: Deed[][] = versions.map(() => []);
  const classes = versions.map(({ storageClass, accessTier }) => ({ storageClass, accessTier }));
  const entered = versions.map(({ enteredDay }) => enteredDay ?? asOfDay);
  for (const { day, kind, version: index, target, rule } of events) {
    const version = versions[index];
    const fate = fates[index];
    const held = classes[index];
    if (version === undefined || fate === undefined || held === undefined) continue;
    const act = actOf(kind, version.isMarker);
    if (act === null) continue;
    const { storageClass: fromClass, accessTier: fromTier } = held;
    const leaves = act === 'move' || act === 'remove';
    const missing = leaves ? (MINIMUM_DAYS[fromClass] ?? 0) - (day - (entered[index] ?? asOfDay)) : 0;
    fate.push({ day, act, to: act === 'move' ? target : '', rule, fromClass, fromTier, missingDays: Math.max(0, missing) });
    if (act !== 'move') continue;
    classes[index] = { storageClass: target, accessTier: '' };
    entered[index] = day;
  }
  return fates.map((fate) => (fate.length === 0 ? NO_FATE : fate));
}

function actOf(kind: KeyEvent['kind'], isMarker: boolean): Act | null {
  switch (kind) {
    case 'transition':
      return 'move';
    case 'hidden':
      return 'hide';
    case 'removed':
    case 'cleaned':
      return isMarker ? 'removeMarker' : 'remove';
    default:
      return null;
  }
}
