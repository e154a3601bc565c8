import type { RESTORE_METHODS } from '../../../contract/methods/restore.ts';
import { ok } from '../../../contract/result.ts';
import { prefixScope } from '../../../core/cube/prefix.ts';
import { NO_REFINEMENT } from '../../../core/cube/refine.ts';
import { restoreDrill } from '../../../core/restore/drill.ts';
import { openIndex } from '../../index/reader.ts';
import { choosePrices, loadOperationPrices } from '../../prices.ts';
import type { Handlers } from '../handler.ts';

export const restoreHandlers: Pick<Handlers, keyof typeof RESTORE_METHODS> = {
  'restore.drill': async ({ index, snapshotId, prefix, days, region }, { environment }) => {
    const reader = openIndex(index);
    if (!reader.ok) return reader;
    const snapshot = reader.value.snapshot(snapshotId);
    if (!snapshot.ok) return snapshot;
    const id = snapshot.value.snapshotId;
    const cube = reader.value.cube(id);
    if (!cube.ok) return cube;
    const units = reader.value.units(id);
    if (!units.ok) return units;
    const prices = await choosePrices(environment, region, snapshot.value.region);
    if (!prices.ok) return prices;
    const operations = await loadOperationPrices(environment, prices.value.list.region);
    if (!operations.ok) return operations;
    const cut = prefixScope(cube.value.tree, prefix)?.cut ?? null;
    const refined = cut === null ? ok(null) : reader.value.refine(id, cube.value, { ...NO_REFINEMENT, namePrefixes: [cut] });
    if (!refined.ok) return refined;
    const matches = refined.value?.matches[0];
    return ok(
      restoreDrill({
        cube: refined.value?.cube ?? cube.value,
        prefix,
        isCovered: (cell) => matches?.[cell] === 1,
        unitOf: (unit) => units.value.units[unit],
        days,
        operations: operations.value,
        list: prices.value.list,
        assumedRegion: prices.value.assumed,
      }),
    );
  },
};
