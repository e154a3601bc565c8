import type { Side, State, Tally } from './side.ts';

export type SideName = 'baseline' | 'plan';

/** What the two unknowns that change a story are taken as. */
export interface Unknowns {
  readonly tags: 'none' | 'all';
  readonly tiers: 'stay' | 'descend';
}

/** Runs configurations over versions: one engine follows every version day by day, the other plays cohorts of cells. */
export interface Engine {
  readonly name: 'oracle' | 'cube';
  run(side: SideName, unknowns: Unknowns): Side;
  /** What is there under a configuration after the run of the last simulated day. */
  state(side: SideName): State;
  /** Versions left out of both sides because a price is missing, by the class that lacks it. */
  readonly unpriced: ReadonlyMap<string, Tally>;
  /** Whether anything would come out otherwise with other tags, or tiers. */
  readonly dependsOn: { readonly tags: boolean; readonly tiers: boolean };
}
