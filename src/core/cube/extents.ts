import type { Extent } from '../price/volume.ts';
import type { Cube } from './cube.ts';
import { MARKER } from './group.ts';

/** Everything a snapshot holds, by billed class and size regime. */
export function extentsOf(cube: Cube): Extent[] {
  const sums = cube.classes.flatMap((billed) => [false, true].map((isSmall) => ({ ...billed, isSmall, count: 0, bytes: 0 })));
  for (let cell = 0; cell < cube.cellCount; cell += 1) {
    if (cube.state[cell] === MARKER) continue;
    const sum = sums[(cube.classId[cell] as number) * 2 + (cube.isSmall[cell] as number)];
    if (sum === undefined) continue;
    sum.count += cube.count[cell] as number;
    sum.bytes += cube.bytes[cell] as number;
  }
  return sums.filter(({ count }) => count > 0);
}
