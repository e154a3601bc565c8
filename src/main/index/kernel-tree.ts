import type { TreeColumns } from '../../core/cube/tree.ts';
import type { Kernel } from '../kernel/kernel.ts';

/** All directories that a kernel has met, in pre-order, and the place there of each by order of arrival. Copies: they outlive the kernel. */
export function readKernelTree(kernel: Kernel): { readonly tree: TreeColumns; readonly rank: Uint32Array } {
  const { calls } = kernel;
  calls.orderTree();
  const count = calls.treeCount();
  const [parent, depth, subtreeEnd, nameLength, names, namesLength, rank] = kernel.answers(calls.treeLayout, 7) as Seven;
  const lengths = kernel.u16(nameLength, count);
  const nameStart = new Uint32Array(count + 1);
  for (let d = 0; d < count; d++) nameStart[d + 1] = (nameStart[d] as number) + (lengths[d] as number);
  return {
    tree: {
      parent: kernel.i32(parent, count).slice(),
      depth: kernel.u16(depth, count).slice(),
      subtreeEnd: kernel.u32(subtreeEnd, count).slice(),
      isUnitRoot: new Uint8Array(count),
      nameBytes: kernel.bytes(names, namesLength).slice(),
      nameStart,
    },
    rank: kernel.u32(rank, count).slice(),
  };
}
type Seven = [number, number, number, number, number, number, number];
