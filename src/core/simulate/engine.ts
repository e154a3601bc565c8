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

/** An engine that plays each side under each unknown once, however often it is asked. */
export function remembering(engine: Engine): Engine {
  const played = new Map<string, Side>();
  return {
    name: engine.name,
    unpriced: engine.unpriced,
    dependsOn: engine.dependsOn,
    state: (side) => engine.state(side),
    run: (side, unknowns) => {
      const asked = `${side} ${unknowns.tags} ${unknowns.tiers}`;
      const known = played.get(asked) ?? engine.run(side, unknowns);
      played.set(asked, known);
      return known;
    },
  };
}
