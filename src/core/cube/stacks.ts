import { MULTI } from './cube.ts';
import type { RowBlock } from './row-block.ts';

/** The rows of a block whose key has more than one version or delete marker. */
export const stacksOf = (block: RowBlock): RowBlock => pickRows(block, (row) => ((block.cubeFlags[row] as number) & MULTI) !== 0);

/** Some rows of a block, in their order; a key is kept whole, or not at all. */
export function pickRows(block: RowBlock, keep: (row: number) => boolean): RowBlock {
  const from = new Uint32Array(block.rows);
  let rows = 0;
  for (let i = 0; i < block.rows; i++) if (keep(i)) from[rows++] = i;
  if (rows === block.rows) return block;
  const pick = <T extends Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array>(column: T, target: T): T => {
    for (let i = 0; i < rows; i++) target[i] = column[from[i] as number] as number;
    return target;
  };
  const { tags } = block;
  return {
    rows,
    directory: pick(block.directory, new Uint32Array(rows)),
    kind: pick(block.kind, new Uint8Array(rows)),
    unit: pick(block.unit, new Int32Array(rows)),
    classId: pick(block.classId, new Uint16Array(rows)),
    state: pick(block.state, new Uint8Array(rows)),
    cubeFlags: pick(block.cubeFlags, new Uint8Array(rows)),
    lockedUntilDay: pick(block.lockedUntilDay, new Int32Array(rows)),
    sizeBytes: pick(block.sizeBytes, new Float64Array(rows)),
    lastModifiedMs: pick(block.lastModifiedMs, new Float64Array(rows)),
    clockMs: pick(block.clockMs, new Float64Array(rows)),
    isSameKey: pick(block.isSameKey, new Uint8Array(rows)),
    name: (row) => block.name(from[row] as number),
    versionId: (row) => block.versionId(from[row] as number),
    tags: tags && ((row) => tags(from[row] as number)),
  };
}
