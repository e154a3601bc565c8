import { ok, type Result } from '../../contract/result.ts';
import type { Simulation } from '../../contract/simulation.ts';
import { refinementsOf, type SimulationInput, simulate } from '../../core/simulate/simulate.ts';
import type { IndexReader } from '../index/reader.ts';

/** Runs a simulation over a snapshot, its cube split where a rule's prefix cuts inside names. */
export function simulateOver(
  reader: IndexReader,
  snapshotId: string,
  input: Omit<SimulationInput, 'cube' | 'refined'>,
): Result<Simulation> {
  const cube = reader.cube(snapshotId);
  if (!cube.ok) return cube;
  const namePrefixes = refinementsOf(cube.value, input.baseline.configuration, input.plan.configuration);
  if (namePrefixes.length === 0) return ok(simulate({ ...input, cube: cube.value }));
  const refined = reader.refine(snapshotId, cube.value, namePrefixes);
  return refined.ok ? ok(simulate({ ...input, cube: cube.value, refined: refined.value })) : refined;
}
