import * as v from 'valibot';
import { create } from 'zustand';
import { READS } from '../../contract/simulation.ts';
import { keep } from './desk.ts';

export type Reads = (typeof READS)[number];
export type Inflow = 'none' | 'observed';

/** What a forecast takes for granted where nobody can know. */
interface Assumptions {
  /** Percent of the bytes read a month, or as the access logs show. */
  readonly reads: Reads;
  /** Whether new data goes on arriving as it did. */
  readonly inflow: Inflow;
  assume(part: Partial<Pick<Assumptions, 'reads' | 'inflow'>>): void;
}

export const useAssumptions = create<Assumptions>()((set) => ({ reads: 'none', inflow: 'none', assume: (part) => set(part) }));

keep(
  useAssumptions,
  'assumptions',
  v.object({ reads: v.picklist(READS), inflow: v.picklist(['none', 'observed']) }),
  ({ reads, inflow }) => ({
    reads,
    inflow,
  }),
);
