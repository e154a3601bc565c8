import type { MinimumSize } from '../../contract/lifecycle.ts';
import { SMALL_OBJECT_BYTES } from '../../contract/units.ts';
import { type Box, isAnySize, isInside, type SizeRange } from './box.ts';
import type { ProofRule } from './context.ts';
import { type Dues, duesOf } from './dues.ts';

/** The same dues three ways: by the rules sure to act on a version, by those that might, and on delete markers. */
export interface DueSet {
  readonly certain: Dues;
  readonly all: Dues;
  readonly markerCertain: Dues;
  readonly markerAll: Dues;
}

export const SMALL: SizeRange = { sizeFrom: 0, sizeTo: SMALL_OBJECT_BYTES - 1 };
export const LARGE: SizeRange = { sizeFrom: SMALL_OBJECT_BYTES, sizeTo: Number.POSITIVE_INFINITY };

/** Whether a rule is sure to match what is in the scope as far as tags go; an inventory lists none. */
const hasCertainTags = (rule: ProofRule, scope: Box): boolean => [...rule.box.tags].every(([key, value]) => scope.tags.get(key) === value);
/** Whether a version of the scope could carry the tags of a rule. */
const hasPossibleTags = (rule: ProofRule, scope: Box): boolean =>
  [...rule.box.tags].every(([key, value]) => (scope.tags.get(key) ?? value) === value);

/** Delete markers have no tags and no size; whether a size filter matches them is not told by S3. */
const mayActOnMarkers = ({ box }: ProofRule): boolean => box.tags.size === 0;
const actsOnMarkers = (rule: ProofRule): boolean => mayActOnMarkers(rule) && isAnySize(rule.box);

/** What rules that reach a key do to its versions of one size range; none of them may cut through the range. */
export function dueSetOf(rules: readonly ProofRule[], range: SizeRange, scope: Box, minimumSize: MinimumSize): DueSet {
  const sized = rules.filter(({ box }) => isInside(box, range));
  const [certain, all] = both(
    sized.filter((rule) => hasCertainTags(rule, scope)),
    sized.filter((rule) => hasPossibleTags(rule, scope)),
  );
  const [markerCertain, markerAll] = both(rules.filter(actsOnMarkers), rules.filter(mayActOnMarkers));
  return { certain, all, markerCertain, markerAll };

  /** One and the same where the rules are the same. */
  function both(sure: readonly ProofRule[], might: readonly ProofRule[]): [Dues, Dues] {
    const made = duesOf(sure, range, minimumSize);
    if (sure.length === might.length) return [made, made];
    const most = duesOf(might, range, minimumSize);
    // Moves that may or may not come: at the soonest nothing is put off, at the latest each puts it off by a day.
    return [
      { ...made, slackDays: most.moves.length - made.moves.length },
      { ...most, moves: most.moves.length === made.moves.length ? most.moves : [] },
    ];
  }
}

/** Dues by size for rules that cut sizes anywhere: found by the range a size lies in. */
export class DuesBySize {
  private readonly borders: readonly number[];
  private readonly rules: readonly ProofRule[];
  private readonly scope: Box;
  private readonly minimumSize: MinimumSize;
  private readonly known: (DueSet | undefined)[] = [];

  constructor(rules: readonly ProofRule[], scope: Box, minimumSize: MinimumSize) {
    this.rules = rules;
    this.scope = scope;
    this.minimumSize = minimumSize;
    const borders = new Set<number>([0, SMALL_OBJECT_BYTES]);
    for (const { box } of rules) {
      borders.add(box.sizeFrom);
      if (Number.isFinite(box.sizeTo)) borders.add(box.sizeTo + 1);
    }
    this.borders = [...borders].sort((a, b) => a - b);
  }

  at(sizeBytes: number): DueSet {
    let low = 0;
    let high = this.borders.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.borders[middle] as number) <= sizeBytes) low = middle;
      else high = middle - 1;
    }
    const had = this.known[low];
    if (had !== undefined) return had;
    const range = { sizeFrom: this.borders[low] as number, sizeTo: (this.borders[low + 1] ?? Number.POSITIVE_INFINITY) - 1 };
    const made = dueSetOf(this.rules, range, this.scope, this.minimumSize);
    this.known[low] = made;
    return made;
  }
}
