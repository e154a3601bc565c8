import type { KeepReason, Verdict } from '../../contract/keep.ts';
import type { UnitState } from '../../contract/unit-views.ts';
import type { Role } from '../units/step.ts';

/** Why something outside a policy holds a checkpoint, with where that is known from. */
export interface Reference {
  readonly reason: Extract<KeepReason, 'pinned' | 'locked' | 'registered' | 'openRun' | 'resumedFrom' | 'tracked' | 'best'>;
  /** Such as "runs/a/latest says global_step500". */
  readonly source: string;
}

/** One checkpoint as a policy sees it. */
export interface Member {
  readonly unit: number;
  readonly run: string;
  readonly project: string;
  readonly path: string;
  readonly step: number | null;
  readonly epoch: number | null;
  readonly role: Role;
  readonly state: UnitState;
  readonly bytes: number;
  readonly lastWriteMs: number;
  /** By any reader that counts; null where none was seen. */
  readonly lastReadMs: number | null;
  readonly metrics: ReadonlyMap<string, number>;
  readonly references: readonly Reference[];
}

export interface Hold {
  readonly reason: KeepReason;
  readonly words: string;
}

export interface Kept {
  readonly verdict: Verdict;
  /** Every reason it is held for, strongest first; empty for what is stale. */
  readonly holds: readonly Hold[];
}
