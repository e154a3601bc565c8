import type { KeepPolicy } from '../../contract/keep.ts';
import type { ProposalKind, ProposalOptions, ProposedAction, ProtectedPart, Risk } from '../../contract/proposals.ts';
import type { AccessAge } from '../../contract/unit-views.ts';
import type { Confidence } from '../../contract/vocabulary.ts';
import type { Days } from '../access/days.ts';
import type { PackedCube } from '../cube/group.ts';
import type { Kept } from '../keep/member.ts';
import type { References } from '../keep/references.ts';
import type { PriceList } from '../price/price-book.ts';
import type { Group, Unit } from '../units/unit-builder.ts';
import type { UnitFacts } from '../units/unit-facts.ts';

/** An upload that was begun and not ended; bytes null where nobody counted its parts. */
export interface OpenUpload {
  readonly storageClass: string;
  readonly initiatedMs: number;
  readonly bytes: number | null;
}

/** Everything proposals are made from. */
export interface ProposalInput {
  readonly cube: PackedCube;
  readonly units: readonly Unit[];
  readonly groups: readonly Group[];
  readonly facts: UnitFacts;
  readonly references: References;
  readonly verdicts: ReadonlyMap<number, Kept>;
  ageOf(unit: Unit): AccessAge;
  /** Days that logs tell of. */
  readonly days: Days;
  readonly asOfMs: number;
  readonly options: ProposalOptions;
  readonly list: PriceList;
  /** null where the source cannot tell. */
  readonly uploads: readonly OpenUpload[] | null;
  /** The keep policy of a run. */
  policyOf(run: string): KeepPolicy;
}

/** A proposal before its cells and its money are known. */
export interface Draft {
  readonly id: string;
  readonly kind: ProposalKind;
  readonly path: string;
  readonly action: ProposedAction;
  /** The units whose versions it is for; empty where it is for versions wherever they lie. */
  readonly units: readonly Unit[];
  /** Whether everything that is its own goes, whatever its age; else what is old enough by S3's own clock. */
  readonly isWhole: boolean;
  readonly risk: Risk;
  readonly risks: readonly string[];
  readonly confidence: Confidence;
  readonly evidence: readonly string[];
  readonly protected: readonly ProtectedPart[];
}

export const idOf = (kind: ProposalKind, path: string): string => `${kind}:${path}`;

/** The lowest confidence of some units. */
export function lowest(units: readonly Unit[]): Confidence {
  if (units.some(({ confidence }) => confidence === 'low')) return 'low';
  return units.some(({ confidence }) => confidence === 'medium') ? 'medium' : 'high';
}

export const worst = (risks: Iterable<Risk>): Risk => {
  const all = new Set(risks);
  return all.has('high') ? 'high' : all.has('medium') ? 'medium' : 'low';
};

const MOST_EXAMPLES = 5;

/** What stays, by its first reason. */
export function protectedParts(
  kept: Iterable<{ readonly unit: Pick<Unit, 'path' | 'bytes'>; readonly reason: ProtectedPart['reason']; readonly words: string }>,
): ProtectedPart[] {
  const parts = new Map<string, ProtectedPart>();
  for (const { unit, reason, words } of kept) {
    let part = parts.get(reason);
    if (!part) {
      part = { reason, units: 0, bytes: 0, examples: [] };
      parts.set(reason, part);
    }
    part.units += 1;
    part.bytes += unit.bytes;
    if (part.examples.length < MOST_EXAMPLES) part.examples.push({ path: unit.path, words });
  }
  return [...parts.values()].sort((a, b) => b.bytes - a.bytes || (a.reason < b.reason ? -1 : 1));
}
